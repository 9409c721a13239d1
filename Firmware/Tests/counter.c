/* Calls the loop of known length twice; for validating the instruction counter. */
void counted_loop(void);

int main(void) {
  counted_loop();
  counted_loop();
  return 0;
}

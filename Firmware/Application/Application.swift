import Board
import CTinyRuntime

/// Runs the embedded model on each embedded picture, or once on a picture of zeros if there are none. Prints a line
/// for each output tensor, its bytes in hexadecimal, and last the deepest stack: `stack 416`.
@c(main)
public func main() -> CInt {
  var model = thimble_model()
  guard succeeds("load", thimble_load(&model, model_file(), Int(model_file_bytes()))),
    succeeds("prepare", thimble_prepare(&model, model_memory(), Int(model_memory_bytes())))
  else { return 1 }
  let size = picture_bytes()
  var offset: UInt32 = 0
  repeat {
    if pictures_bytes() > 0 {
      for index in 0..<Int(size) { picture()[index] = pictures()[Int(offset) &+ index] }
    }
    guard succeeds("run", thimble_run(&model, picture(), output())) else { return 1 }
    writeOutput()
    offset &+= size
  } while offset < pictures_bytes()
  let stack = stack_deepest()
  write("stack ")
  write(decimal: stack)
  write("\n")
  return stack == 0 ? 1 : 0
}

/// Whether a step returned 0; if not, its name and number are printed: `error load -1`.
private func succeeds(_ step: StaticString, _ result: Int32) -> Bool {
  guard result != 0 else { return true }
  write("error ")
  write(step)
  write(" -")
  write(decimal: result.magnitude)
  write("\n")
  return false
}

private func writeOutput() {
  for index in 0..<Int(output_bytes()) {
    let byte = UInt8(bitPattern: output()[index])
    write(hexadecimal: byte &>> 4)
    write(hexadecimal: byte & 15)
  }
  write("\n")
}

private func write(_ text: StaticString) {
  for index in 0..<text.utf8CodeUnitCount { board_write(text.utf8Start[index]) }
}

private func write(hexadecimal digit: UInt8) {
  board_write(digit < 10 ? 48 &+ digit : 87 &+ digit)
}

private func write(decimal value: UInt32) {
  var power: UInt32 = 1
  while value / power > 9 { power &*= 10 }
  while power > 0 {
    board_write(48 &+ UInt8(truncatingIfNeeded: value / power % 10))
    power /= 10
  }
}

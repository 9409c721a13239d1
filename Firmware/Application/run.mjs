// Runs a model in WebAssembly:
//
//   node run.mjs thimble.wasm MODEL PICTURES        PICTURES: raw int8 pictures of the model's shape, back to back
//
// writes the raw int8 output tensors to standard output, one for each picture, and the deepest stack that load,
// prepare and run took to standard error: `stack 416`. That is the stack in the module's memory; what the JavaScript
// engine keeps of its own can't be seen. A step that fails says so there: `error load -1`.
import { readFileSync, writeSync } from "node:fs";
import { Thimble } from "./thimble.mjs";

const [modulePath, modelPath, picturesPath] = process.argv.slice(2);
if (picturesPath === undefined) {
  console.error("usage: run.mjs MODULE MODEL PICTURES");
  process.exit(64);
}

try {
  const thimble = new Thimble();
  await thimble.compile(readFileSync(modulePath));
  const paint = 0xc5;
  const stack = () => new Uint8Array(thimble.memory.buffer, 0, thimble.stackTop);
  stack().fill(paint);
  thimble.open(readFileSync(modelPath));
  const pictures = new Int8Array(readFileSync(picturesPath));
  for (let offset = 0; offset < pictures.length; offset += thimble.pictureBytes) {
    writeSync(1, thimble.run(pictures.subarray(offset, offset + thimble.pictureBytes)));
  }
  const deepest = thimble.stackTop - stack().findIndex((byte) => byte !== paint);
  if (stack()[0] !== paint) throw new Error(`error stack ${deepest}`);
  console.error(`stack ${deepest}`);
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

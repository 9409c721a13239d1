// Runs a model in WebAssembly:
//
//   node run.mjs thimble.wasm MODEL PICTURES        PICTURES: raw int8 pictures of the model's shape, back to back
//
// writes the raw int8 output tensors to standard output, one for each picture, and the deepest stack that load,
// prepare and run took to standard error: `stack 416`. That is the stack in the module's memory; what the JavaScript
// engine keeps of its own can't be seen. A step that fails says so there: `error load -1`.
import { readFileSync, writeSync } from "node:fs";

const [modulePath, modelPath, picturesPath] = process.argv.slice(2);
if (picturesPath === undefined) {
  console.error("usage: run.mjs MODULE MODEL PICTURES");
  process.exit(64);
}

const { instance } = await WebAssembly.instantiate(readFileSync(modulePath), {});
const { memory, __heap_base, __stack_pointer, ...thimble } = instance.exports;
const paint = 0xc5;
const stackTop = __stack_pointer.value;
new Uint8Array(memory.buffer, 0, stackTop).fill(paint);

// What the module doesn't use of its memory is ours, from __heap_base on.
let free = __heap_base.value;
function allocate(byteCount) {
  const address = (free + 15) & ~15;
  free = address + byteCount;
  const missing = free - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / 65536));
  return address;
}

function place(bytes) {
  const address = allocate(bytes.length);
  new Uint8Array(memory.buffer).set(bytes, address);
  return address;
}

function check(step, result) {
  if (result === 0) return;
  console.error(`error ${step} ${result}`);
  process.exit(1);
}

const file = readFileSync(modelPath);
const pictures = readFileSync(picturesPath);
const model = allocate(64); // more than struct thimble_model
check("load", thimble.thimble_load(model, place(file), file.length));
const header = new DataView(memory.buffer, model);
const memoryBytes = header.getUint32(0, true);
const product = (offset) => [0, 2, 4].reduce((n, at) => n * header.getUint16(offset + at, true), 1);
const pictureBytes = product(12);
const outputBytes = product(18);
if (pictures.length % pictureBytes !== 0) check("pictures", pictures.length);
check("prepare", thimble.thimble_prepare(model, allocate(memoryBytes), memoryBytes));

const picture = allocate(pictureBytes);
const output = allocate(outputBytes);
for (let offset = 0; offset < pictures.length; offset += pictureBytes) {
  new Uint8Array(memory.buffer).set(pictures.subarray(offset, offset + pictureBytes), picture);
  check("run", thimble.thimble_run(model, picture, output));
  writeSync(1, new Uint8Array(memory.buffer, output, outputBytes));
}

const stack = new Uint8Array(memory.buffer, 0, stackTop);
const deepest = stackTop - stack.findIndex((byte) => byte !== paint);
if (stack[0] !== paint) check("stack", deepest);
console.error(`stack ${deepest}`);

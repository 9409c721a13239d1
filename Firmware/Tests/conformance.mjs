// conformance.c in WebAssembly:
//
//   node conformance.mjs thimble.wasm VECTORS
//
// runs model files of one op each and compares every output byte: `vectors 4000 differ 0`.
import { readFileSync } from "node:fs";
import { Thimble } from "../Application/thimble.mjs";

const [modulePath, vectorsPath] = process.argv.slice(2);
const bytes = readFileSync(vectorsPath);
const thimble = new Thimble();
await thimble.compile(readFileSync(modulePath));
let count = 0;
let differing = 0;
for (let at = 0; at < bytes.length; count++) {
  const lengths = [0, 4, 8].map((offset) => bytes.readUInt32LE(at + offset));
  at += 16;
  const [file, picture, expected] = lengths.map((length) => {
    const part = bytes.subarray(at, at + length);
    at += (length + 3) & ~3;
    return part;
  });
  try {
    thimble.open(file);
    if (!expected.equals(Buffer.from(thimble.run(new Int8Array(picture)).slice().buffer)) && differing++ < 10) {
      console.log(`vector ${count} differs`);
    }
  } catch (error) {
    console.log(`vector ${count}: ${error.message}`);
    process.exit(1);
  }
}
console.log(`vectors ${count} differ ${differing}`);
process.exit(differing === 0 ? 0 : 1);

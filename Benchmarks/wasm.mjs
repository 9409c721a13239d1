// Microseconds a picture in WebAssembly, with vector instructions and without, paired in one run:
//
//   node wasm.mjs NAME WITH WITHOUT …        WITH, WITHOUT: folders of `thimble firmware --target wasm`
//
// Rounds of both take turns, so that a busy machine slows them alike. The figures are the medians of the rounds; the ratio is the
// median of the rounds' ratios.
import { readFileSync } from "node:fs";
import { Thimble } from "../Firmware/Application/thimble.mjs";

const rounds = 21;
const roundMilliseconds = 40;

async function load(folder) {
  const thimble = await Thimble.load(
    readFileSync(`${folder}/thimble.wasm`), readFileSync(`${folder}/model.thimble`));
  return { thimble, picture: Int8Array.from({ length: thimble.pictureBytes }, (_, i) => ((37 * i + 128) % 256) - 128) };
}

/// Milliseconds of one inference, the mean of `count`.
function time({ thimble, picture }, count) {
  const start = performance.now();
  for (let i = 0; i < count; i++) thimble.run(picture);
  return (performance.now() - start) / count;
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

console.log(
  ["network", "vectors, us", "without, us", "without / with", "module, bytes", "without"]
    .map((title, i) => (i ? title.padStart(15) : title.padEnd(8))).join(""));
for (let i = 2; i < process.argv.length; i += 3) {
  const [name, ...folders] = process.argv.slice(i, i + 3);
  const engines = await Promise.all(folders.map(load));
  const outputs = engines.map(({ thimble, picture }) => `${thimble.run(picture)}`);
  if (outputs[0] !== outputs[1]) throw new Error(`${name}: the outputs differ`);
  // Until the engine has compiled everything at its best.
  const counts = engines.map((engine) => {
    for (const end = performance.now() + 1000; performance.now() < end;) time(engine, 1);
    return Math.max(1, Math.ceil(roundMilliseconds / time(engine, 10)));
  });
  const times = Array.from({ length: rounds }, () => engines.map((engine, j) => time(engine, counts[j])));
  const figures = [0, 1].map((j) => (1000 * median(times.map((round) => round[j]))).toFixed(1));
  const ratio = median(times.map((round) => round[1] / round[0])).toFixed(2);
  const sizes = folders.map((folder) => readFileSync(`${folder}/thimble.wasm`).length);
  console.log(
    [name, ...figures, ratio, ...sizes].map((cell, i) => (i ? `${cell}`.padStart(15) : cell.padEnd(8))).join(""));
}

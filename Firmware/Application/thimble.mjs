// A model in WebAssembly, in browsers and under node alike:
//
//   const thimble = await Thimble.load(moduleBytes, modelBytes);
//   const output = thimble.run(picture); // an Int8Array of the output tensor, overwritten by the next run
//
// `picture` is an Int8Array of thimble.pictureBytes; a pixel of 0 ... 255 enters as pixel - 128. A step that fails throws
// `error load -1`.
export class Thimble {
  #functions;
  #model;
  #picture;
  #output;

  /// Compiles a module and gives it a model: their bytes.
  static async load(module, file) {
    const thimble = new Thimble();
    await thimble.compile(module);
    thimble.open(file);
    return thimble;
  }

  async compile(module) {
    const { instance } = await WebAssembly.instantiate(module, {});
    this.#functions = instance.exports;
    this.memory = instance.exports.memory;
    this.stackTop = instance.exports.__stack_pointer.value;
  }

  /// Takes a model file, in place of the one before.
  open(file) {
    // What the module doesn't use of its memory is ours, from __heap_base on.
    let free = this.#functions.__heap_base.value;
    const allocate = (byteCount) => {
      const address = (free + 15) & ~15;
      free = address + byteCount;
      const missing = free - this.memory.buffer.byteLength;
      if (missing > 0) this.memory.grow(Math.ceil(missing / 65536));
      return address;
    };
    this.#model = allocate(64); // more than struct thimble_model
    const address = allocate(file.length);
    new Uint8Array(this.memory.buffer).set(file, address);
    this.#check("load", this.#functions.thimble_load(this.#model, address, file.length));
    const header = new DataView(this.memory.buffer, this.#model);
    const memoryBytes = header.getUint32(0, true);
    const product = (offset) => [0, 2, 4].reduce((n, at) => n * header.getUint16(offset + at, true), 1);
    this.pictureBytes = product(12);
    this.outputBytes = product(18);
    this.#check("prepare", this.#functions.thimble_prepare(this.#model, allocate(memoryBytes), memoryBytes));
    this.#picture = allocate(this.pictureBytes);
    this.#output = allocate(this.outputBytes);
  }

  run(picture) {
    if (picture.length !== this.pictureBytes) this.#check("picture", picture.length);
    new Int8Array(this.memory.buffer).set(picture, this.#picture);
    this.#check("run", this.#functions.thimble_run(this.#model, this.#picture, this.#output));
    return new Int8Array(this.memory.buffer, this.#output, this.outputBytes);
  }

  #check(step, result) {
    if (result !== 0) throw new Error(`error ${step} ${result}`);
  }
}

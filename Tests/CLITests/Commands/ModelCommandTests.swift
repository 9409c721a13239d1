import Foundation
import Network
import Testing
import Train

@testable import CLI

@Suite("export, evaluate, compare, inspect, bench, run") struct ModelCommandTests {
  let shop: Workshop
  let model: String

  init() throws {
    shop = try Workshop()
    model = try shop.model()
  }

  private func json(_ arguments: [String]) throws -> [String: Any] {
    let outcome = try BuiltTool.run(arguments + ["--json"])
    #expect(outcome.status == 0, "\(outcome.error)")
    return try outcome.json()
  }

  private func layer(_ json: [String: Any]) throws -> [String: Any] {
    try #require((json["layers"] as? [[String: Any]])?.first)
  }

  @Test func `export says what scripts rely on`() throws {
    let json = try json([
      "export", shop.folder["net.safetensors"], "--calibration", shop.data, "--output",
      shop.folder["again.thimble"],
    ])
    for key in [
      "file_bytes", "weight_bytes", "arena_bytes", "weight_ram_bytes", "macs", "float_accuracy",
      "int8_accuracy", "layers",
    ] { #expect(json.keys.contains(key)) }
    #expect(json["file_bytes"] as? Int == (try shop.folder.bytes("again.thimble").count))
    #expect(try shop.folder.bytes("again.thimble") == shop.folder.bytes("net.thimble"))
    #expect(try layer(json)["sqnr_db"] as? Double ?? 0 > 20)
  }

  @Test(arguments: ["int4", "int2", "ternary"])
  func `export packs weights of fewer bits, and inspect names them`(weights: String) throws {
    let path = shop.folder["packed.thimble"]
    let exported = try json([
      "export", shop.folder["net.safetensors"], "--calibration", shop.data, "--weights", weights,
      "--output", path,
    ])
    #expect(try layer(exported)["encoding"] as? String == weights)
    #expect(exported["weight_ram_bytes"] as? Int == 0)
    #expect(exported["int8_accuracy"] as? Double ?? 0 > 0.5)
    let layers = try #require(try json(["inspect", path])["layers"] as? [[String: Any]])
    #expect(layers.compactMap { $0["encoding"] as? String } == [weights, weights])
    let text = try BuiltTool.run([
      "export", shop.folder["net.safetensors"], "--calibration", shop.data, "--weights", weights,
      "--encoding", "raw", "--output", shop.folder["raw.thimble"],
    ])
    #expect(text.output.contains(", \(weights) "))
    let packed = try json(["evaluate", path, "--data", shop.data])
    let raw = try json(["evaluate", shop.folder["raw.thimble"], "--data", shop.data])
    #expect(packed["accuracy"] as? Double == raw["accuracy"] as? Double)
    let int8 = try BuiltTool.run([
      "export", shop.folder["net.safetensors"], "--encoding", "packed", "--output", path,
    ])
    #expect(int8.status == 64)
    #expect(int8.error.contains("--encoding packed takes --weights int4, int2 or ternary"))
  }

  @Test func `export without pictures takes the checkpoint's ranges and knows no accuracy`() throws
  {
    let json = try json([
      "export", shop.folder["net.safetensors"], "--output", shop.folder["plain.thimble"],
    ])
    #expect(json["int8_accuracy"] is NSNull)
    #expect(json["float_accuracy"] is NSNull)
  }

  @Test
  func `export refuses budgets, damaged checkpoints and full disks, and keeps what was there`()
    throws
  {
    let earlier = try shop.folder.bytes("net.thimble")
    let checkpoint = shop.folder["net.safetensors"]
    func refused(_ arguments: [String], _ words: String) throws {
      let outcome = try BuiltTool.run(["export"] + arguments + ["--output", model])
      #expect(outcome.status == 1)
      #expect(outcome.errorLine.contains(words), "\(outcome.error)")
      #expect(try shop.folder.bytes("net.thimble") == earlier)
    }
    try refused([checkpoint, "--budget-ram", "10"], "over the RAM budget of 10")
    try refused([checkpoint, "--budget-flash", "10"], "over the flash budget of 10")
    try refused([model], "checkpoint")
    try refused([shop.folder["none.safetensors"]], "none.safetensors")
    var damaged = try Checkpoint(bytes: [UInt8](shop.folder.bytes("net.safetensors")))
    let whole = damaged
    damaged.network.parameters["conv1.weight"]?.values[3] = .nan
    try shop.folder.write(Data(damaged.bytes), to: "nan.safetensors")
    try refused([shop.folder["nan.safetensors"]], "conv1.weight")
    damaged = whole
    damaged.network.parameters["dense1.bias"] = nil
    try shop.folder.write(Data(damaged.bytes), to: "missing.safetensors")
    try refused([shop.folder["missing.safetensors"]], "dense1.bias")
  }

  @Test func `evaluate scores both kinds of file`() throws {
    for path in [model, shop.folder["net.safetensors"]] {
      let json = try json(["evaluate", path, "--data", shop.data])
      #expect(
        Set(json.keys) == ["accuracy", "images", "seconds", "images_per_second", "confusion"])
      #expect(json["images"] as? Int == 60)
      let confusion = try #require(json["confusion"] as? [[Int]])
      #expect(confusion.joined().reduce(0, +) == 60)
      #expect(json["accuracy"] as? Double ?? 0 > 0.5)
    }
    let one = try BuiltTool.run(["evaluate", model, "--data", shop.data, "--threads", "1"])
    #expect(one.output.contains("of 60 pictures right"))
  }

  @Test func `a file of another kind is named as what it is`() throws {
    let checkpoint = shop.folder["net.safetensors"]
    let text = try shop.folder.write(Data("neither of the two kinds of file".utf8), to: "notes.txt")
    let cases: [([String], String)] = [
      (["inspect", checkpoint], "\(checkpoint): is a checkpoint"),
      (["inspect", text], "\(text): not a model file"),
      (["evaluate", text, "--data", shop.data], "\(text): neither a model file nor a checkpoint"),
      (["export", text, "--output", shop.folder["x"]], "\(text): is no safetensors file"),
      (["export", model, "--output", shop.folder["x"]], "\(model): is a model file"),
    ]
    for (arguments, words) in cases {
      let outcome = try BuiltTool.run(arguments)
      #expect(outcome.status == 1)
      #expect(outcome.errorLine.hasPrefix(words), "\(outcome.error)")
    }
  }

  @Test func `compare tells layers apart`() throws {
    let json = try json(["compare", model, shop.folder["net.safetensors"], "--data", shop.data])
    for key in ["name", "sqnr_db", "saturated", "max_error"] {
      #expect(try layer(json).keys.contains(key))
    }
    try shop.folder.write(Data("input 28x28x1\ndense 10\n".utf8), to: "other.txt")
    _ = try BuiltTool.run([
      "train", "--network", shop.folder["other.txt"], "--epochs", "0", "--output",
      shop.folder["other.safetensors"],
    ])
    let outcome = try BuiltTool.run([
      "compare", model, shop.folder["other.safetensors"], "--data", shop.data,
    ])
    #expect(outcome.status == 1)
    #expect(outcome.errorLine.contains("was not made from this network"))
  }

  @Test func `inspect shows what is in the file`() throws {
    let json = try json(["inspect", model])
    for key in [
      "roundings", "file_bytes", "arena_bytes", "weight_ram_bytes", "macs", "layers", "checksum",
      "signature",
    ] { #expect(json.keys.contains(key)) }
    #expect(json["roundings"] as? [String] == ["native"])
    #expect((json["layers"] as? [Any])?.count == 3)
    let graph = try BuiltTool.run(["inspect", model, "--graph"])
    #expect(graph.output.contains("#1 conv1  9x9x4"))
    #expect(graph.output.contains("the walk's state  · free"))
    let path = shop.folder["arena.svg"]
    #expect(try BuiltTool.run(["inspect", model, "--arena-picture", path]).status == 0)
    #expect(try String(contentsOfFile: path, encoding: .utf8).hasPrefix("<svg "))
  }

  @Test func `bench has a median and a share for each layer`() throws {
    let json = try json(["bench", model, "--seconds", "0.05"])
    for key in ["median_us", "min_us", "layers"] { #expect(json.keys.contains(key)) }
    let shares = try #require(json["layers"] as? [[String: Any]]).compactMap {
      $0["share"] as? Double
    }
    #expect(abs(shares.reduce(0, +) - 1) < 1e-9)
  }

  @Test func `bench times the training of each layer`() throws {
    let json = try json(["bench", "--training", "tiny", "--seconds", "0.05"])
    #expect(try #require(json["us"] as? Double) > 0)
    #expect(try #require(json["peak_gmacs"] as? Double) > 0)
    let layers = try #require(json["layers"] as? [[String: Any]])
    #expect(layers.count == Preset.tiny.network.layers.count)
    for layer in layers where (layer["name"] as? String)?.hasPrefix("conv") == true {
      for key in ["forward_us", "backward_us", "forward_peak_share", "backward_peak_share"] {
        #expect(try #require(layer[key] as? Double) > 0)
      }
    }
  }

  @Test func `run takes pictures of other sizes and colours`() throws {
    let digits = GeneratedDigits.dataset(count: 10, seed: 3)
    let grey = digits.withPicture(at: 7) { Picture(shape: digits.shape, pixels: Array($0)) }
    let colour = Picture(
      shape: Shape(height: 28, width: 28, channels: 3),
      pixels: grey.pixels.flatMap { [$0, $0, $0] })
    try shop.folder.write(PNGFormat.encode(grey), to: "grey.png")
    try shop.folder.write(PNGFormat.encode(colour), to: "colour.png")
    try shop.folder.write(PNGFormat.encode(grey.resized(height: 56, width: 56)), to: "large.png")
    let paths = ["grey.png", "colour.png", "large.png"].map { shop.folder[$0] }
    let json = try json(["run", model] + paths)
    let results = try #require(json["results"] as? [[String: Any]])
    #expect(results.map { $0["path"] as? String } == paths)
    #expect(Set(try #require(results.first).keys) == ["path", "label", "score", "logits"])
    #expect(results[0]["logits"] as? [Int] == results[1]["logits"] as? [Int])
    let large = try BuiltTool.run(["run", model, paths[2], "--draw"])
    #expect(large.status == 0 && large.error.contains("large.png"))
    try shop.folder.write(Data("no picture".utf8), to: "bad.png")
    let mixed = try BuiltTool.run(["run", model, shop.folder["bad.png"], paths[0]])
    #expect(mixed.status == 1)
    #expect(mixed.output.contains("grey.png"))
    #expect(mixed.errorLine == "1 of 2 pictures could not be read")
  }

  @Test func `run takes raw tensors of whole number only`() throws {
    try shop.folder.write(Data(repeating: 128, count: 2 * 784), to: "two.raw")
    let json = try json(["run", model, "--raw", shop.folder["two.raw"]])
    #expect((json["results"] as? [Any])?.count == 2)
    try shop.folder.write(Data(repeating: 128, count: 785), to: "odd.raw")
    let outcome = try BuiltTool.run(["run", model, "--raw", shop.folder["odd.raw"]])
    #expect(outcome.status == 1)
    #expect(outcome.errorLine.contains("a multiple of 784 bytes, found 785"))
    #expect(try BuiltTool.run(["run", model]).status == 64)
  }

  @Test func `a model file cut or changed is refused in one line`() throws {
    let file = try shop.folder.bytes("net.thimble")
    for length in [0, 3, 23, 24, 100, file.count - 1] {
      try shop.folder.write(file.prefix(length), to: "cut.thimble")
      let outcome = try BuiltTool.run(["inspect", shop.folder["cut.thimble"]])
      #expect(outcome.status == 1)
      #expect(outcome.errorLine.contains("cut.thimble"), "\(outcome.error)")
    }
    for offset in 0..<24 {
      var changed = file
      changed[changed.startIndex + offset] ^= 0x40
      try shop.folder.write(changed, to: "changed.thimble")
      let outcome = try BuiltTool.run(["run", shop.folder["changed.thimble"], "x.png"])
      #expect(outcome.status == 1)
      #expect(outcome.errorLine.contains("changed.thimble"), "\(outcome.error)")
    }
  }
}

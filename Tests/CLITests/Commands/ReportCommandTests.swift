import Foundation
import Network
import Testing
import Train

@testable import CLI

@Suite("report") struct ReportCommandTests {
  let shop: Workshop

  init() throws { shop = try Workshop() }

  private func train(_ output: String, _ more: [String] = []) throws {
    let outcome = try BuiltTool.run(shop.training(output, epochs: 4, more))
    #expect(outcome.status == 0, "\(outcome.error)")
  }

  private func report(_ checkpoints: [String], _ more: [String] = []) throws -> BuiltTool.Outcome {
    try BuiltTool.run(
      ["report"] + checkpoints.map { shop.folder[$0] } + ["--data", shop.data] + more)
  }

  private func page(_ name: String) throws -> Page { try Page(shop.folder.bytes(name)) }

  @Test func `counts every validation picture once, and says how many are right`() throws {
    try train("a.safetensors")
    let outcome = try report(["a.safetensors"], ["--json"])
    #expect(outcome.status == 0, "\(outcome.error)")
    let json = try outcome.json()
    #expect(
      Set(json.keys) == [
        "output", "file_bytes", "validation_accuracy", "validation_interval", "images",
        "int8_accuracy",
      ])
    // One in twelve of 480.
    #expect(json["images"] as? Int == 40)
    #expect(json["int8_accuracy"] is NSNull)
    let bytes = try shop.folder.bytes("a.safetensors.html")
    #expect(json["file_bytes"] as? Int == bytes.count)
    let page = try page("a.safetensors.html")
    let looks = ["right", "wrong", "none"]
    let cells: [[Int]] = try looks.map { look in
      try page.texts("td", where: ("class", look)).compactMap { Int($0) }
    }
    let sums: [Int] = cells.map { $0.reduce(0, +) }
    #expect(sums[0] + sums[1] == 40)
    #expect(sums[2] == 0)
    let cellCount: Int = cells.joined().count
    #expect(cellCount == 100)
    let accuracy = try #require(json["validation_accuracy"] as? Double)
    #expect(accuracy * 40 == Double(sums[0]))
    let interval = try #require(json["validation_interval"] as? [Double])
    #expect(interval[0] < accuracy && accuracy < interval[1])
    // Loss and accuracy have a line for training and one for validation, the learning rate one.
    #expect(try page.elements("polyline").count == 5)
    // The training's own score, over the same pictures.
    let history = try #require(try TrainingHistory(of: shop.folder["a.safetensors"]))
    #expect(history.lines.map(\.epoch) == [1, 2, 3, 4])
    #expect(history.lines[3].validation_accuracy == accuracy)
    #expect(history.lines.allSatisfy { $0.validation_loss ?? 0 > 0 })
    #expect(try page.elements("p", where: ("class", "warning")).isEmpty)
  }

  @Test func `another run's history is left out, and another network's model file refused`() throws
  {
    try train("old.safetensors")
    #expect(try BuiltTool.run(shop.training("new.safetensors", epochs: 2)).status == 0)
    try shop.folder.write(
      Data(shop.folder.bytes("new.safetensors.history.jsonl")), to: "old.safetensors.history.jsonl")
    #expect(try report(["old.safetensors"]).status == 0)
    let page = try page("old.safetensors.html")
    #expect(
      try page.texts("p", where: ("class", "warning")) == [
        "The history beside old.safetensors is another run's, so its curves are not shown."
      ])
    let other = try report(["old.safetensors"], ["--model", DigitsTests.model])
    #expect(other.status == 1)
    #expect(
      other.errorLine.hasPrefix(
        "\(DigitsTests.model): the model file was not made from this network"))
  }

  @Test func `is one small file that asks for nothing, and the same again`() throws {
    let model = try shop.model()
    let arguments = ["--model", model, "--output", shop.folder["b.html"]]
    #expect(try report(["net.safetensors"], arguments).status == 0)
    let bytes = try shop.folder.bytes("b.html")
    #expect(bytes.count < 500_000)
    let page = try page("b.html")
    for source in try page.attributes("src") { #expect(source.hasPrefix("data:image/")) }
    for target in try page.attributes("href") { #expect(target.hasPrefix("#")) }
    for element in ["script", "link", "iframe", "object"] {
      #expect(try page.elements(element).isEmpty)
    }
    let style = try page.texts("style").joined()
    #expect(!style.contains("url(") && !style.contains("@import"))
    // Everything that is shown is also said.
    for image in try page.elements("img") {
      #expect(image.value(of: "alt")?.isEmpty == false)
    }
    #expect(try page.texts("h2").contains("The model file"))
    #expect(!String(decoding: bytes, as: UTF8.self).contains(shop.folder.path))
    #expect(try report(["net.safetensors"], arguments + ["--threads", "3"]).status == 0)
    #expect(try shop.folder.bytes("b.html") == bytes)
  }

  @Test func `train writes it along, of several seeds the curves of all`() throws {
    try train("c.safetensors", ["--seed", "5,7", "--report", shop.folder["c.html"]])
    let page = try page("c.html")
    #expect(try page.elements("polyline").count == 9)
    let keys = try page.elements("ul", where: ("class", "keys")).map { $0.stringValue ?? "" }
    for words in ["seed 5, training", "seed 7, validation"] { #expect(keys[0].contains(words)) }
    #expect(try report(["c-5.safetensors", "c-7.safetensors"]).status == 0)
    #expect(
      try shop.folder.bytes("c-5.safetensors.html") == shop.folder.bytes("c.html"))
    #expect(
      try BuiltTool.run(
        shop.training("d.safetensors", epochs: 0, ["--report", shop.folder["d.html"]])
      ).status == 64)
  }

  @Test func `shows how weights went and the file shrank, where they did`() throws {
    let lines = "quantize = int4\nquantize_from = 0.5\nchannel_sparsity = 0.5\nbyte_budget = 1000\n"
    try shop.folder.write(Data(lines.utf8), to: "recipe.txt")
    let recipe = ["--recipe", shop.folder["recipe.txt"]]
    try train("p.safetensors", recipe + ["--report", shop.folder["p.html"]])
    let page = try page("p.html")
    let charts = try page.texts("figcaption")
    #expect(charts.contains("Pruned") && charts.contains("Model file"), "\(charts)")
    let keys = try page.elements("ul", where: ("class", "keys")).map { $0.stringValue ?? "" }
    #expect(keys.contains { $0.contains("model file") && $0.contains("budget") })
    // Two of loss and accuracy each, the learning rate, what was pruned, the file, its budget.
    #expect(try page.elements("polyline").count == 8)
    try train("q.safetensors", ["--report", shop.folder["q.html"]])
    #expect(try !self.page("q.html").texts("figcaption").contains("Pruned"))
  }

  @Test func `shows names as they are, whatever they hold`() throws {
    // An accent on a quote makes another character of it, which still ends an attribute.
    let names = ["<script>alert(1)<", "\"\u{301} onerror=\"alert(1)", "a & 'b'\u{1b}[31m"]
    let digits = GeneratedDigits.dataset(count: 120, seed: 3)
    for index in 0..<digits.count {
      let picture = digits.withPicture(at: index) {
        Picture(shape: digits.shape, pixels: Array($0))
      }
      try shop.folder.write(
        PNGFormat.encode(picture), to: "named/\(names[index % 3])/\(index).png")
    }
    let checkpoint = shop.folder["<i>.safetensors"]
    let trained = try BuiltTool.run([
      "train", "--data", shop.folder["named"], "--network", shop.folder["net.txt"], "--epochs", "1",
      "--output", checkpoint, "--report", shop.folder["named.html"],
    ])
    #expect(trained.status == 0, "\(trained.error)")
    let page = try page("named.html")
    for element in ["script", "i"] { #expect(try page.elements(element).isEmpty) }
    #expect(try !page.elements("img").contains { $0.value(of: "onerror") != nil })
    #expect(try page.texts("h1") == ["<i>.safetensors"])
    let shown = Set(try page.texts("th"))
    #expect(shown.contains(names[0]) && shown.contains(names[1]))
    #expect(shown.contains("a & 'b'\u{fffd}[31m"))
    // A picture is named by its place in the data folder.
    let places = try page.texts("p", where: ("class", "place"))
    #expect(places.count == 8 && places.allSatisfy { $0.hasSuffix(".png") })
  }

  @Test func `says what is missing, and shows the rest`() throws {
    try train("e.safetensors")
    try FileManager.default.removeItem(atPath: shop.folder["e.safetensors.history.jsonl"])
    var checkpoint = try Checkpoint(bytes: [UInt8](shop.folder.bytes("e.safetensors")))
    checkpoint.metadata = [:]
    checkpoint.network.activations = [:]
    try shop.folder.write(Data(checkpoint.bytes), to: "e.safetensors")
    let outcome = try report(["e.safetensors"])
    #expect(outcome.status == 0, "\(outcome.error)")
    let page = try page("e.safetensors.html")
    #expect(try page.elements("p", where: ("class", "warning")).count == 2)
    #expect(try page.elements("polyline").isEmpty)
    #expect(try !page.texts("h2").contains("Curves"))
    #expect(try page.texts("h2").contains("Filters of the first layers"))
  }

  @Test func `refuses in one line and leaves nothing`() throws {
    try train("f.safetensors")
    let history = try shop.folder.bytes("f.safetensors.history.jsonl")
    let cases: [([String], String)] = [
      (["--data", "/nowhere"], "/nowhere: no such file or folder"),
      (["--model", shop.folder["f.safetensors"]], "is a checkpoint, a model file is needed"),
      (["--output", "/nowhere/f.html"], "no folder /nowhere"),
      ([shop.folder["net.txt"]], "is no safetensors file"),
      ([shop.folder["small.safetensors"]], "holds another network than"),
    ]
    _ = try BuiltTool.run([
      "train", "--network", "small", "--epochs", "0", "--output", shop.folder["small.safetensors"],
    ])
    func check(_ arguments: [String], _ words: String) throws {
      let outcome = try BuiltTool.run(
        ["report", shop.folder["f.safetensors"]] + arguments
          + (arguments.contains("--data") ? [] : ["--data", shop.data]))
      #expect(outcome.status == 1)
      #expect(outcome.errorLine.contains(words), "\(outcome.error)")
      #expect(outcome.output.isEmpty)
    }
    for (arguments, words) in cases { try check(arguments, words) }
    try shop.folder.write(history.dropLast(20), to: "f.safetensors.history.jsonl")
    try check([], "f.safetensors.history.jsonl: line 4: expected an object with epoch")
    try shop.folder.write(history + history, to: "f.safetensors.history.jsonl")
    try check([], "line 5: expected an epoch from 5, found 1")
    let far = history.split(separator: UInt8(ascii: "\n"))[0] + Data("\n".utf8)
    // What a learning rate that is much too high comes to.
    let large = String(decoding: history, as: UTF8.self).replacing(
      "\"loss\":", with: "\"loss\":1e38,\"l\":")
    try shop.folder.write(Data(large.utf8), to: "f.safetensors.history.jsonl")
    #expect(
      try BuiltTool.run([
        "report", shop.folder["f.safetensors"], "--data", shop.data, "--output",
        shop.folder["f.page"],
      ]).status == 0)
    for (number, wrong) in [("\"epoch\":1", "\"epoch\":\(Int.max)"), ("\"loss\":", "\"loss\":-")] {
      let line = String(decoding: far, as: UTF8.self).replacing(number, with: wrong)
      try shop.folder.write(Data(line.utf8), to: "f.safetensors.history.jsonl")
      try check([], "line 1: expected an epoch up to 1000000, accuracies in 0 ... 1")
    }
    #expect(try BuiltTool.run(["report", "--data", shop.data]).status == 64)
    let itself = try report(["f.safetensors"], ["--output", shop.folder["f.safetensors"]])
    #expect(itself.status == 1)
    #expect(itself.errorLine.hasSuffix("which is read"))
    let twos = try BuiltTool.run([
      "train", "--network", "resnet8", "--epochs", "0", "--output", shop.folder["r.safetensors"],
    ])
    #expect(twos.status == 0)
    let shapes = try report(["r.safetensors"])
    #expect(shapes.errorLine.contains("the network takes pictures of 32x32x3, found 28x28x1"))
    #expect(try !shop.folder.names().contains { $0.hasSuffix(".html") })
  }
}

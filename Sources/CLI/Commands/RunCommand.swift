import ArgumentParser
import Export
import Foundation
import Network

/// Says what is on a picture.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run int8 inference on pictures or raw tensors.",
    discussion: """
      A picture of another size, colour or depth is brought to the model's. Where the model was made for ink on paper, \
      or the other way round, a picture of the wrong kind is inverted.

      Example: thimble run Models/digits.thimble seven.png
      """)

  @OptionGroup var global: GlobalOptions
  @Argument(help: "The model file.") var model: String
  @Argument(help: "PNG or JPEG pictures.") var pictures: [String] = []
  @Option(help: "A file of int8 input tensors, one after another.") var raw: String?
  @Flag(help: "Draw each picture as the model sees it.") var draw = false

  func validate() throws {
    guard pictures.isEmpty != (raw == nil) else {
      throw ValidationError("give pictures, or --raw FILE")
    }
  }

  private struct Result: Encodable {
    struct Item: Encodable {
      var path: String
      var label: String
      @Nullable var score: Double?
      var logits: [Int8]
    }

    var results: [Item]
  }

  func run() throws {
    let model = try NetworkFile.model(model)
    var items: [Result.Item] = []
    var refused = 0
    for (path, input) in try inputs(of: model, refused: &refused) {
      try Interruption.check()
      let output = model.run(input)
      let label = model.label(of: output)
      let item = Result.Item(
        path: path, label: model.labelName(label), score: model.score(of: label, in: output),
        logits: output)
      items.append(item)
      if global.isJSON { continue }
      if draw, model.model.inputChannels == 1 || model.model.inputChannels == 3 {
        let picture = Picture(
          shape: model.inputShape, pixels: input.map { UInt8(bitPattern: $0) ^ 0x80 })
        let drawing = PictureDrawing(
          isInteractive: Terminal.output.isInteractive,
          environment: ProcessInfo.processInfo.environment)
        for line in drawing.lines(picture) { try StandardOutput.line(line) }
      }
      let score = item.score.map { "  " + NumberFormat.percent($0) } ?? ""
      try StandardOutput.line("\(path)  \(item.label)\(score)")
    }
    if global.isJSON { try JSONOutput.write(Result(results: items)) }
    if refused > 0 {
      throw Failure("\(refused) of \(pictures.count) pictures could not be read")
    }
  }

  /// The input tensors and what each is called. A picture that can't be read is told of and left out.
  private func inputs(of model: HostModel, refused: inout Int) throws -> [(String, [Int8])] {
    if let raw {
      let bytes = try InputFile.read(raw)
      guard bytes.count % model.inputCount == 0, !bytes.isEmpty else {
        throw Failure(
          "\(raw): expected tensors of \(model.inputShape), a multiple of \(model.inputCount) "
            + "bytes, found \(bytes.count)")
      }
      return (0..<bytes.count / model.inputCount).map { index in
        let start = bytes.startIndex + index * model.inputCount
        return (
          "\(raw)[\(index)]",
          bytes[start..<start + model.inputCount].map { Int8(bitPattern: $0) }
        )
      }
    }
    let foreground = model.metadata?.foreground.flatMap(PictureFitting.Foreground.init(rawValue:))
    let fitting = PictureFitting(
      shape: model.inputShape, invert: foreground == nil ? .never : .automatic,
      foreground: foreground ?? .light)
    var inputs: [(String, [Int8])] = []
    for path in pictures {
      do {
        let fitted = try fitting.fit(PictureDecoder.read(path))
        for warning in fitted.warnings { StandardError.warn("\(path): \(warning)") }
        inputs.append((path, fitted.picture.pixels.map { Int8(bitPattern: $0 ^ 0x80) }))
      } catch let error as PictureError {
        guard pictures.count > 1 else { throw Failure("\(path): \(error)") }
        StandardError.warn("\(path): \(error)")
        refused += 1
      } catch let error where pictures.count > 1 {
        StandardError.warn("\(error)")
        refused += 1
      }
    }
    return inputs
  }
}

extension HostModel {
  /// The share of label `index` in the softmax of an output; nil where the file doesn't say its scale, or
  /// the output is an index.
  func score(of index: Int, in output: [Int8]) -> Double? {
    guard labelCount == outputCount, let scale = metadata?.scales.last.map(Double.init) else {
      return nil
    }
    if endsInSoftmax { return (Double(output[index]) + 128) / 256 }
    let largest = Double(output.max() ?? 0)
    let shares = output.map { exp((Double($0) - largest) * scale) }
    return shares[index] / shares.reduce(0, +)
  }
}

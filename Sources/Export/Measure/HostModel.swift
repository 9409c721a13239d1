import TinyRuntime

/// A model file loaded on this machine, with its memory: what the device does, for the tool and the exporter. Same bits,
/// but with the weights laid out for this machine's processor.
public final class HostModel {
  /// What the loader found.
  public let model: Model
  /// The file's bytes.
  public let file: [UInt8]
  /// The file's metadata, if it has any that can be read.
  public let metadata: Metadata?
  /// The records, checked.
  package let records: [OpRecord]
  private let stored: HostRunner
  /// The same model as this machine runs it.
  private var runner: HostRunner

  /// Loads a model file.
  /// - Parameters:
  ///   - file: the file's bytes.
  ///   - runsAsStored: whether a plain file's weights are used as they lie there, by the plain kernels.
  /// - Throws: `ModelError`, as the device would refuse it.
  public init(_ file: [UInt8], runsAsStored: Bool = false) throws(ModelError) {
    let model = try Model(loading: file.span.bytes)
    self.model = model
    self.file = file
    records = (0..<model.recordCount).map { OpRecord(of: file.span.bytes, at: $0) }
    metadata = Self.metadata(of: file, from: model.sectionsOffset)
    stored = try HostRunner(model, file)
    runner = stored
    if !runsAsStored, WeightLayout.native != .plain, layout == .plain {
      let relaid = relaid(to: .native, isForThisModelOnly: true)
      runner = try HostRunner(Model(loading: relaid.span.bytes), relaid)
    }
  }

  /// The order of the weights in the file.
  public var layout: WeightLayout {
    WeightLayout(rawValue: file[ModelFormat.Header.layout]) ?? .plain
  }

  private static func metadata(of file: [UInt8], from offset: Int) -> Metadata? {
    var offset = offset
    while let head = SectionHead(of: file.span.bytes, at: offset) {
      if head.kind == .metadata { return Metadata(file[head.start..<head.end]) }
      offset = head.end
    }
    return nil
  }

  /// The weights of a record that has any, in the file's order; of a plain file, else as kernels read them.
  package func weights(of index: Int) -> [Int8] {
    let record = records[index]
    let file = file
    let count = record.weightByteCount(input: records[record.input], layout: layout)
    let place = StoredWeights(record, byteCount: count, in: file.span.bytes)
    if let offset = place.weightRAMOffset {
      let start = model.arenaByteCount + offset
      return stored.memory[start..<start + count].map(Int8.init(bitPattern:))
    }
    let bytes = file[place.fileOffset..<place.fileOffset + place.storedByteCount]
    return record.isPacked
      ? record.packedGroups.unpacked(bytes, count: count, shift: record.weightShift)
      : bytes.map(Int8.init(bitPattern:))
  }

  /// Whether all weights are a byte each, used in place.
  public var hasRawWeightsOnly: Bool { records.allSatisfy { $0.encoding == Encoding.raw.rawValue } }

  /// The number of values in a picture.
  public var inputCount: Int { model.inputHeight * model.inputWidth * model.inputChannels }

  /// The number of values in the output.
  public var outputCount: Int { model.outputHeight * model.outputWidth * model.outputChannels }

  /// Runs one input tensor of `inputCount` values.
  /// - Parameters:
  ///   - input: the picture, pixel - 128.
  ///   - observe: is told each step: the record's index, the step, and the row of output that came of it, if any.
  /// - Returns: the output tensor.
  public func run(
    _ input: [Int8], observe: (Int, Int, Span<Int8>) -> Void = { _, _, _ in }
  ) -> [Int8] {
    precondition(input.count == inputCount, "an input tensor is as large as the model's")
    var output = [Int8](repeating: 0, count: outputCount)
    var span = output.mutableSpan
    let rowCount = model.inputWidth * model.inputChannels
    runner.run(
      picture: { row, values in
        values.withUnsafeMutableBufferPointer {
          _ = $0.update(fromContentsOf: input[row * rowCount..<(row + 1) * rowCount])
        }
      }, output: &span, observe: observe)
    return output
  }

  /// Runs one picture of 8-bit pixels.
  public func run(pixels: [UInt8]) -> [Int8] {
    run(pixels.map { Int8(bitPattern: $0 ^ 0x80) })
  }
}

extension HostModel {
  /// Whether the output is an index already.
  private var endsInArgmax: Bool { records.last?.op == .argmax }

  /// The number of labels that the model tells apart.
  public var labelCount: Int {
    endsInArgmax ? records[records[records.count - 1].input].channels : outputCount
  }

  /// The label that an output says: the first of the largest.
  public func label(of output: [Int8]) -> Int {
    if endsInArgmax { return Int(output[0]) }
    var best = 0
    for index in output.indices where output[index] > output[best] { best = index }
    return best
  }

  /// Whether the output is shares of one, in 1/256.
  public var endsInSoftmax: Bool { records.last?.op == .softmax }
}

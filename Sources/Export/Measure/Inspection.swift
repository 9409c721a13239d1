import TinyRuntime

/// What a model file says, field by field.
public struct Inspection: Sendable {
  /// One record.
  public struct Layer: Sendable {
    /// The name the metadata gives it, or its number.
    public let name: String
    /// What it computes.
    public let operation: String
    /// The records it reads.
    public let inputs: [Int]
    /// The output, height x width x channels.
    public let shape: String
    /// Kernel and stride, where there is a window.
    public let window: String?
    /// Multiply-accumulates for one picture, nominal.
    public let macs: Int
    /// Multiply-accumulates really done: rows and pixels that no one reads are left out.
    public let macsDone: Int
    /// How its weights are stored; nil without weights.
    public let encoding: String?
    /// Bytes of constants and stored weights.
    public let byteCount: Int
    /// The real distance of neighbouring values, where the metadata says it.
    public let scale: Double?
    /// The value that stands for 0.
    public let zeroPoint: Int
    /// Rows kept; 0 where the max pool behind it takes it over.
    public let ringHeight: Int
    /// Rows there are, padding counted.
    public let rowCount: Int
    /// Where the output begins in the arena.
    public let arenaOffset: Int
    /// Bytes of the arena for the output.
    public let arenaByteCount: Int
  }

  /// The format's version.
  public let version: Int
  /// The roundings used.
  public let roundings: [String]
  /// CRC-32 of every byte but its own.
  public let checksum: UInt32
  /// The records, the picture's first.
  public let layers: [Layer]
  /// Multiply-accumulates for one picture, nominal.
  public var macs: Int { layers.reduce(0) { $0 + $1.macs } }
  /// Multiply-accumulates really done for one picture.
  public var macsDone: Int { layers.reduce(0) { $0 + $1.macsDone } }

  /// Reads a loaded model.
  public init(_ model: HostModel) {
    let file = model.file
    version = Int(file[ModelFormat.Header.version])
    roundings =
      file[ModelFormat.Header.roundings] & 1 << Rounding.native.rawValue != 0 ? ["native"] : []
    checksum = file.span.bytes.uint32(at: ModelFormat.Header.checksum)
    let done = RowSchedule(walking: model.records).macs()
    layers = model.records.enumerated().map { index, record in
      let input = model.records[record.input]
      let weightCount = record.weightByteCount(
        input: input, layout: WeightLayout(rawValue: file[ModelFormat.Header.layout]) ?? .plain)
      let constants = record.op.constantByteCount(channels: record.channels)
      var byteCount = constants
      if record.op.hasWeights {
        let stored = StoredWeights(record, byteCount: weightCount, in: file.span.bytes)
        byteCount = stored.fileOffset + stored.storedByteCount - record.blockOffset
      }
      let names = model.metadata?.names ?? []
      let scales = model.metadata?.scales ?? []
      return Layer(
        name: names.indices.contains(index) ? names[index] : "\(index)",
        operation: record.op.word, inputs: record.inputs,
        shape: "\(record.height)x\(record.width)x\(record.channels)",
        window: record.op.hasWindow
          ? "\(record.kernelHeight)x\(record.kernelWidth)/\(record.strideVertical)x\(record.strideHorizontal)"
          : nil,
        macs: record.macs(input: input), macsDone: done[index],
        encoding: record.op.hasWeights
          ? "\(Encoding(rawValue: record.encoding) ?? .raw)" : nil,
        byteCount: byteCount, scale: scales.indices.contains(index) ? Double(scales[index]) : nil,
        zeroPoint: Int(record.zeroPoint), ringHeight: record.ringHeight,
        rowCount: record.paddedHeight, arenaOffset: record.offset,
        arenaByteCount: record.bufferByteCount)
    }
  }
}

extension OpRecord {
  /// Multiply-accumulates, nominal: each output pixel takes all weights of its channel.
  fileprivate func macs(input: OpRecord) -> Int {
    weightByteCount(input: input, layout: .plain) * height * width
  }
}

extension RowSchedule {
  /// The multiply-accumulates that each record's steps do; a pool's over a convolution are the convolution's.
  fileprivate func macs() -> [Int] {
    var macs = [Int](repeating: 0, count: records.count)
    for step in steps {
      let run = runs[step.index]
      guard run.op.hasWeights else { continue }
      let input = records[run.input]
      let index = records[step.index].op.hasWeights ? step.index : records[step.index].input
      let weights = run.weightByteCount(input: input, layout: .plain)
      if run.op.accumulates {
        macs[index] += weights / input.height
      } else if !run.rows(ofInput: input, atStep: step.number).isEmpty {
        macs[index] += weights * run.width * run.poolHeight * run.poolWidth
      }
    }
    return macs
  }
}

import TinyRuntime

/// What lies where in a model's arena, from the first step of an inference to the last.
public struct ArenaPicture: Sendable {
  /// Bytes that hold one row, or an op's sums, from one step to another.
  public struct Block: Sendable {
    /// The record whose output it is.
    public let layer: Int
    /// Where it lies, in bytes.
    public let bytes: Range<Int>
    /// The steps in which it is in use.
    public let steps: Range<Int>
  }

  /// All blocks, layer by layer.
  public let blocks: [Block]
  /// The layers' names, the picture's first.
  public let names: [String]
  /// Bytes of the arena.
  public let byteCount: Int
  /// Bytes at its start that are the walk's own.
  public let stateByteCount: Int
  /// Steps of an inference.
  public let stepCount: Int
  /// The most bytes in use at one step, the walk's own counted. No placement takes less, but for what a step writes over its
  /// input.
  public let mostInUse: Int

  /// The picture of a loaded model.
  public init(_ model: HostModel) {
    let schedule = RowSchedule(walking: model.records)
    byteCount = model.model.arenaByteCount
    stepCount = schedule.steps.count
    stateByteCount = ModelFormat.stateByteCount(recordCount: model.records.count)
    let known = model.metadata?.names ?? []
    names = model.records.indices.map { known.indices.contains($0) ? known[$0] : "\($0)" }
    blocks = zip(model.records, schedule.lives()).enumerated().flatMap { layer, pair in
      pair.1.map { life in
        let start = pair.0.offset + life.start
        return Block(
          layer: layer, bytes: start..<start + life.byteCount,
          steps: life.first..<min(life.last, schedule.steps.count - 1) + 1)
      }
    }
    mostInUse = Self.mostInUse(blocks, stepCount: stepCount) + stateByteCount
  }

  private static func mostInUse(_ blocks: [Block], stepCount: Int) -> Int {
    var ends: [Int: [Range<Int>]] = [:]
    for block in blocks {
      for step in block.steps { ends[step, default: []].append(block.bytes) }
    }
    return ends.values.map { ranges in
      var end = 0
      var sum = 0
      for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
        sum += max(0, range.upperBound - max(end, range.lowerBound))
        end = max(end, range.upperBound)
      }
      return sum
    }.max() ?? 0
  }

  /// The letter of a layer in `text`.
  public static func letter(of layer: Int) -> Character {
    let letters = Array("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return letters[layer % letters.count]
  }

  /// A drawing in characters: steps from left to right, addresses from top to bottom. A cell names the layer that has most of
  /// it; `#` is the walk's own, a dot is free.
  /// - Parameters:
  ///   - columns: at most so many characters a line.
  ///   - rows: at most so many lines.
  /// - Returns: the lines.
  public func text(columns: Int, rows: Int) -> [String] {
    let columns = min(columns, stepCount)
    let rows = min(rows, (byteCount + 3) / 4)
    let width = Double(stepCount) / Double(columns)
    let height = Double(byteCount) / Double(rows)
    var shares = [[Int: Double]](repeating: [:], count: columns * rows)
    func fill(_ layer: Int, _ bytes: Range<Int>, _ steps: Range<Int>) {
      let lines = Self.cells(bytes, of: height, count: rows)
      for (column, share) in Self.cells(steps, of: width, count: columns) {
        for (line, part) in lines {
          shares[line * columns + column][layer, default: 0] += share * part
        }
      }
    }
    fill(-1, 0..<stateByteCount, 0..<stepCount)
    for block in blocks { fill(block.layer, block.bytes, block.steps) }
    return (0..<rows).map { line in
      String(
        (0..<columns).map { column -> Character in
          let cell = shares[line * columns + column]
          let most = cell.max { ($0.value, $1.key) < ($1.value, $0.key) }
          guard let most else { return "·" }
          return most.key < 0 ? "#" : Self.letter(of: most.key)
        })
    }
  }

  /// The cells that a range touches, and how much of it each has.
  private static func cells(
    _ range: Range<Int>, of size: Double, count: Int
  ) -> [(index: Int, share: Double)] {
    guard !range.isEmpty else { return [] }
    let (low, high) = (Double(range.lowerBound) / size, Double(range.upperBound) / size)
    return (Int(low)..<min(count, Int(high.rounded(.up)))).map {
      ($0, min(high, Double($0 + 1)) - max(low, Double($0)))
    }
  }
}

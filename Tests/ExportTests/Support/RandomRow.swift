import CTinyRuntime
import Train

@testable import Export
@testable import TinyRuntime

/// One row of a convolution of a random shape, maybe with a max pool over it.
struct RandomRow {
  private(set) var record = OpRecord()
  private(set) var input = OpRecord()
  private let firstRow: Int
  private let values: [Int8]
  private let weights: [Int8]
  private let constants: [Int32]

  /// The shape drawn for `seed`.
  init(seed: UInt64) {
    var random = SplitMix(seed: seed)
    func pick<Element>(_ choices: [Element]) -> Element { choices.randomElement(using: &random)! }
    input.channels = pick([1, 1, 2, 3, 4, 5, 7, 8, 16, 17, 32, 60])
    record.op = .conv2D
    record.inputOrGroups = 1
    record.kernelHeight = Int.random(in: 1...5, using: &random)
    record.kernelWidth = Int.random(in: 1...5, using: &random)
    record.strideVertical = pick([1, 1, 2, 3])
    record.strideHorizontal = pick([1, 1, 2, 3])
    if Bool.random(using: &random) {
      record.poolHeight = pick([1, 2, 2, 3])
      record.poolWidth = pick([1, 2, 2, 3, 9])
      record.poolStrideVertical = record.poolHeight + pick([0, 0, 1])
      record.poolStrideHorizontal = record.poolWidth + pick([0, 0, 1])
    }
    record.channels = pick([1, 2, 3, 5, 8, 10, 15, 16, 17, 31, 32, 40])
    record.width = Int.random(in: 1...21, using: &random)
    // Some windows are wider than the stack of a kernel, some with every pixel.
    if seed % 16 == 0 { input.channels = pick([200, 700, 1500]) }
    record.height = 1
    record.zeroPoint = Int8.random(in: .min ... .max, using: &random)
    record.leftShift = pick([0, 0, 1, 7])
    record.rightShift = Int.random(in: Requantizer.rightShifts, using: &random)
    record.paddingLeft = Int.random(in: 0...2, using: &random)
    input.marginLeft = record.paddingLeft + pick([0, 1])
    input.width =
      (record.width - 1) * record.windowStrideHorizontal + record.windowWidth + pick([0, 1])
    input.ringHeight = record.windowHeight + pick([0, 0, 1, 2])
    firstRow = Int.random(in: 0..<3 * input.ringHeight, using: &random)
    values = Self.bytes(input.ringHeight * input.rowByteCount + 4, &random)
    weights = Self.bytes(record.weightByteCount(input: input, layout: .plain), &random)
    constants = (0..<record.channels).flatMap { _ in
      [
        Int32.random(in: -100_000...100_000, using: &random),
        Int32.random(in: 0...Int32.max, using: &random),
      ]
    }
  }

  /// Any values, extremes more often.
  private static func bytes(_ count: Int, _ random: inout SplitMix) -> [Int8] {
    let extremes = Bool.random(using: &random)
    return (0..<count).map { _ in
      extremes && Bool.random(using: &random)
        ? [-128, -127, 0, 127].randomElement(using: &random)!
        : Int8(truncatingIfNeeded: random.next())
    }
  }

  /// What the plain kernel makes.
  func plain() -> [Int8] {
    made(of: weights) { input, weights, constants, output in
      conv2DRow(
        input, window, weights: weights, constants: constants, groups: 1,
        channels: record.channels, of: record.channels, Requantizer(record), into: output)
    }.output
  }

  /// What the kernel makes, and whether it wrote nowhere else.
  func made() -> (output: [Int8], isInBounds: Bool) {
    made(of: laidOut) { input, weights, constants, output in
      sixteensRow(
        input, window, weights: weights, constants: constants, outputChannels: record.channels,
        Requantizer(record), into: output)
    }
  }

  /// What its definition makes.
  func madePortably() -> [Int8] {
    made(of: laidOut) { input, weights, constants, output in
      var row = thimble_convolution(
        input, window, weights: weights, constants: constants, channels: record.channels,
        of: record.channels, Requantizer(record), into: output)
      thimble_sixteens_row_portable(&row)
    }.output
  }

  private var laidOut: [Int8] {
    WeightLayout.sixteens.order(
      weights, channels: record.channels, rows: record.kernelHeight,
      runLength: record.runLength(input: input))
  }

  private func made(
    of weights: [Int8], by kernel: (Bytes, Bytes, Bytes, MutableBytes) -> Void
  ) -> (output: [Int8], isInBounds: Bool) {
    let guardByte: Int8 = 85
    var output = [Int8](repeating: guardByte, count: record.width * record.channels + 64)
    values.withUnsafeBytes { values in
      weights.withUnsafeBytes { weights in
        constants.withUnsafeBytes { constants in
          output.withUnsafeMutableBytes { output in
            kernel(
              Bytes(values.baseAddress!, count: values.count),
              Bytes(weights.baseAddress!, count: weights.count),
              Bytes(constants.baseAddress!, count: constants.count),
              MutableBytes(output.baseAddress!, count: output.count))
          }
        }
      }
    }
    let isInBounds = output.suffix(64).allSatisfy { $0 == guardByte }
    return (Array(output.dropLast(64)), isInBounds)
  }

  private var window: RowWindow { RowWindow(record, input: input, firstRow: firstRow) }
}

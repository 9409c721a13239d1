import TinyRuntime

/// A model computed from its file in 64-bit integers, whole tensors at a time, by coordinates: it reads records,
/// constants and weights, and shares nothing else with the runtime: no rows, no rings, no arena, no shifts.
struct IntegerOracle {
  struct Tensor {
    var height: Int
    var width: Int
    var channels: Int
    var zeroPoint: Int
    var values: [Int]

    /// The value at a place; outside, what stands for 0.
    func at(_ y: Int, _ x: Int, _ channel: Int) -> Int {
      guard (0..<height).contains(y), (0..<width).contains(x) else { return zeroPoint }
      return values[(y * width + x) * channels + channel]
    }
  }

  let file: [UInt8]
  let records: [OpRecord]
  /// Unpacked weights by record, where they don't lie raw in the file.
  let unpacked: [Int: [Int8]]

  /// The output of every record for an input tensor.
  func run(_ input: [Int8]) -> [Tensor] {
    var tensors: [Tensor] = []
    for (index, record) in records.enumerated() {
      var tensor = Tensor(
        height: record.height, width: record.width, channels: record.channels,
        zeroPoint: Int(record.zeroPoint), values: [])
      if record.op == .input {
        tensor.values = input.map(Int.init)
      } else {
        let constants = (0..<record.op.constantByteCount(channels: record.channels) / 4).map {
          word(at: record.blockOffset + 4 * $0)
        }
        let sources = [tensors[record.input], tensors[min(record.inputOrGroups, index - 1)]]
        for y in 0..<record.height {
          for x in 0..<record.width {
            for channel in 0..<record.channels {
              tensor.values.append(
                value(index, record, constants, sources, y, x, channel))
            }
          }
        }
      }
      tensors.append(tensor)
    }
    return tensors
  }

  private func value(
    _ index: Int, _ record: OpRecord, _ constants: [Int], _ sources: [Tensor], _ y: Int, _ x: Int,
    _ channel: Int
  ) -> Int {
    let input = sources[0]
    let top = y * record.strideVertical - record.paddingTop
    let left = x * record.strideHorizontal - record.paddingLeft
    let window = (0..<record.kernelHeight).flatMap { ky in
      (0..<record.kernelWidth).map { kx in (ky, kx) }
    }
    let gap = record.dilation
    switch record.op {
    case .input: return 0
    case .conv2D:
      let depth = input.channels / record.inputOrGroups
      let group = channel * record.inputOrGroups / record.channels
      var sum = constants[2 * channel]
      for (ky, kx) in window {
        for inner in 0..<depth {
          let weight = weights(index)(
            ((channel * record.kernelHeight + ky) * record.kernelWidth + kx) * depth + inner)
          sum += weight * input.at(top + gap * ky, left + gap * kx, group * depth + inner)
        }
      }
      return scaled(sum, constants[2 * channel + 1], record)
    case .depthwiseConv2D:
      var sum = constants[2 * channel]
      for (ky, kx) in window {
        let weight = weights(index)((ky * record.kernelWidth + kx) * record.channels + channel)
        sum += weight * input.at(top + gap * ky, left + gap * kx, channel)
      }
      return scaled(sum, constants[2 * channel + 1], record)
    case .dense:
      var sum = constants[2 * channel]
      for place in input.values.indices {
        sum += weights(index)(channel * input.values.count + place) * input.values[place]
      }
      return scaled(sum, constants[2 * channel + 1], record)
    case .maxPool2D:
      return window.map { input.at(top + $0.0, left + $0.1, channel) }.max()!
    case .averagePool2D:
      let sum = window.reduce(constants[0]) { $0 + input.at(top + $1.0, left + $1.1, channel) }
      return scaled(sum, constants[1], record)
    case .globalAveragePool:
      var sum = constants[0]
      for y in 0..<input.height {
        for x in 0..<input.width { sum += input.at(y, x, channel) }
      }
      return scaled(sum, constants[1], record)
    case .add:
      let sum =
        constants[0] * input.at(y, x, channel) + constants[1] * sources[1].at(y, x, channel)
        + constants[2]
      return clamped(floor(sum, power(record.rightShift)))
    case .table:
      let value = input.at(y, x, channel)
      let byte = Int(file[record.blockOffset + (value < 0 ? value + 256 : value)])
      return byte < 128 ? byte : byte - 256
    case .multiply:
      let product =
        (input.at(y, x, channel) - input.zeroPoint)
        * (sources[1].at(y, x, channel) - sources[1].zeroPoint)
      return scaled(product, constants[0], record)
    case .concat:
      let rest = channel - input.channels
      return rest < 0 ? input.at(y, x, channel) : sources[1].at(y, x, rest)
    case .reshape: return input.values[(y * record.width + x) * record.channels + channel]
    case .upsample:
      return input.at(
        y * input.height / record.height, x * input.width / record.width, channel)
    case .argmax:
      let pixel = (0..<input.channels).map { input.at(y, x, $0) }
      return pixel.firstIndex(of: pixel.max()!)!
    case .softmax:
      let pixel = (0..<record.channels).map { input.at(y, x, $0) }
      let shares = pixel.map { share(pixel.max()! - $0, constants) }
      let sum = shares.reduce(0, +)
      return clamped((shares[channel] * 256 + sum / 2) / sum - 128)
    }
  }

  /// `exp(-distance * scale)` in 1/2^23, from the factors' own definition.
  private func share(_ distance: Int, _ constants: [Int]) -> Int {
    var product = power(31)
    for bit in 0..<8 where distance / power(bit) % 2 == 1 {
      product =
        product * (constants[bit] < 0 ? constants[bit] + power(32) : constants[bit]) / power(31)
    }
    return product / 256
  }

  private func scaled(_ sum: Int, _ multiplier: Int, _ record: OpRecord) -> Int {
    // Doubled, so that the half is whole: floor((2 * sum * 2^l * M + 2^(32 + r)) / 2^(33 + r)).
    let product = Int128(sum) * Int128(power(record.leftShift)) * Int128(multiplier)
    let unit = Int128(1) << Int128(33 + record.rightShift)
    let numerator = 2 * product + unit / 2
    let (quotient, remainder) = numerator.quotientAndRemainder(dividingBy: unit)
    return clamped(Int(remainder < 0 ? quotient - 1 : quotient) + Int(record.zeroPoint))
  }

  private func weights(_ index: Int) -> (Int) -> Int {
    if let weights = unpacked[index] { return { Int(weights[$0]) } }
    let record = records[index]
    let start = record.blockOffset + record.op.constantByteCount(channels: record.channels)
    return { Int(Int8(bitPattern: file[start + $0])) }
  }

  private func word(at offset: Int) -> Int {
    let word = (0..<4).reduce(0) { $0 + Int(file[offset + $1]) * power(8 * $1) }
    return word >= power(31) ? word - power(32) : word
  }

  private func power(_ exponent: Int) -> Int { (0..<exponent).reduce(1) { power, _ in power * 2 } }

  private func floor(_ value: Int, _ divisor: Int) -> Int {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }

  private func clamped(_ value: Int) -> Int { max(-128, min(127, value)) }
}

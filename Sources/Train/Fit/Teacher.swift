import Foundation
import Network

/// A trained network whose answers to the pictures of a batch are learned from.
final class Teacher: @unchecked Sendable {
  /// The softmax of its logits over the temperature, (batch, labels).
  let answers: Memory<Float>
  private let forward: Forward
  private let temperature: Float
  private let labelCount: Int

  init(_ network: Network, temperature: Float, batch: Int, threads: Int) {
    self.temperature = temperature
    labelCount = network.logitsShape.channels
    forward = Forward(network, threads: threads)
    answers = Memory(count: batch * network.logitsShape.channels)
  }

  /// Writes its answer to the picture `index` of a batch: height x width x channels, pixels `stride` floats apart.
  func look(at values: UnsafePointer<Float>, stride: Int, index: Int, worker: Int) {
    let seat = forward.seat(worker)
    forward.infer(values, stride: stride, in: seat)
    let logits = forward.logits(seat)
    let answer = answers.start + index * labelCount
    var largest = logits[0]
    for label in 1..<labelCount { largest = max(largest, logits[label]) }
    var sum: Float = 0
    for label in 0..<labelCount {
      answer[label] = exp((logits[label] - largest) / temperature)
      sum += answer[label]
    }
    for label in 0..<labelCount { answer[label] /= sum }
  }
}

extension Network {
  /// A number by which a network with its parameters and grids is known again: FNV-1a over texts and values.
  package var fingerprint: UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func mix(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    func mix(values: [Float]) {
      for value in values {
        for shift in Swift.stride(from: 0, to: 32, by: 8) {
          mix(UInt8(truncatingIfNeeded: value.bitPattern >> UInt32(shift)))
        }
      }
    }
    for byte in (text + (quantization?.text ?? "")).utf8 { mix(byte) }
    for (name, _) in parameterShapes { mix(values: parameters[name]?.values ?? []) }
    for layer in layers {
      if let range = quantization?.ranges[layer.name] { mix(values: [range.low, range.high]) }
    }
    return hash
  }
}

import Foundation
import Testing

@testable import Network
@testable import Train

/// The folder of cases that `Benchmarks/pytorch_cases.py` writes, where there is one.
private let folder = ProcessInfo.processInfo.environment["THIMBLE_PYTORCH"]

@Suite(.enabled(if: folder != nil, "make check-pytorch makes THIMBLE_PYTORCH"))
struct PyTorchTests {
  /// The largest difference between two values at one place, as a share of the largest value that PyTorch has in that
  /// tensor (in itself where they are all 0).
  private static let limit = 1e-5

  /// One layer's cases.
  private struct Row {
    var count = 0
    var forward = 0.0
    var gradient = 0.0
  }

  @Test("every layer's output, and the loss's gradient through it, is PyTorch's")
  func everyLayer() throws {
    let folder = try #require(folder)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter {
      $0.hasSuffix(".safetensors")
    }
    #expect(!names.isEmpty, "\(folder) has no case")
    var rows: [String: Row] = [:]
    for name in names.sorted() {
      let file = try Safetensors(bytes: Array(Data(contentsOf: URL(filePath: "\(folder)/\(name)"))))
      let (layer, forward, gradient) = try differences(file)
      #expect(forward <= Self.limit, "\(name): forward")
      #expect(gradient <= Self.limit, "\(name): gradient")
      var row = rows[layer, default: Row()]
      row.count += 1
      row.forward = max(row.forward, forward)
      row.gradient = max(row.gradient, gradient)
      rows[layer] = row
    }
    print(Self.table(rows))
  }

  /// A case's layer, and how far its outputs and its gradients are from PyTorch's.
  private func differences(
    _ file: Safetensors
  ) throws -> (layer: String, forward: Double, gradient: Double) {
    var network = try Network(text: try #require(file.metadata["network"]))
    for (name, _) in network.parameterShapes {
      let values = try #require(file.tensors["parameter/\(name)"])
      network.parameters[name] = values
    }
    let input = try #require(file.tensors["input"]).values
    let count = network.input.count
    let pictures = stride(from: 0, to: input.count, by: count).map {
      Array(input[$0..<$0 + count])
    }
    let labels = try #require(file.tensors["labels"]).values.map { Int($0) }
    let step = stepGradients(network, pictures, labels: labels, smoothing: 0)
    let loss = try #require(file.tensors["loss"]).values
    var forward = Self.difference([Float(step.loss)], loss)
    for (layer, values) in outputs(network, pictures) {
      let expected = try #require(file.tensors["output/\(layer)"]).values
      forward = max(forward, Self.difference(values, expected))
    }
    var gradient = 0.0
    for (name, values) in step.gradients {
      let expected = try #require(file.tensors["gradient/\(name)"]).values
      gradient = max(gradient, Self.difference(values, expected))
    }
    return (try #require(file.metadata["layer"]), forward, gradient)
  }

  /// Every layer's outputs by name, picture after picture.
  private func outputs(_ network: Network, _ pictures: [[Float]]) -> [String: [Float]] {
    let forward = Forward(network, threads: 1)
    let seat = forward.seat(0)
    var outputs: [String: [Float]] = [:]
    for picture in pictures {
      forward.infer(picture, stride: network.input.channels, in: seat)
      for (index, layer) in network.layers.enumerated() {
        var values = [Float](repeating: 0, count: network.shapes[index].count)
        values.withUnsafeMutableBufferPointer { forward.copy(layer: index, from: seat, to: $0) }
        outputs[layer.name, default: []] += values
      }
    }
    return outputs
  }

  private static func difference(_ found: [Float], _ expected: [Float]) -> Double {
    guard found.count == expected.count else { return .infinity }
    let largest = expected.reduce(0) { max($0, abs($1)) }
    let difference = zip(found, expected).reduce(0) { largest, pair in
      // No number is further than any.
      let distance = abs(Double(pair.0) - Double(pair.1))
      return distance.isNaN ? .infinity : max(largest, distance)
    }
    return difference / (largest > 0 ? Double(largest) : 1)
  }

  private static func table(_ rows: [String: Row]) -> String {
    let lines = rows.sorted { $0.key < $1.key }.map { layer, row in
      layer.padding(toLength: 16, withPad: " ", startingAt: 0)
        + String(format: "%6d %12.1e %12.1e", row.count, row.forward, row.gradient)
    }
    let head = "layer            cases      forward     gradient"
    return ([head] + lines).joined(separator: "\n")
  }
}

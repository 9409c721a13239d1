import Foundation
import Network
import Testing

@Suite struct CheckpointTests {
  /// A checkpoint of a network with two layers.
  private func checkpoint() throws -> Checkpoint {
    var network = try Network(text: "input 2x2x1\nconv 2x2 2\ndense 3 bias=no")
    for (index, shape) in network.parameterShapes.enumerated() {
      network.parameters[shape.name] = Tensor(
        shape: shape.parameter.shape,
        values: (0..<shape.parameter.count).map { Float($0) - Float(index) / 4 })
    }
    network.activations["conv1"] = ActivationHistogram(
      minimum: -1, maximum: 2,
      counts: (0..<ActivationHistogram.binCount).map { Float($0 % 3) })
    return Checkpoint(network: network, metadata: ["seed": "7", "note": "é \"quoted\"\n"])
  }

  @Test("It comes back whole, and the same one always gives the same bytes")
  func roundTrip() throws {
    let checkpoint = try checkpoint()
    #expect(try Checkpoint(bytes: checkpoint.bytes) == checkpoint)
    #expect(checkpoint.bytes == checkpoint.bytes)
  }

  @Test("Cut at any length it is refused")
  func cut() throws {
    let bytes = try checkpoint().bytes
    for length in 0..<bytes.count {
      #expect(throws: CheckpointError.self) { try Checkpoint(bytes: Array(bytes[..<length])) }
    }
    #expect(throws: CheckpointError.self) { try Checkpoint(bytes: bytes + [0]) }
  }

  @Test("Tensors that are missing, too many, misshapen or not finite are named")
  func tensors() throws {
    let whole = try checkpoint()
    func refused(
      _ expected: CheckpointError, sourceLocation: SourceLocation = #_sourceLocation,
      _ change: (inout Network) -> Void
    ) {
      var changed = whole
      change(&changed.network)
      #expect(throws: expected, sourceLocation: sourceLocation) {
        try Checkpoint(bytes: changed.bytes)
      }
    }
    refused(.missingTensor("conv1.bias", shape: [2])) { $0.parameters["conv1.bias"] = nil }
    refused(.extraTensor("conv9.bias")) {
      $0.parameters["conv9.bias"] = Tensor(shape: [1], values: [0])
    }
    refused(.tensorShape("conv1.bias", expected: [2], found: [3])) {
      $0.parameters["conv1.bias"] = Tensor(shape: [3], values: [0, 0, 0])
    }
    refused(.notFinite(tensor: "dense1.weight", index: 1)) {
      $0.parameters["dense1.weight"]?.values[1] = .infinity
    }
  }

  /// A file with this header and so many bytes of tensors.
  private func file(_ header: String, dataByteCount: Int) -> [UInt8] {
    var count = UInt64(header.utf8.count).littleEndian
    return withUnsafeBytes(of: &count) { Array($0) } + Array(header.utf8)
      + [UInt8](repeating: 0, count: dataByteCount)
  }

  @Test("Each way to break the file has its error")
  func attacks() {
    func refused(
      _ header: String, _ dataByteCount: Int, _ expected: CheckpointError,
      sourceLocation: SourceLocation = #_sourceLocation
    ) {
      #expect(throws: expected, sourceLocation: sourceLocation) {
        try Checkpoint(bytes: file(header, dataByteCount: dataByteCount))
      }
    }
    func entry(_ first: Int, _ end: Int, type: String = "F32", shape: String = "1") -> String {
      "{\"dtype\":\"\(type)\",\"shape\":[\(shape)],\"data_offsets\":[\(first),\(end)]}"
    }
    refused("{", 0, .header("it is not JSON"))
    refused("[]", 0, .header("it is of another type than it should be"))
    refused(
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4, .header("entry 'a' has no 'data_offsets'"))
    refused(
      "{\"a\":\(entry(0, 2, type: "F16"))}", 2,
      .elementType(tensor: "a", expected: "F32", found: "F16"))
    refused("{\"a\":\(entry(0, 8))}", 8, .byteCount(tensor: "a", expected: 4, found: 8))
    refused("{\"a\":\(entry(4, 8))}", 8, .offset(tensor: "a", expected: 0, found: 4))
    refused(
      "{\"a\":\(entry(0, 4)),\"b\":\(entry(0, 4))}", 4, .offset(tensor: "b", expected: 4, found: 0))
    refused("{\"a\":\(entry(0, 4))}", 8, .length(expected: 4, found: 8))
    refused("{\"a\":\(entry(0, 4, shape: "9223372036854775807,8"))}", 4, .tooLarge(tensor: "a"))
    refused("{\"a\":\(entry(-4, 0))}", 4, .header("entry 'a' needs extents from 0 and two offsets"))
    refused("{}", 0, .missingMetadata("network"))
    #expect(throws: CheckpointError.headerTooLong(declared: 1 << 40, limit: 1 << 22)) {
      try Checkpoint(bytes: [0, 0, 0, 0, 0, 1, 0, 0])
    }
  }

  static let hasPython: Bool = {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", "import safetensors, numpy"]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  @Test(
    "Python's safetensors opens it",
    .enabled(if: hasPython, "skipped: python3 has no safetensors and numpy"))
  func python() throws {
    let path = NSTemporaryDirectory() + "thimble-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(checkpoint().bytes).write(to: URL(fileURLWithPath: path))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c",
      """
      import sys
      from safetensors import safe_open
      file = safe_open(sys.argv[1], 'np')
      assert file.metadata()['seed'] == '7'
      assert file.get_tensor('dense1.weight').tolist()[0] == [[[-0.5, 0.5]]]
      """, path,
    ]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }
}

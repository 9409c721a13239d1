import Foundation
import Network
import Train

/// A folder with a small data set of drawn digits, a small network, and what the tool made of them.
final class Workshop {
  let folder = try! TemporaryFolder()
  /// A network that learns something in an instant.
  static let network = """
    input 28x28x1
    conv 3x3 4 stride=3 bias=no
    batchnorm
    relu
    dense 10

    """

  init() throws {
    for (part, count, seed) in [("train", 480, 1), ("t10k", 60, 2)] {
      let files = IDX.files(of: GeneratedDigits.dataset(count: count, seed: UInt64(seed)))
      try folder.write(files.pictures, to: "data/\(part)-images-idx3-ubyte")
      try folder.write(files.labels, to: "data/\(part)-labels-idx1-ubyte")
    }
    try folder.write(Data(Self.network.utf8), to: "net.txt")
  }

  var data: String { folder["data"] }

  /// The arguments that train the network to `output`.
  func training(_ output: String, epochs: Int = 2, _ more: [String] = []) -> [String] {
    [
      "train", "--data", data, "--network", folder["net.txt"], "--epochs", "\(epochs)",
      "--output", folder[output],
    ] + more
  }

  /// Trains and exports; the path of the model file.
  func model() throws -> String {
    _ = try BuiltTool.run(training("net.safetensors", epochs: 20))
    _ = try BuiltTool.run([
      "export", folder["net.safetensors"], "--calibration", data, "--output",
      folder["net.thimble"],
    ])
    return folder["net.thimble"]
  }
}

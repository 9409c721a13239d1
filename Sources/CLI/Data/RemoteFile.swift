/// A file on a server, gzipped there, and what it must be.
struct RemoteFile: Hashable, Sendable {
  /// Its name without `.gz`.
  var name: String
  /// The SHA-256 of the unpacked bytes, in lower-case hexadecimal.
  var digest: String

  /// MNIST: 60,000 training and 10,000 test pictures of handwritten digits (LeCun, Cortes, Burges).
  static let mnist = [
    RemoteFile(
      name: "train-images-idx3-ubyte",
      digest: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
    RemoteFile(
      name: "train-labels-idx1-ubyte",
      digest: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
    RemoteFile(
      name: "t10k-images-idx3-ubyte",
      digest: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
    RemoteFile(
      name: "t10k-labels-idx1-ubyte",
      digest: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
  ]

  /// Where MNIST can be had.
  static let mnistMirrors = [
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
  ]
}

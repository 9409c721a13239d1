/// Why bytes are not a checkpoint. The description is one line.
public enum CheckpointError: Error, Hashable, Sendable {
  /// The bytes end before the length of the header, or before the header does.
  case truncated(needed: Int, found: Int)
  /// The header declares more bytes than the limit.
  case headerTooLong(declared: UInt64, limit: Int)
  /// The header is not the JSON it should be: why.
  case header(String)
  /// A tensor that isn't 32-bit float.
  case elementType(tensor: String, expected: String, found: String)
  /// A tensor's shape multiplies to more elements than the file has bytes.
  case tooLarge(tensor: String)
  /// A tensor's bytes are not as many as its shape says.
  case byteCount(tensor: String, expected: Int, found: Int)
  /// A tensor doesn't begin where the one before it ends: a gap or an overlap. Offsets from the end
  /// of the header.
  case offset(tensor: String, expected: Int, found: Int)
  /// The file is longer or shorter than its tensors. Bytes after the header.
  case length(expected: Int, found: Int)
  /// A value that is not finite.
  case notFinite(tensor: String, index: Int)
  /// A tensor that the network needs.
  case missingTensor(String, shape: [Int])
  /// A tensor that the network doesn't have.
  case extraTensor(String)
  /// A tensor of another shape than the network needs.
  case tensorShape(String, expected: [Int], found: [Int])
  /// An activation histogram that is none.
  case histogram(String, expected: String)
  /// An entry of the metadata that is needed.
  case missingMetadata(String)
  /// An entry of the metadata that can't be used.
  case metadata(String, reason: String)
}

extension CheckpointError: CustomStringConvertible {
  /// One line for people.
  public var description: String {
    switch self {
    case .truncated(let needed, let found):
      "checkpoint: expected at least \(needed) bytes, found \(found)"
    case .headerTooLong(let declared, let limit):
      "checkpoint: the header declares \(declared) bytes, at most \(limit) are allowed"
    case .header(let reason): "checkpoint: the header can't be read: \(reason)"
    case .elementType(let tensor, let expected, let found):
      "checkpoint: tensor \(tensor) must be \(expected), found \(found)"
    case .tooLarge(let tensor):
      "checkpoint: tensor \(tensor) has a shape larger than the file"
    case .byteCount(let tensor, let expected, let found):
      "checkpoint: tensor \(tensor) needs \(expected) bytes, found \(found)"
    case .offset(let tensor, let expected, let found):
      "checkpoint: tensor \(tensor) must begin at byte \(expected), found \(found)"
    case .length(let expected, let found):
      "checkpoint: expected \(expected) bytes of tensors, found \(found)"
    case .notFinite(let tensor, let index):
      "checkpoint: tensor \(tensor) holds a value that is not finite, at index \(index)"
    case .missingTensor(let tensor, let shape):
      "checkpoint: tensor \(tensor) of shape \(shape) is missing"
    case .extraTensor(let tensor):
      "checkpoint: tensor \(tensor) belongs to no layer"
    case .tensorShape(let tensor, let expected, let found):
      "checkpoint: tensor \(tensor) must have shape \(expected), found \(found)"
    case .histogram(let layer, let expected):
      "checkpoint: the activation histogram of \(layer) needs \(expected)"
    case .missingMetadata(let key):
      "checkpoint: the metadata has no entry '\(key)'"
    case .metadata(let key, let reason):
      "checkpoint: metadata entry '\(key)': \(reason)"
    }
  }
}

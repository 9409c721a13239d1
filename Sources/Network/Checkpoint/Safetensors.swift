/// A safetensors file of 32-bit floats.
///
/// Eight bytes: the header's length, little-endian. The header: JSON, an object with an entry for
/// each tensor, `{"dtype":"F32","shape":[...],"data_offsets":[first,end]}`, and `__metadata__`, an
/// object of strings. Then the tensors' bytes, little-endian, back to back in the order of their
/// offsets, which count from the header's end.
package struct Safetensors: Equatable, Sendable {
  /// The most bytes a header may take.
  static let headerLimit = 1 << 22

  package var tensors: [String: Tensor]
  package var metadata: [String: String]

  /// Creates a file's contents.
  package init(tensors: [String: Tensor], metadata: [String: String]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  /// The file. It follows from the contents alone: everything is in the order of its name.
  package var bytes: [UInt8] {
    var entries: [String: SafetensorsHeader.Entry] = [:]
    var offset = 0
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      let end = offset + 4 * tensor.values.count
      entries[name] = SafetensorsHeader.Entry(
        dtype: "F32", shape: tensor.shape, data_offsets: [offset, end])
      offset = end
    }
    var header = SafetensorsHeader(entries: entries, metadata: metadata).json
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + header.count + offset)
    for shift in stride(from: 0, to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: header.count >> shift))
    }
    bytes += header
    for (_, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      for value in tensor.values {
        let bits = value.bitPattern
        bytes.append(UInt8(truncatingIfNeeded: bits))
        bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
        bytes.append(UInt8(truncatingIfNeeded: bits >> 16))
        bytes.append(UInt8(truncatingIfNeeded: bits >> 24))
      }
    }
    return bytes
  }

  /// Reads a file.
  /// - Throws: `CheckpointError` that says what was expected and found.
  package init(bytes: [UInt8]) throws(CheckpointError) {
    guard bytes.count >= 8 else { throw .truncated(needed: 8, found: bytes.count) }
    let declared = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard declared <= UInt64(Self.headerLimit) else {
      throw .headerTooLong(declared: declared, limit: Self.headerLimit)
    }
    let dataStart = 8 + Int(declared)
    guard bytes.count >= dataStart else {
      throw .truncated(needed: dataStart, found: bytes.count)
    }
    let header = try SafetensorsHeader(json: bytes[8..<dataStart])
    metadata = header.metadata
    tensors = [:]
    let data = bytes[dataStart...]
    var entries: [Entry] = []
    for (name, entry) in header.entries {
      entries.append(try Entry(name, entry, limit: data.count))
    }
    entries.sort { ($0.first, $0.end, $0.name) < ($1.first, $1.end, $1.name) }
    var end = 0
    for entry in entries {
      guard entry.first == end else {
        throw .offset(tensor: entry.name, expected: end, found: entry.first)
      }
      end = entry.end
    }
    guard end == data.count else { throw .length(expected: end, found: data.count) }
    for entry in entries { tensors[entry.name] = try entry.tensor(data) }
  }

  /// Checks that the tensors are exactly the expected ones.
  /// - Throws: `CheckpointError` that names the first that is missing, misshapen or too many.
  package func check(against expected: [(name: String, shape: [Int])]) throws(CheckpointError) {
    for (name, shape) in expected {
      guard let tensor = tensors[name] else { throw .missingTensor(name, shape: shape) }
      guard tensor.shape == shape else {
        throw .tensorShape(name, expected: shape, found: tensor.shape)
      }
    }
    let names = Set(expected.map(\.name))
    if let extra = tensors.keys.filter({ !names.contains($0) }).min() { throw .extraTensor(extra) }
  }
}

/// One tensor's entry in the header.
private struct Entry {
  var name: String
  var shape: [Int]
  var first: Int
  var end: Int

  /// Reads an entry of a file with `limit` bytes of tensors.
  init(
    _ name: String, _ entry: SafetensorsHeader.Entry, limit: Int
  ) throws(CheckpointError) {
    self.name = name
    shape = entry.shape
    guard entry.data_offsets.count == 2, entry.data_offsets[0] >= 0, shape.allSatisfy({ $0 >= 0 })
    else { throw .header("entry '\(name)' needs extents from 0 and two offsets") }
    guard entry.dtype == "F32" else {
      throw .elementType(tensor: name, expected: "F32", found: entry.dtype)
    }
    var count = 4
    for extent in shape {
      let (product, overflows) = count.multipliedReportingOverflow(by: extent)
      guard !overflows, product <= max(limit, 4) else { throw .tooLarge(tensor: name) }
      count = product
    }
    first = entry.data_offsets[0]
    end = entry.data_offsets[1]
    guard end >= first, end - first == count else {
      throw .byteCount(tensor: name, expected: count, found: end - first)
    }
    guard end <= limit else { throw .length(expected: end, found: limit) }
  }

  /// The tensor; the entry's bytes are inside `data`.
  func tensor(_ data: ArraySlice<UInt8>) throws(CheckpointError) -> Tensor {
    let bytes = data[data.startIndex + first..<data.startIndex + end]
    let values = bytes.withUnsafeBytes { raw in
      (0..<raw.count / 4).map { index in
        Float(
          bitPattern: UInt32(
            littleEndian: raw.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)))
      }
    }
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(tensor: name, index: index)
    }
    return Tensor(shape: shape, values: values)
  }
}

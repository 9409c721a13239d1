import Train

extension IDXError {
  /// One line for a person, to follow the path.
  var words: String {
    switch self {
    case .truncated(let expected, let found):
      "cut short: \(expected) bytes expected, \(found) found"
    case .overlong(let expected, let found):
      "too long: \(expected) bytes expected, \(found) found"
    case .magic(let expected, let found):
      "not an IDX file: begins with \(hexadecimal(found)) instead of \(hexadecimal(expected))"
    case .extentCount(let expected, let found):
      "an IDX file of \(found) dimensions, \(expected) expected"
    case .mislabelled(let expected, let found):
      "holds \(name(found)) where \(name(expected)) are expected"
    case .emptyExtent(let index, let offset):
      "dimension \(index + 1) is zero (at byte \(offset))"
    case .tooLarge(let extents):
      "impossible size \(extents.map(String.init).joined(separator: "x"))"
    case .countMismatch(let pictures, let labels):
      "\(NumberFormat.grouped(labels)) labels for \(NumberFormat.grouped(pictures)) pictures"
    case .dataset(.empty): "no picture in it"
    case .dataset(.pixelCount(let expected, let found)):
      "\(expected) pixels expected, \(found) found"
    case .dataset(.labelOutOfRange(let picture, let label, let count)):
      "picture \(picture) has label \(label), there are \(count)"
    }
  }

  private func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
  }

  private func name(_ content: IDX.Content) -> String {
    content == .pictures ? "pictures" : "labels"
  }
}

import TinyRuntime

extension OpRecord {
  /// Whether its edge carries padding.
  var hasMargin: Bool { marginTop | marginBottom | marginLeft | marginRight != 0 }

  /// The records it reads.
  var inputs: [Int] {
    if op == .input { return [] }
    return op.hasSecondInput ? [input, inputOrGroups] : [input]
  }
}

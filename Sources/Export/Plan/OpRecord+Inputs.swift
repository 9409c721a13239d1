import TinyRuntime

extension OpRecord {
  /// The records it reads.
  var inputs: [Int] {
    switch op {
    case .input: []
    case .add: [input, inputOrGroups]
    default: [input]
    }
  }
}

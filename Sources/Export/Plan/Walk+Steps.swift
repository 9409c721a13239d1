import TinyRuntime

extension Walk {
  /// Every step of a model, in order.
  /// - Parameters:
  ///   - file: a file that holds the model's records, checked.
  ///   - recordCount: how many.
  /// - Returns: the steps.
  static func steps(of file: [UInt8], recordCount: Int) -> [WalkStep] {
    var state = [UInt32](
      repeating: 0, count: ModelFormat.stateByteCount(recordCount: recordCount) / 4)
    return file.withUnsafeBytes { file in
      state.withUnsafeMutableBytes { state in
        var walk = Walk(file, recordCount: recordCount, state: state)
        var steps: [WalkStep] = []
        while let step = walk.next() { steps.append(step) }
        return steps
      }
    }
  }
}

import CTinyRuntime

/// What the C interface calls, in firmware that runs one model: `SpecializedModel`, which `thimble firmware` made, takes the
/// place of the interpreter.
enum Engine {
  /// Makes sure that the file is the model's: its length and its checksum, which was computed when the model was made.
  /// - Returns: what `thimble_load` does.
  @unsafe
  static func load(_ model: inout thimble_model) -> Int32 {
    let byteCount = unsafe Int(model.file_bytes)
    guard byteCount == SpecializedModel.byteCount,
      unsafe file(of: model).int32(ModelFormat.Header.checksum / 4)
        == Int32(bitPattern: SpecializedModel.checksum)
    else { return Int32(THIMBLE_BAD_FILE) }
    let (input, output) = (SpecializedModel.input, SpecializedModel.output)
    unsafe model.memory_bytes = UInt32(SpecializedModel.memoryByteCount)
    unsafe model.arena_bytes = UInt32(SpecializedModel.memoryByteCount)
    unsafe model.weight_ram_bytes = 0
    unsafe model.input_height = UInt16(input.height)
    unsafe model.input_width = UInt16(input.width)
    unsafe model.input_channels = UInt16(input.channels)
    unsafe model.output_height = UInt16(output.height)
    unsafe model.output_width = UInt16(output.width)
    unsafe model.output_channels = UInt16(output.channels)
    return Int32(THIMBLE_OK)
  }

  /// Weights are used in place: there is nothing to make ready.
  @unsafe
  static func prepare(_ model: thimble_model) -> Int32 { Int32(THIMBLE_OK) }

  /// Runs one picture.
  /// - Parameters:
  ///   - model: loaded and prepared.
  ///   - output: the output tensor.
  ///   - picture: writes a row of the picture: its index, where to, and how many values.
  @inline(always) @unsafe
  static func run(
    _ model: thimble_model, _ output: UnsafeMutablePointer<Int8>,
    picture: (Int, UnsafeMutablePointer<Int8>, Int) -> Void
  ) {
    let memory = unsafe MutableBytes(
      model.memory, count: SpecializedModel.memoryByteCount)
    let file = unsafe file(of: model)
    var taken = SpecializedModel.StepCounts(repeating: 0)
    let steps = SpecializedModel.steps
    for position in 0..<steps.utf8CodeUnitCount {
      let index = Int(unsafe steps.utf8Start[position])
      let step = Int(unsafe taken[unchecked: index])
      unsafe taken[unchecked: index] &+= 1
      if index == 0 {
        let record = SpecializedModel.record0
        if memory.fillMargin(record, step) {
          memory.pixels(record, step).withSpan(count: record.pixelByteCount) {
            unsafe $0.withUnsafeMutableBufferPointer {
              unsafe picture(step &- record.marginTop, $0.baseAddress!, $0.count)
            }
          }
        }
      } else {
        SpecializedModel.take(index, memory, file, step: step)
      }
      thimble_step_taken(UInt32(truncatingIfNeeded: index))
    }
    memory.copy(
      SpecializedModel.lastRecord,
      into: unsafe MutableBytes(output, count: SpecializedModel.lastRecord.pixelByteCount))
  }

  /// Whether a step whose code isn't made for packed weights may have some.
  @inline(always)
  static var mayMeetPacked: Bool { false }

  @unsafe
  private static func file(of model: thimble_model) -> Bytes {
    unsafe Bytes(model.file, count: SpecializedModel.byteCount)
  }
}

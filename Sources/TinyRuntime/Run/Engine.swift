import CTinyRuntime

/// What the C interface calls: here the interpreter of model files. Specialized firmware has an engine of its own, which runs one
/// model only.
enum Engine {
  /// Checks the model's file, and fills in what it needs.
  /// - Returns: what `thimble_load` does.
  @unsafe
  static func load(_ model: inout thimble_model) -> Int32 {
    do throws(ModelError) {
      let loaded = try unsafe Model(
        loading: RawSpan(_unsafeStart: model.file, byteCount: Int(model.file_bytes)))
      unsafe model.memory_bytes = UInt32(truncatingIfNeeded: loaded.memoryByteCount)
      unsafe model.arena_bytes = UInt32(truncatingIfNeeded: loaded.arenaByteCount)
      unsafe model.weight_ram_bytes = UInt32(truncatingIfNeeded: loaded.weightRAMByteCount)
      unsafe model.input_height = UInt16(truncatingIfNeeded: loaded.inputHeight)
      unsafe model.input_width = UInt16(truncatingIfNeeded: loaded.inputWidth)
      unsafe model.input_channels = UInt16(truncatingIfNeeded: loaded.inputChannels)
      unsafe model.output_height = UInt16(truncatingIfNeeded: loaded.outputHeight)
      unsafe model.output_width = UInt16(truncatingIfNeeded: loaded.outputWidth)
      unsafe model.output_channels = UInt16(truncatingIfNeeded: loaded.outputChannels)
      return Int32(THIMBLE_OK)
    } catch {
      if error.isVersion { return Int32(THIMBLE_BAD_VERSION) }
      return Int32(THIMBLE_BAD_FILE)
    }
  }

  /// Makes the model's memory ready.
  /// - Returns: what `thimble_prepare` does.
  @unsafe
  static func prepare(_ model: thimble_model) -> Int32 {
    do throws(ModelError) {
      try unsafe session(of: model).prepare()
      return Int32(THIMBLE_OK)
    } catch { return Int32(THIMBLE_BAD_FILE) }
  }

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
    let count =
      unsafe Int(model.output_height) &* Int(model.output_width) &* Int(model.output_channels)
    var values = unsafe MutableSpan(_unsafeStart: output, count: count)
    unsafe session(of: model).run(
      picture: { index, row in
        unsafe row.withUnsafeMutableBufferPointer {
          // A row has at least one value.
          unsafe picture(index, $0.baseAddress!, $0.count)
        }
      }, output: &values)
  }

  /// Whether a step whose code isn't made for packed weights may have some.
  @inline(always)
  static var mayMeetPacked: Bool { Encoding.holdsPacked }

  @unsafe
  private static func session(of model: thimble_model) -> Session {
    unsafe Session(
      file: UnsafeRawBufferPointer(start: model.file, count: Int(model.file_bytes)),
      memory: UnsafeMutableRawBufferPointer(start: model.memory, count: Int(model.memory_bytes)))
  }
}

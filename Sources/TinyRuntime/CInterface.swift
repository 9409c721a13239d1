import CTinyRuntime

// The C interface; `thimble.h` documents it. The caller promises there that pointers are valid for the counts given, for as
// long as the model is used: that is what every unsafe line below rests on.

/// Checks a model file and fills in the model.
@c @implementation
public func thimble_load(
  _ model: UnsafeMutablePointer<thimble_model>!, _ file: UnsafeRawPointer!, _ file_bytes: Int
) -> Int32 {
  guard UInt(bitPattern: file) & 3 == 0 else { return Int32(THIMBLE_MISALIGNED) }
  // A length past 2^31 on a 32-bit core comes in negative.
  guard file_bytes >= 0 else { return Int32(THIMBLE_BAD_FILE) }
  do throws(ModelError) {
    let loaded = try unsafe Model(
      loading: RawSpan(_unsafeStart: file, byteCount: file_bytes))
    unsafe model.pointee = thimble_model(
      memory_bytes: UInt32(truncatingIfNeeded: loaded.memoryByteCount),
      arena_bytes: UInt32(truncatingIfNeeded: loaded.arenaByteCount),
      weight_ram_bytes: UInt32(truncatingIfNeeded: loaded.weightRAMByteCount),
      input_height: UInt16(truncatingIfNeeded: loaded.inputHeight),
      input_width: UInt16(truncatingIfNeeded: loaded.inputWidth),
      input_channels: UInt16(truncatingIfNeeded: loaded.inputChannels),
      output_height: UInt16(truncatingIfNeeded: loaded.outputHeight),
      output_width: UInt16(truncatingIfNeeded: loaded.outputWidth),
      output_channels: UInt16(truncatingIfNeeded: loaded.outputChannels),
      file: file.assumingMemoryBound(to: UInt8.self),
      file_bytes: UInt32(truncatingIfNeeded: file_bytes), memory: nil)
    return Int32(THIMBLE_OK)
  } catch {
    if case .version = error { return Int32(THIMBLE_BAD_VERSION) }
    return Int32(THIMBLE_BAD_FILE)
  }
}

/// Gives the model its memory and unpacks its weights.
@c @implementation
public func thimble_prepare(
  _ model: UnsafeMutablePointer<thimble_model>!, _ memory: UnsafeMutableRawPointer!,
  _ memory_bytes: Int
) -> Int32 {
  guard UInt(bitPattern: memory) & 3 == 0 else { return Int32(THIMBLE_MISALIGNED) }
  guard unsafe memory_bytes >= Int(model.pointee.memory_bytes) else {
    return Int32(THIMBLE_SMALL_MEMORY)
  }
  unsafe model.pointee.memory = memory.assumingMemoryBound(to: UInt8.self)
  do throws(ModelError) {
    try unsafe session(of: model.pointee).prepare()
    return Int32(THIMBLE_OK)
  } catch {
    unsafe model.pointee.memory = nil
    return Int32(THIMBLE_BAD_FILE)
  }
}

/// Runs a picture that lies whole in memory.
@c @implementation
public func thimble_run(
  _ model: UnsafePointer<thimble_model>!, _ picture: UnsafePointer<Int8>!,
  _ output: UnsafeMutablePointer<Int8>!
) -> Int32 {
  let rowCount = unsafe Int(model.pointee.input_width) &* Int(model.pointee.input_channels)
  return unsafe run(model.pointee, output) { index, row in
    let source = unsafe UnsafeBufferPointer(
      start: picture.advanced(by: index &* rowCount), count: rowCount)
    for element in 0..<row.count { row[element] = unsafe source[element] }
  }
}

/// Runs a picture that comes row by row.
@c @implementation
public func thimble_run_rows(
  _ model: UnsafePointer<thimble_model>!, _ row: thimble_row!, _ context: UnsafeMutableRawPointer!,
  _ output: UnsafeMutablePointer<Int8>!
) -> Int32 {
  unsafe run(model.pointee, output) { index, pixels in
    unsafe pixels.withUnsafeMutableBufferPointer {
      unsafe row(context, UInt32(truncatingIfNeeded: index), $0.baseAddress)
    }
  }
}

@inline(__always)
private func run(
  _ model: thimble_model, _ output: UnsafeMutablePointer<Int8>,
  picture: (Int, inout MutableSpan<Int8>) -> Void
) -> Int32 {
  guard unsafe model.memory != nil else { return Int32(THIMBLE_NOT_PREPARED) }
  let count =
    unsafe Int(model.output_height) &* Int(model.output_width) &* Int(model.output_channels)
  var values = unsafe MutableSpan(_unsafeStart: output, count: count)
  unsafe session(of: model).run(picture: picture, output: &values) { _, _, _ in }
  return Int32(THIMBLE_OK)
}

private func session(of model: thimble_model) -> Session {
  unsafe Session(
    file: UnsafeRawBufferPointer(start: model.file, count: Int(model.file_bytes)),
    memory: UnsafeMutableRawBufferPointer(start: model.memory, count: Int(model.memory_bytes)))
}

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
  unsafe model.pointee.file = file.assumingMemoryBound(to: UInt8.self)
  unsafe model.pointee.file_bytes = UInt32(truncatingIfNeeded: file_bytes)
  unsafe model.pointee.memory = nil
  return unsafe Engine.load(&model.pointee)
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
  let result = unsafe Engine.prepare(model.pointee)
  if result != Int32(THIMBLE_OK) { unsafe model.pointee.memory = nil }
  return result
}

/// Runs a picture that lies whole in memory.
@c @implementation
public func thimble_run(
  _ model: UnsafePointer<thimble_model>!, _ picture: UnsafePointer<Int8>!,
  _ output: UnsafeMutablePointer<Int8>!
) -> Int32 {
  guard unsafe model.pointee.memory != nil else { return Int32(THIMBLE_NOT_PREPARED) }
  unsafe Engine.run(model.pointee, output) { index, row, count in
    let source = unsafe picture + index &* count
    for element in 0..<count { unsafe row[element] = source[element] }
  }
  return Int32(THIMBLE_OK)
}

/// Runs a picture that comes row by row.
@c @implementation
public func thimble_run_rows(
  _ model: UnsafePointer<thimble_model>!, _ row: thimble_row!, _ context: UnsafeMutableRawPointer!,
  _ output: UnsafeMutablePointer<Int8>!
) -> Int32 {
  guard unsafe model.pointee.memory != nil else { return Int32(THIMBLE_NOT_PREPARED) }
  unsafe Engine.run(model.pointee, output) { index, pixels, _ in
    unsafe row(context, UInt32(truncatingIfNeeded: index), pixels)
  }
  return Int32(THIMBLE_OK)
}

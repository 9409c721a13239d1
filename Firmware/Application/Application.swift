import Board
import CTinyRuntime

/// Runs the embedded model on each embedded picture, or once on a picture of zeros if there are none; with THIMBLE_ROWS, on its
/// rows. Writes a
/// line for each output tensor, its bytes in hexadecimal, and at the end one of `=` and three words: the steps
/// taken (load, prepare, a run each), the last one's result, and the deepest stack. `Tools/show-run` puts it into words.
/// - Returns: the last step's result, for the emulator's exit status.
@c(main)
public func main() -> CInt {
  var end: (steps: UInt32, result: Int32, stack: UInt32) = (1, 0, 0)
  end.result = thimble_load(embedded.model, embedded.file, embedded.file_bytes)
  if end.result == 0 {
    end.steps = 2
    end.result = thimble_prepare(embedded.model, embedded.memory, embedded.memory_bytes)
  }
  var next = embedded.pictures
  while end.result == 0 {
    end.steps &+= 1
    #if THIMBLE_ROWS
      profile_begin()
      end.result = thimble_run_rows(
        embedded.model, writeRow, UnsafeMutableRawPointer(mutating: next), embedded.output)
    #else
      if next < embedded.pictures_end { copy(next, embedded.picture_bytes, embedded.picture) }
      profile_begin()
      end.result = thimble_run(embedded.model, embedded.picture, embedded.output)
    #endif
    profile_end()
    next += embedded.picture_bytes
    write(embedded.output, embedded.output_bytes)
    if next >= embedded.pictures_end { break }
  }
  end.stack = stack_deepest()
  profile_write()
  board_write(61)
  write(&end, MemoryLayout.size(ofValue: end))
  return end.result
}

#if THIMBLE_ROWS
  /// Writes row `index` of the picture at `picture`, as a camera that sends rows would.
  private func writeRow(
    _ picture: UnsafeMutableRawPointer?, _ index: UInt32, _ row: UnsafeMutablePointer<Int8>?
  ) {
    guard let picture, let row else { return }
    let model = embedded.model.pointee
    let count = Int(model.input_width) &* Int(model.input_channels)
    copy(picture.assumingMemoryBound(to: Int8.self) + Int(index) &* count, count, row)
  }
#endif

/// Copies at least one value.
@inline(__always)
private func copy(_ from: UnsafePointer<Int8>, _ count: Int, _ to: UnsafeMutablePointer<Int8>) {
  var index = 0
  repeat {
    to[index] = from[index]
    index &+= 1
  } while index < count
}

/// Writes bytes in hexadecimal, at least one, and ends the line.
@inline(never)
private func write(_ bytes: UnsafeRawPointer, _ count: Int) {
  var next = bytes
  repeat {
    let byte = next.load(as: UInt8.self)
    write(digit: byte &>> 4)
    write(digit: byte & 15)
    next += 1
  } while next < bytes + count
  board_write(10)
}

@inline(never)
private func write(digit: UInt8) {
  board_write(digit < 10 ? 48 &+ digit : 87 &+ digit)
}

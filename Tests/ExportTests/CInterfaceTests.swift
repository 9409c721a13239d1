import CTinyRuntime
import Export
import Network
import Testing
import TinyRuntime
import Train

@Suite struct CInterfaceTests {
  /// Calls `body` with a loaded model over an aligned copy of a file, and aligned memory of the size it asks for.
  private func withModel(
    _ file: [UInt8],
    _ body: (UnsafeMutablePointer<thimble_model>, UnsafeMutableRawPointer) throws -> Void
  ) throws {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: file.count, alignment: 4)
    defer { copy.deallocate() }
    copy.copyBytes(from: file)
    var model = thimble_model()
    try #require(thimble_load(&model, copy.baseAddress, file.count) == Int32(THIMBLE_OK))
    let memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: Int(model.memory_bytes), alignment: 4)
    defer { memory.deallocate() }
    try body(&model, memory.baseAddress!)
  }

  @Test(
    "It gives what the Swift interface gives, whole or by rows",
    arguments: [EncodingChoice.raw, .deflate])
  func equalsSwift(encoding: EncodingChoice) throws {
    let file = try ModelBytes.residual(encoding: encoding)
    let host = try HostModel(file)
    let picture = (0..<64).map { Int8(truncatingIfNeeded: $0 * 37) }
    let expected = host.run(picture)
    try withModel(file) { model, memory in
      #expect(Int(model.pointee.memory_bytes) == host.model.memoryByteCount)
      #expect(model.pointee.input_height == 8 && model.pointee.output_channels == 5)
      #expect(
        thimble_prepare(model, memory, Int(model.pointee.memory_bytes)) == Int32(THIMBLE_OK))
      var output = [Int8](repeating: 0, count: 5)
      for _ in 0..<2 {
        #expect(thimble_run(model, picture, &output) == Int32(THIMBLE_OK))
        #expect(output == expected)
      }
      var rows: [Int8] = [Int8](repeating: 0, count: 5)
      var source = picture
      let status = source.withUnsafeMutableBufferPointer { pixels in
        thimble_run_rows(
          model,
          { context, index, row in
            let pixels = context!.assumingMemoryBound(to: Int8.self)
            for x in 0..<8 { row![x] = pixels[Int(index) * 8 + x] }
          }, pixels.baseAddress, &rows)
      }
      #expect(status == Int32(THIMBLE_OK))
      #expect(rows == expected)
    }
  }

  @Test("Each misuse has its error")
  func misuse() throws {
    let file = try ModelBytes.residual()
    try withModel(file) { model, memory in
      var output = [Int8](repeating: 0, count: 5)
      let picture = [Int8](repeating: 0, count: 64)
      #expect(thimble_run(model, picture, &output) == Int32(THIMBLE_NOT_PREPARED))
      let size = Int(model.pointee.memory_bytes)
      #expect(thimble_prepare(model, memory, size - 1) == Int32(THIMBLE_SMALL_MEMORY))
      #expect(thimble_prepare(model, memory + 1, size) == Int32(THIMBLE_MISALIGNED))
      #expect(thimble_run(model, picture, &output) == Int32(THIMBLE_NOT_PREPARED))
      var other = thimble_model()
      #expect(
        thimble_load(&other, UnsafeRawPointer(model.pointee.file + 1), file.count - 1)
          == Int32(THIMBLE_MISALIGNED))
      #expect(
        thimble_load(&other, UnsafeRawPointer(model.pointee.file), file.count - 1)
          == Int32(THIMBLE_BAD_FILE))
      #expect(
        thimble_load(&other, UnsafeRawPointer(model.pointee.file), -1) == Int32(THIMBLE_BAD_FILE))
    }
    var newer = file
    newer[4] = 2
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: file.count, alignment: 4)
    defer { copy.deallocate() }
    copy.copyBytes(from: newer)
    var model = thimble_model()
    #expect(
      thimble_load(&model, copy.baseAddress, newer.count) == Int32(THIMBLE_BAD_VERSION))
  }

  @Test("The inline helpers do what the header says")
  func helpers() {
    #expect(thimble_pixel(0) == -128 && thimble_pixel(128) == 0 && thimble_pixel(255) == 127)
    #expect(thimble_argmax([3, 9, 9, -1], 4) == 1)
  }
}

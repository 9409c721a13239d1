import CTinyRuntime

/// Makes output channels of some pixels, four at a time.
struct BlockSums {
  let weights: UInt
  let constants: UInt
  let channels: Int
  /// Of an output pixel.
  let outputChannels: Int
  let scale: thimble_scale
  /// Where the first pixel goes.
  var output: UInt

  /// Pixels whose window is one run each.
  /// - Parameters:
  ///   - first: the first pixel's run.
  ///   - step: bytes to the next one's.
  ///   - count: pixels.
  ///   - blocks: of a run.
  ///   - isPooled: whether the largest of them becomes one pixel, instead of each becoming one.
  ///   - keeps: for a pool, whether what is in the output already stays where it is larger.
  @inline(never)
  func putRuns(
    from first: UInt, step: Int, count: Int, blocks: Int, isPooled: Bool, keeps: Bool
  ) {
    let blocks = Int32(truncatingIfNeeded: blocks)
    let one = thimble_rows(end: .max, count: 1, row_step: 0, ring_bytes: 0)
    var group = Group(self)
    repeat {
      var output = group.output
      let largest = putRow(
        of: group, from: first, step: step, count: count, one, blocks, isPooled: isPooled,
        isOneRun: true, into: &output)
      if isPooled {
        thimble_put(largest, group.constants, scale, group.output, group.count, keeps)
      }
    } while group.next(16 &* Int(blocks))
  }

  /// A row of pixels whose windows have several rows, or are those of a pool.
  @inline(never)
  func putWindows(_ input: Bytes, _ window: RowWindow, blocks: Int) {
    let rows = window.rows(in: input)
    let isPooled = window.poolHeight &* window.poolWidth > 1
    // With a pool each pixel is made of a row of pixels for each of its rows.
    let width = isPooled ? window.poolWidth : window.outputWidth
    let step = isPooled ? window.poolColumnStep : window.columnStride
    let outputs = isPooled ? window.outputWidth : 1
    let blocks = Int32(truncatingIfNeeded: blocks)
    var group = Group(self)
    repeat {
      var output = group.output
      for index in 0..<outputs {
        var largest = thimble_sums(repeating: .min)
        for row in 0..<window.poolHeight {
          let first =
            window.address(in: input, row: row &* window.poolRowStep)
            &+ UInt(bitPattern: index &* window.columnStride)
          largest = thimble_largest(
            largest,
            putRow(
              of: group, from: first, step: step, count: width, rows, blocks, isPooled: isPooled,
              isOneRun: false, into: &output))
        }
        if isPooled {
          thimble_put(largest, group.constants, scale, output, group.count, false)
          output &+= UInt(bitPattern: outputChannels)
        }
      }
    } while group.next(16 &* Int(blocks) &* window.kernelHeight)
  }

  /// A row of pixels of a group of channels, `THIMBLE_PIXELS` at a time and then one by one.
  /// - Parameters:
  ///   - group: the channels.
  ///   - first: the first pixel's window.
  ///   - step: bytes to the next one's.
  ///   - count: pixels.
  ///   - rows: of a window.
  ///   - blocks: of a row of it.
  ///   - isPooled: whether the largest of them are returned, instead of each being put.
  ///   - isOneRun: whether a window is one row.
  ///   - output: where they are put; moves on.
  /// - Returns: the largest sums, with a pool.
  @inline(always)
  private func putRow(
    of group: Group, from first: UInt, step: Int, count: Int, _ rows: thimble_rows,
    _ blocks: Int32, isPooled: Bool, isOneRun: Bool, into output: inout UInt
  ) -> thimble_sums {
    var largest = thimble_sums(repeating: .min)
    var at = first
    var left = count
    let pixelStep = Int32(truncatingIfNeeded: step)
    while group.isFull, left >= THIMBLE_PIXELS {
      let pixels =
        isOneRun
        ? thimble_run_sums(at, pixelStep, group.weights, blocks)
        : thimble_window_sums(at, pixelStep, rows, group.weights, blocks)
      if isPooled {
        largest = thimble_largest(largest, thimble_largest_pixel(pixels))
      } else {
        thimble_put_pixels(
          pixels, group.constants, scale, output, Int32(truncatingIfNeeded: outputChannels))
        output &+= UInt(bitPattern: THIMBLE_PIXELS &* outputChannels)
      }
      at &+= UInt(bitPattern: THIMBLE_PIXELS &* step)
      left &-= THIMBLE_PIXELS
    }
    while left > 0 {
      let pixel = group.sums(at, rows, blocks)
      if isPooled {
        largest = thimble_largest(largest, pixel)
      } else {
        thimble_put(pixel, group.constants, scale, output, group.count, false)
        output &+= UInt(bitPattern: outputChannels)
      }
      at &+= UInt(bitPattern: step)
      left &-= 1
    }
    return largest
  }

  /// Four output channels, or those that are left over at the end.
  struct Group {
    var weights: UInt
    var constants: UInt
    var output: UInt
    private var left: Int

    @inline(always)
    init(_ sums: BlockSums) {
      weights = sums.weights
      constants = sums.constants
      output = sums.output
      left = sums.channels
    }

    @inline(always)
    var isFull: Bool { left >= 4 }

    @inline(always)
    var count: Int32 { Int32(truncatingIfNeeded: min(4, left)) }

    /// The sums of one pixel.
    @inline(always)
    func sums(_ at: UInt, _ rows: thimble_rows, _ blocks: Int32) -> thimble_sums {
      isFull
        ? thimble_pixel_sums(at, rows, weights, blocks)
        : thimble_rest_sums(at, rows, weights, blocks, count)
    }

    /// Goes on to the next channels, if any. One has `byteCount` bytes of weights.
    @inline(always)
    mutating func next(_ byteCount: Int) -> Bool {
      weights &+= UInt(bitPattern: 4 &* byteCount)
      constants &+= 32
      output &+= 4
      left &-= 4
      return left > 0
    }
  }
}

import Network

/// A 3x3 convolution's picture cut into tiles, each of which gives 2x2 outputs of 16 products an input channel instead of
/// 36: the minimal filtering algorithm F(2x2, 3x3) (Winograd, 1980; Lavin and Gray, 2016).
///
/// With `d` a tile of 4x4 inputs, `g` the kernel and `y` the outputs, `y = A' [(G g G') * (B' d B)] A`; the gradients
/// are the same maps transposed, over the same tiles. Spread values lie (16 places, tiles, channels), so that at each
/// place the sums over channels are one matrix product.
struct WinogradTiles {
  /// The most tiles at a time: what is spread of them stays in a cache of the core's own.
  static let groupSize = 24
  /// The products of a tile and a pair of channels.
  static let places = 16

  /// The outputs.
  let outputShape: Shape
  /// Floats from a pixel to the next and from a row to the next, of the picture with its padding.
  let inputPixel: Int
  let inputRow: Int

  private var columns: Int { (outputShape.width + 1) / 2 }
  /// The number of tiles.
  var count: Int { columns * ((outputShape.height + 1) / 2) }
  private var outputPixel: Int { outputShape.pixelStride }
  private var outputRow: Int { outputShape.width * outputPixel }

  /// From one place to the next, for a number of channels: a line more than the tiles take, since places whose
  /// distance is a power of two would share few lines of a cache.
  static func placeStride(_ channels: Int) -> Int { groupSize * channels + 16 }

  private var inputPlace: Int { Self.placeStride(inputPixel) }
  private var outputPlace: Int { Self.placeStride(outputPixel) }

  /// Calls `body` with groups of tiles of about equal size.
  @inline(__always)
  func eachGroup(_ body: (_ tiles: Range<Int>) -> Void) {
    let groups = (count + Self.groupSize - 1) / Self.groupSize
    for group in 0..<groups { body(count * group / groups..<count * (group + 1) / groups) }
  }

  /// `B' d B` of each tile of a padded picture.
  func spreadInput(
    _ input: UnsafePointer<Float>, _ tiles: Range<Int>, into spread: UnsafeMutablePointer<Float>
  ) {
    if inputPixel % 16 == 0 {
      spreadInput(SIMD16<Float>.self, input, tiles, spread)
    } else {
      spreadInput(SIMD8<Float>.self, input, tiles, spread)
    }
  }

  @inline(__always)
  private func spreadInput<V: SIMD>(
    _: V.Type, _ input: UnsafePointer<Float>, _ tiles: Range<Int>,
    _ spread: UnsafeMutablePointer<Float>
  ) where V.Scalar == Float {
    let (pixel, row, place) = (inputPixel, inputRow, inputPlace)
    for tile in tiles {
      let source = input + inputOffset(tile)
      let target = spread + (tile &- tiles.lowerBound) &* pixel
      for channel in stride(from: 0, to: pixel, by: V.scalarCount) {
        let s = source + channel
        let r0 = Four<V>(at: s, stride: pixel).spread
        let r1 = Four<V>(at: s + row, stride: pixel).spread
        let r2 = Four<V>(at: s + 2 &* row, stride: pixel).spread
        let r3 = Four<V>(at: s + 3 &* row, stride: pixel).spread
        let t = target + channel
        (r0 - r2).store(to: t, stride: place)
        (r1 + r2).store(to: t + 4 &* place, stride: place)
        (r2 - r1).store(to: t + 8 &* place, stride: place)
        (r1 - r3).store(to: t + 12 &* place, stride: place)
      }
    }
  }

  /// `A' m A` of each tile, plus the bias if there is one: the outputs.
  func gatherOutput(
    _ spread: UnsafePointer<Float>, bias: UnsafePointer<Float>, _ tiles: Range<Int>,
    into output: UnsafeMutablePointer<Float>
  ) {
    if outputPixel % 16 == 0 {
      gatherOutput(SIMD16<Float>.self, spread, bias, tiles, output)
    } else {
      gatherOutput(SIMD8<Float>.self, spread, bias, tiles, output)
    }
  }

  @inline(__always)
  private func gatherOutput<V: SIMD>(
    _: V.Type, _ spread: UnsafePointer<Float>, _ bias: UnsafePointer<Float>, _ tiles: Range<Int>,
    _ output: UnsafeMutablePointer<Float>
  ) where V.Scalar == Float {
    let (pixel, row, place) = (outputPixel, outputRow, outputPlace)
    for tile in tiles {
      let (offset, hasRight, hasBelow) = outputCorner(tile)
      let source = spread + (tile &- tiles.lowerBound) &* pixel
      for channel in stride(from: 0, to: pixel, by: V.scalarCount) {
        let s = source + channel
        let r0 = Four<V>(at: s, stride: place)
        let r1 = Four<V>(at: s + 4 &* place, stride: place)
        let r2 = Four<V>(at: s + 8 &* place, stride: place)
        let r3 = Four<V>(at: s + 12 &* place, stride: place)
        let (above, below) = (r0 + r1 + r2, r1 - r2 - r3)
        let b = V(at: bias + channel)
        let t = output + offset + channel
        (b + above.v0 + above.v1 + above.v2).store(to: t)
        if hasRight { (b + above.v1 - above.v2 - above.v3).store(to: t + pixel) }
        guard hasBelow else { continue }
        (b + below.v0 + below.v1 + below.v2).store(to: t + row)
        if hasRight { (b + below.v1 - below.v2 - below.v3).store(to: t + row + pixel) }
      }
    }
  }

  /// `A dy A'` of each tile; outputs that don't exist have no gradient.
  func spreadGradient(
    _ gradient: UnsafePointer<Float>, _ tiles: Range<Int>,
    into spread: UnsafeMutablePointer<Float>
  ) {
    if outputPixel % 16 == 0 {
      spreadGradient(SIMD16<Float>.self, gradient, tiles, spread)
    } else {
      spreadGradient(SIMD8<Float>.self, gradient, tiles, spread)
    }
  }

  @inline(__always)
  private func spreadGradient<V: SIMD>(
    _: V.Type, _ gradient: UnsafePointer<Float>, _ tiles: Range<Int>,
    _ spread: UnsafeMutablePointer<Float>
  ) where V.Scalar == Float {
    let (pixel, row, place) = (outputPixel, outputRow, outputPlace)
    for tile in tiles {
      let (offset, hasRight, hasBelow) = outputCorner(tile)
      let target = spread + (tile &- tiles.lowerBound) &* pixel
      for channel in stride(from: 0, to: pixel, by: V.scalarCount) {
        let s = gradient + offset + channel
        let a = V(at: s)
        let b = hasRight ? V(at: s + pixel) : .zero
        let c = hasBelow ? V(at: s + row) : .zero
        let d = hasRight && hasBelow ? V(at: s + row + pixel) : .zero
        let above = Four<V>(a, a + b, a - b, -b)
        let below = Four<V>(c, c + d, c - d, -d)
        let t = target + channel
        above.store(to: t, stride: place)
        (above + below).store(to: t + 4 &* place, stride: place)
        (above - below).store(to: t + 8 &* place, stride: place)
        (-below).store(to: t + 12 &* place, stride: place)
      }
    }
  }

  /// Adds `B m B'` of each tile to the padded picture's gradient.
  func addInputGradient(
    _ spread: UnsafePointer<Float>, _ tiles: Range<Int>, to target: UnsafeMutablePointer<Float>
  ) {
    if inputPixel % 16 == 0 {
      addInputGradient(SIMD16<Float>.self, spread, tiles, target)
    } else {
      addInputGradient(SIMD8<Float>.self, spread, tiles, target)
    }
  }

  @inline(__always)
  private func addInputGradient<V: SIMD>(
    _: V.Type, _ spread: UnsafePointer<Float>, _ tiles: Range<Int>,
    _ target: UnsafeMutablePointer<Float>
  ) where V.Scalar == Float {
    let (pixel, row, place) = (inputPixel, inputRow, inputPlace)
    for tile in tiles {
      let source = spread + (tile &- tiles.lowerBound) &* pixel
      let corner = target + inputOffset(tile)
      for channel in stride(from: 0, to: pixel, by: V.scalarCount) {
        let s = source + channel
        let r0 = Four<V>(at: s, stride: place).gathered
        let r1 = Four<V>(at: s + 4 &* place, stride: place).gathered
        let r2 = Four<V>(at: s + 8 &* place, stride: place).gathered
        let r3 = Four<V>(at: s + 12 &* place, stride: place).gathered
        let t = corner + channel
        r0.add(to: t, stride: pixel)
        (r1 - r2 + r3).add(to: t + row, stride: pixel)
        (r1 + r2 - r0).add(to: t + 2 &* row, stride: pixel)
        (-r3).add(to: t + 3 &* row, stride: pixel)
      }
    }
  }

  @inline(__always)
  private func inputOffset(_ tile: Int) -> Int {
    let (row, column) = tile.quotientAndRemainder(dividingBy: columns)
    return 2 &* (row &* inputRow &+ column &* inputPixel)
  }

  /// Where a tile's first output is, and whether it has one to its right and one below.
  @inline(__always)
  private func outputCorner(_ tile: Int) -> (offset: Int, hasRight: Bool, hasBelow: Bool) {
    let (row, column) = tile.quotientAndRemainder(dividingBy: columns)
    return (
      2 &* (row &* outputRow &+ column &* outputPixel),
      2 &* column &+ 1 < outputShape.width, 2 &* row &+ 1 < outputShape.height
    )
  }
}

/// A row of a tile: a vector of channels for each of its four columns.
private struct Four<V: SIMD> where V.Scalar == Float {
  var v0: V
  var v1: V
  var v2: V
  var v3: V

  @inline(__always)
  init(_ v0: V, _ v1: V, _ v2: V, _ v3: V) {
    (self.v0, self.v1, self.v2, self.v3) = (v0, v1, v2, v3)
  }

  /// Reads four vectors `stride` floats apart.
  @inline(__always)
  init(at source: UnsafePointer<Float>, stride: Int) {
    self.init(
      V(at: source), V(at: source + stride), V(at: source + 2 &* stride),
      V(at: source + 3 &* stride))
  }

  /// Writes four vectors `stride` floats apart.
  @inline(__always)
  func store(to target: UnsafeMutablePointer<Float>, stride: Int) {
    v0.store(to: target)
    v1.store(to: target + stride)
    v2.store(to: target + 2 &* stride)
    v3.store(to: target + 3 &* stride)
  }

  /// Adds to four vectors `stride` floats apart.
  @inline(__always)
  func add(to target: UnsafeMutablePointer<Float>, stride: Int) {
    (Self(at: target, stride: stride) + self).store(to: target, stride: stride)
  }

  /// `d B`.
  @inline(__always)
  var spread: Self { Self(v0 - v2, v1 + v2, v2 - v1, v1 - v3) }

  /// `m B'`.
  @inline(__always)
  var gathered: Self { Self(v0, v1 - v2 + v3, v1 + v2 - v0, -v3) }

  @inline(__always)
  static func + (a: Self, b: Self) -> Self {
    Self(a.v0 + b.v0, a.v1 + b.v1, a.v2 + b.v2, a.v3 + b.v3)
  }

  @inline(__always)
  static func - (a: Self, b: Self) -> Self {
    Self(a.v0 - b.v0, a.v1 - b.v1, a.v2 - b.v2, a.v3 - b.v3)
  }

  @inline(__always)
  static prefix func - (a: Self) -> Self { Self(-a.v0, -a.v1, -a.v2, -a.v3) }
}

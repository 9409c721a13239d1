import Foundation
import Network

/// Reads a training picture as floats, varied at random: moved, turned, scaled, sheared, and bent
/// by a smooth displacement that cubic B-splines make of random vectors on a coarse grid; then a rectangle of it erased.
final class PictureLoader {
  /// The distance of the grid's points in pixels.
  private static let gridSpacing: Float = 7
  /// An erased rectangle is at most this many times as high as wide, or as wide as high.
  private static let eraseAspect: Float = 3

  private let shape: Shape
  private let augmentation: Augmentation
  /// The picture with one pixel of zeros around it.
  private var framed: [Float]
  private let rows: [Spline]
  private let columns: [Spline]
  private let gridWidth: Int
  private var grid: [SIMD2<Float>]
  private var gridRow: [SIMD2<Float>]

  /// Where a pixel lies in the grid, and its cubic B-spline's four weights.
  private struct Spline {
    var first: Int
    var weights: SIMD4<Float>

    init(at position: Float) {
      let place = position / PictureLoader.gridSpacing
      first = Int(place)
      let t = place - Float(first)
      let u = 1 - t
      weights =
        SIMD4(
          u * u * u, 3 * t * t * t - 6 * t * t + 4, 3 * u * u * u - 6 * u * u + 4, t * t * t) / 6
    }
  }

  init(shape: Shape, augmentation: Augmentation) {
    self.shape = shape
    self.augmentation = augmentation
    framed = [Float](
      repeating: 0, count: (shape.height + 2) * (shape.width + 2) * shape.channels)
    rows = (0..<shape.height).map { Spline(at: Float($0)) }
    columns = (0..<shape.width).map { Spline(at: Float($0)) }
    gridWidth = columns[columns.count - 1].first + 4
    let gridHeight = rows[rows.count - 1].first + 4
    grid = [SIMD2<Float>](repeating: .zero, count: gridWidth * gridHeight)
    gridRow = [SIMD2<Float>](repeating: .zero, count: gridWidth)
  }

  /// Writes a picture, varied as `random` says: height x width x channels, pixels `stride` floats apart.
  func load(
    _ pixels: UnsafeBufferPointer<UInt8>, random: SplitMix,
    into values: UnsafeMutablePointer<Float>, stride: Int
  ) {
    var random = random
    let varies = augmentation.isActive && random.unit() >= augmentation.unchanged
    if varies, augmentation.moves {
      vary(pixels, &random, into: values, stride: stride)
    } else {
      // Without gaps it is one run.
      let run = stride == shape.channels ? shape.count : shape.channels
      for start in 0..<shape.count / run {
        let (from, to) = (start &* run, start &* stride)
        for index in 0..<run { values[to &+ index] = Float(pixels[from &+ index]) / 255 }
      }
    }
    if varies, augmentation.erase > 0, random.unit() < augmentation.erase {
      erase(&random, in: values, stride: stride)
    }
  }

  /// Writes noise over a rectangle that lies in the picture: any area up to the bound is as likely as another.
  private func erase(
    _ random: inout SplitMix, in values: UnsafeMutablePointer<Float>, stride: Int
  ) {
    let area = random.unit() * augmentation.eraseArea * Float(shape.pixelCount)
    let aspect = exp(random.symmetric(log(Self.eraseAspect)))
    let height = min(max(Int((area * aspect).squareRoot()), 1), shape.height)
    let width = min(max(Int((area / aspect).squareRoot()), 1), shape.width)
    let top = random.below(shape.height - height + 1)
    let left = random.below(shape.width - width + 1)
    for row in top..<top + height {
      for column in left..<left + width {
        let pixel = values + (row * shape.width + column) * stride
        for channel in 0..<shape.channels { pixel[channel] = random.unit() }
      }
    }
  }

  private func vary(
    _ pixels: UnsafeBufferPointer<UInt8>, _ random: inout SplitMix,
    into values: UnsafeMutablePointer<Float>, stride: Int
  ) {
    frame(pixels)
    let angle = random.symmetric(augmentation.rotation) * .pi / 180
    let size = SIMD2(
      1 + random.symmetric(augmentation.scale), 1 + random.symmetric(augmentation.scale))
    let shear = random.symmetric(augmentation.shear)
    let shift = SIMD2(
      random.symmetric(augmentation.shift), random.symmetric(augmentation.shift))
    // Where an output pixel's value comes from: x and y of the source for a step right and a step
    // down.
    let right = SIMD2(cos(angle), sin(angle)) / size
    let down = SIMD2(shear * cos(angle) - sin(angle), shear * sin(angle) + cos(angle)) / size
    let middle = SIMD2(Float(shape.width - 1), Float(shape.height - 1)) / 2
    let corner = middle - shift - right * middle.x - down * middle.y
    let bends = augmentation.elastic > 0
    if bends {
      // A B-spline of independent values of deviation 1 has a deviation of about 0.48 in two
      // dimensions.
      let amplitude = augmentation.elastic / 0.48
      for index in grid.indices {
        grid[index] = SIMD2(random.normal(), random.normal()) * amplitude
      }
    }
    framed.withUnsafeBufferPointer { framed in
      for row in 0..<shape.height {
        if bends { bendRow(row) }
        var source = corner + down * Float(row)
        for column in 0..<shape.width {
          let position = bends ? source + bend(column) : source
          sample(
            framed, position,
            into: values + (row &* shape.width &+ column) &* stride)
          source += right
        }
      }
    }
  }

  /// Copies the picture into its frame of zeros.
  private func frame(_ pixels: UnsafeBufferPointer<UInt8>) {
    let rowCount = shape.width * shape.channels
    for row in 0..<shape.height {
      let target = ((row + 1) * (shape.width + 2) + 1) * shape.channels
      for index in 0..<rowCount {
        framed[target &+ index] = Float(pixels[row &* rowCount &+ index]) * (1 / 255)
      }
    }
  }

  /// Blends the grid's rows for one row of pixels.
  private func bendRow(_ row: Int) {
    let spline = rows[row]
    for column in 0..<gridWidth {
      var sum = SIMD2<Float>.zero
      for index in 0..<4 {
        sum += grid[(spline.first &+ index) &* gridWidth &+ column] * spline.weights[index]
      }
      gridRow[column] = sum
    }
  }

  /// The displacement of a pixel of the blended row.
  @inline(__always)
  private func bend(_ column: Int) -> SIMD2<Float> {
    let spline = columns[column]
    return gridRow[spline.first] * spline.weights[0]
      + gridRow[spline.first &+ 1] * spline.weights[1]
      + gridRow[spline.first &+ 2] * spline.weights[2]
      + gridRow[spline.first &+ 3] * spline.weights[3]
  }

  /// Blends the four pixels around a position; outside the picture everything is 0.
  @inline(__always)
  private func sample(
    _ framed: UnsafeBufferPointer<Float>, _ position: SIMD2<Float>,
    into values: UnsafeMutablePointer<Float>
  ) {
    let limit = SIMD2(Float(shape.width), Float(shape.height)) + 0.999
    let inside = (position + 1).clamped(lowerBound: .zero, upperBound: limit)
    let (column, row) = (Int(inside.x), Int(inside.y))
    let part = inside - SIMD2(Float(column), Float(row))
    let width = shape.width &+ 2
    let first = (row &* width &+ column) &* shape.channels
    for channel in 0..<shape.channels {
      let above = first &+ channel
      let below = above &+ width &* shape.channels
      let top = framed[above] + (framed[above &+ shape.channels] - framed[above]) * part.x
      let bottom = framed[below] + (framed[below &+ shape.channels] - framed[below]) * part.x
      values[channel] = top + (bottom - top) * part.y
    }
  }
}

/// One loader a worker: each is only used by its own.
struct LoaderPool: @unchecked Sendable {
  private let loaders: [PictureLoader]

  init(_ loaders: [PictureLoader]) { self.loaders = loaders }

  subscript(worker: Int) -> PictureLoader { loaders[worker] }
}

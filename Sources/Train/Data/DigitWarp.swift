import Foundation

/// Where a point of a digit's box ends up in the picture: bent, slanted, turned, scaled, shifted.
struct DigitWarp {
  /// A wave that moves points across its direction.
  private struct Wave {
    var frequency: SIMD2<Float>
    var phase: Float
    var displacement: SIMD2<Float>
  }

  private let waves: [Wave]
  /// The columns of the linear part, in pixels per unit of the box.
  private let across: SIMD2<Float>
  private let down: SIMD2<Float>
  private let centre: SIMD2<Float>

  /// Draws a warp at random.
  init(using chance: inout DigitChance) {
    waves = (0..<3).map { _ in
      Wave(
        frequency: SIMD2(chance.uniform(-6, 6), chance.uniform(-6, 6)),
        phase: chance.uniform(0, 2 * .pi),
        displacement: SIMD2(chance.uniform(-0.055, 0.055), chance.uniform(-0.055, 0.055)))
    }
    let slant = 0.1 + chance.around(deviation: 0.13)
    let turn = chance.around(deviation: 0.06)
    let height = 19 + chance.around(deviation: 1)
    let width = height * (0.74 + chance.around(deviation: 0.07))
    // A box's column leans right as it rises; then the whole is turned.
    let cosine = Foundation.cos(turn)
    let sine = Foundation.sin(turn)
    across = SIMD2(width * cosine, width * sine)
    down = SIMD2(-height * (slant * cosine + sine), height * (cosine - slant * sine))
    centre = SIMD2(14 + chance.around(deviation: 0.7), 14 + chance.around(deviation: 0.7))
  }

  /// Places a point of the unit box, x to the right and y down, in pixels.
  func placed(_ point: SIMD2<Float>) -> SIMD2<Float> {
    var bent = point - 0.5
    for wave in waves {
      let angle = point.x * wave.frequency.x + point.y * wave.frequency.y + wave.phase
      bent += wave.displacement * Foundation.sin(angle)
    }
    return centre + across * bent.x + down * bent.y
  }
}

import Foundation

/// How the ten digits are written: each in several forms, each form some polylines in a unit box, x to the right and
/// y down.
enum DigitStrokes {
  /// A pen movement, without lifting.
  typealias Stroke = [SIMD2<Float>]

  /// `forms[digit]`: the ways to write `digit`.
  static let forms: [[[Stroke]]] = [
    // 0: an oval; a narrow one.
    [
      [arc(0.5, 0.5, 0.42, 0.5, from: -80, to: 285)],
      [arc(0.5, 0.5, 0.32, 0.5, from: -100, to: 260)],
    ],
    // 1: a bar; with a flag; with flag and foot.
    [
      [line((0.5, 0), (0.5, 1))],
      [line((0.3, 0.22), (0.54, 0), (0.54, 1))],
      [line((0.3, 0.22), (0.52, 0), (0.52, 1)), line((0.28, 1), (0.78, 1))],
    ],
    // 2: neck and straight foot; with a loop at the foot.
    [
      [arc(0.48, 0.28, 0.38, 0.28, from: -170, to: 40) + line((0.08, 1), (0.94, 1))],
      [
        arc(0.48, 0.27, 0.36, 0.27, from: -160, to: 50)
          + arc(0.24, 0.86, 0.16, 0.13, from: 60, to: 300)
          + line((0.62, 0.92), (0.98, 0.94))
      ],
    ],
    // 3: two bows; a flat top.
    [
      [
        arc(0.44, 0.25, 0.36, 0.25, from: -150, to: 90)
          + arc(0.44, 0.74, 0.42, 0.26, from: -90, to: 150)
      ],
      [
        line((0.1, 0.02), (0.84, 0.02), (0.46, 0.4))
          + arc(0.44, 0.7, 0.42, 0.3, from: -80, to: 145)
      ],
    ],
    // 4: open at the top; closed.
    [
      [line((0.22, 0), (0.1, 0.56), (0.9, 0.56)), line((0.74, 0.05), (0.7, 1))],
      [line((0.95, 0.66), (0.04, 0.66), (0.68, 0), (0.68, 1))],
    ],
    // 5: hat, neck and belly.
    [
      [
        line((0.88, 0.02), (0.24, 0.02), (0.18, 0.44))
          + arc(0.44, 0.68, 0.42, 0.32, from: -115, to: 150)
      ],
      [
        line((0.24, 0.04), (0.2, 0.46)) + arc(0.42, 0.7, 0.4, 0.29, from: -110, to: 155),
        line((0.24, 0.04), (0.92, 0)),
      ],
    ],
    // 6: a curved stem into a loop; a straighter one.
    [
      [curve((0.76, 0), (0.2, 0.22), (0.1, 0.7)) + arc(0.48, 0.7, 0.38, 0.29, from: 180, to: -170)],
      [
        curve((0.6, 0), (0.26, 0.3), (0.16, 0.74))
          + arc(0.47, 0.74, 0.31, 0.26, from: 180, to: -160)
      ],
    ],
    // 7: plain; with a bar; with a serif.
    [
      [line((0.06, 0.03), (0.9, 0.03)) + curve((0.9, 0.03), (0.58, 0.45), (0.4, 1))],
      [line((0.1, 0.04), (0.9, 0.04), (0.36, 1)), line((0.28, 0.52), (0.86, 0.48))],
      [line((0.08, 0.2), (0.1, 0.04), (0.92, 0.04)) + curve((0.92, 0.04), (0.6, 0.4), (0.5, 1))],
    ],
    // 8: two rings; one crossing line.
    [
      [
        arc(0.5, 0.24, 0.32, 0.24, from: 90, to: 450),
        arc(0.5, 0.74, 0.4, 0.26, from: -90, to: 270),
      ],
      [
        curve((0.82, 0.12), (0.5, -0.1), (0.22, 0.14))
          + curve((0.22, 0.14), (0.06, 0.36), (0.54, 0.5))
          + curve((0.54, 0.5), (1, 0.66), (0.8, 0.88))
          + curve((0.8, 0.88), (0.5, 1.12), (0.2, 0.88))
          + curve((0.2, 0.88), (0.04, 0.66), (0.54, 0.46))
          + curve((0.54, 0.46), (0.9, 0.3), (0.82, 0.12))
      ],
    ],
    // 9: a ring with a straight stem; with a curved one.
    [
      [arc(0.46, 0.28, 0.36, 0.27, from: -20, to: -375) + line((0.82, 0.2), (0.74, 1))],
      [
        arc(0.46, 0.28, 0.36, 0.28, from: -10, to: -365)
          + curve((0.82, 0.26), (0.88, 0.95), (0.2, 0.97))
      ],
    ],
  ]

  /// A polyline with points close enough together to bend.
  private static func line(_ corners: (Float, Float)...) -> Stroke {
    let corners = corners.map { SIMD2($0.0, $0.1) }
    return zip(corners, corners.dropFirst()).flatMap { start, end in
      (0...8).map { start + (end - start) * (Float($0) / 8) }
    }
  }

  /// A part of an ellipse around (`x`, `y`), from an angle to another in degrees; 0 points right, 90 down.
  private static func arc(
    _ x: Float, _ y: Float, _ horizontal: Float, _ vertical: Float,
    from start: Float, to end: Float
  ) -> Stroke {
    (0...24).map { step in
      let angle = (start + (end - start) * Float(step) / 24) * .pi / 180
      return SIMD2(x + horizontal * Foundation.cos(angle), y + vertical * Foundation.sin(angle))
    }
  }

  /// A quadratic curve that leaves `start` towards `control` and arrives at `end` from there.
  private static func curve(
    _ start: (Float, Float), _ control: (Float, Float), _ end: (Float, Float)
  ) -> Stroke {
    let (a, b, c) = (
      SIMD2(start.0, start.1), SIMD2(control.0, control.1), SIMD2(end.0, end.1)
    )
    return (0...12).map { step in
      let t = Float(step) / 12
      return a * ((1 - t) * (1 - t)) + b * (2 * t * (1 - t)) + c * (t * t)
    }
  }
}

/// The whole numbers that weights become, times a scale for each output channel.
public enum WeightGrid: String, CaseIterable, Sendable {
  /// -127 ... 127; the largest weight of a channel is 127 or -127.
  case int8
  /// -7 ... 7.
  case int4
  /// -2 ... 1: all that two bits hold.
  case int2
  /// -1, 0 and 1.
  case ternary

  /// The numbers.
  public var range: ClosedRange<Int> {
    switch self {
    case .int8: -127...127
    case .int4: -7...7
    case .int2: -2...1
    case .ternary: -1...1
    }
  }

  /// How a channel's weights become numbers, and what those are worth.
  public struct Fit: Hashable, Sendable {
    /// What weights are divided by before they are rounded and held inside the range; above 0.
    public let step: Double
    /// What numbers are multiplied by; above 0, and 0 where all weights are 0.
    public let scale: Double
  }

  /// From one step tried to the next. A channel that is on the grid already, up to a scale, is on it for one of them: half a step at the
  /// end of `int4` is 7 %.
  private static let ratio = 0.97

  /// The fit that loses least of a channel's weights.
  ///
  /// Below 8 bits the step is not the largest weight's, which would leave most weights 0, but the one found to lose least: for each step tried,
  /// from the largest weight downwards, weights are rounded and held inside the range, and the scale that fits these numbers best by
  /// least squares, `sum(weight * number) / sum(number^2)`, is what they are worth. With three numbers this is the threshold and
  /// the scale of ternary weight networks (F. Li, B. Liu et al. 2016, arXiv:1605.04711, equation 5), their minimum searched for and not approximated.
  /// - Parameter weights: finite.
  /// - Returns: the fit, also where all weights are 0.
  /// - Complexity: O(n); below 8 bits some hundred times as much, eight weights at a time.
  public func fit(_ weights: [Double]) -> Fit {
    let largest = weights.lazy.map(abs).max() ?? 0
    guard largest > 0 else { return Fit(step: 1, scale: 0) }
    if self == .int8 { return Fit(step: largest / 127, scale: largest / 127) }
    let vectors = Self.vectors(weights)
    let low = Vector(repeating: Double(range.lowerBound))
    let high = Vector(repeating: Double(range.upperBound))
    var best = (gain: 0.0, fit: Fit(step: largest, scale: largest))
    var step = largest
    // Past this all but the smallest weights are at the ends.
    let last = largest / Double(8 * max(range.upperBound, -range.lowerBound))
    while step > last {
      var (products, squares) = (Vector.zero, Vector.zero)
      let inverse = 1 / step
      for vector in vectors {
        var numbers = vector * inverse
        // No `clamped`, which is a call.
        numbers.replace(with: low, where: numbers .< low)
        numbers.replace(with: high, where: numbers .> high)
        numbers = (numbers + Self.magic) - Self.magic
        products += vector * numbers
        squares += numbers * numbers
      }
      let (product, square) = (products.sum(), squares.sum())
      // What the squared error is less than that of zeros.
      let gain = product * product / square
      if gain > best.gain { best = (gain, Fit(step: step, scale: product / square)) }
      step *= Self.ratio
    }
    return best.fit
  }

  /// The number that a weight becomes.
  /// - Parameters:
  ///   - weight: one of those that the fit was made for.
  ///   - fit: of the weight's channel.
  /// - Returns: a number in `range`.
  public func number(for weight: Double, _ fit: Fit) -> Int {
    if self == .int8 { return Int((weight / fit.step).rounded()) }
    let rounded = (weight * (1 / fit.step) + Self.magic) - Self.magic
    return min(max(Int(rounded), range.lowerBound), range.upperBound)
  }

  /// The numbers nearest to a channel's weights, and what they are to be multiplied with.
  /// - Parameter weights: finite.
  /// - Returns: the scale, above 0 unless all weights are 0, and a number for each weight.
  public func quantized(_ weights: [Double]) -> (scale: Double, numbers: [Int]) {
    let fit = fit(weights)
    return (fit.scale, weights.map { number(for: $0, fit) })
  }

  /// The scales that the sums of a layer's channels have. A channel of zeros needs one for its bias, and takes the largest of the
  /// others': a larger one would cost them precision.
  /// - Parameter scales: of each channel's weights, 0 for a channel of zeros.
  /// - Returns: scales above 0, all of them 1 where all weights of the layer are 0.
  public static func filled(_ scales: some Collection<Double>) -> [Double] {
    let largest = scales.max() ?? 0
    return scales.map { $0 > 0 ? $0 : largest > 0 ? largest : 1 }
  }

  /// The most that numbers can be shifted to the left and still fit -127 ... 127.
  private var largestShift: Int {
    let largest = max(range.upperBound, -range.lowerBound)
    return (0...7).last { largest << $0 <= 127 } ?? 0
  }

  /// How far numbers are shifted to the left on the device, their scales divided by as much: so that no step of a sum is
  /// a quarter of a step of the output or more, as far as that can be had. A bias is a whole number of such steps.
  /// - Parameter largestScale: what a step of the sums of unshifted numbers is in steps of the output, at most.
  /// - Returns: the smallest shift that does, or the largest that there is.
  public func shift(largestScale: Double) -> Int {
    (0...largestShift).first { largestScale / Double(1 << $0) < 0.25 } ?? largestShift
  }

  private typealias Vector = SIMD8<Double>

  /// Added and taken away again, it leaves a small number rounded, ties to even, without a call.
  private static let magic = 0x1.8p52

  /// Weights eight at a time, zeros behind the last, which count for nothing.
  private static func vectors(_ weights: [Double]) -> [Vector] {
    stride(from: 0, to: weights.count, by: Vector.scalarCount).map { first in
      var vector = Vector.zero
      for lane in 0..<min(Vector.scalarCount, weights.count - first) {
        vector[lane] = weights[first + lane]
      }
      return vector
    }
  }
}

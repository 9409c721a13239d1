import Network
import TinyRuntime

extension WeightGrid {
  /// How they are packed; raw where they take a byte.
  var encoding: Encoding {
    switch self {
    case .int8: .raw
    case .int4: .int4
    case .int2: .int2
    case .ternary: .ternary
    }
  }
}

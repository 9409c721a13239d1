import Network
import TinyRuntime

extension OpCode {
  /// The word that a network text has for it.
  var word: String {
    switch self {
    case .input: "input"
    case .conv2D: Conv2D.keyword
    case .depthwiseConv2D: DepthwiseConv2D.keyword
    case .dense: Dense.keyword
    case .maxPool2D: MaxPool2D.keyword
    case .averagePool2D: AveragePool2D.keyword
    case .globalAveragePool: GlobalAveragePool.keyword
    case .add: Add.keyword
    case .softmax: Softmax.keyword
    case .table: "table"
    case .multiply: Multiply.keyword
    case .concat: Concat.keyword
    case .reshape: "reshape"
    case .upsample: Upsample.keyword
    case .argmax: Argmax.keyword
    }
  }
}

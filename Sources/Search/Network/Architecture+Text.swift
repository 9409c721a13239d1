import Network

extension Architecture {
  /// The network's text. It may be that the picture is too small for it, which `Network(text:)` says.
  func text(input: Shape, labelCount: Int) -> String {
    var lines = ["input \(input)"]
    for (index, block) in blocks.enumerated() {
      lines += layers(of: block, name: "block\(index)")
      if let pool = block.pool { lines.append("\(pool) 2x2") }
    }
    if head == .average { lines.append("globalavgpool") }
    if dropout != "0" { lines.append("dropout \(dropout)") }
    lines.append("dense \(labelCount)")
    return lines.map { $0 + "\n" }.joined()
  }

  private func layers(of block: Block, name: String) -> [String] {
    let stride = block.downsampling == .stride ? " stride=2" : ""
    let kernel = "\(block.side)x\(block.side)"
    switch block.kind {
    case .conv:
      return convolution("conv \(kernel) \(block.width)\(stride)\(padded(block))") + [activation]
    case .separable:
      return convolution("depthwise \(kernel)\(stride)\(padded(block))") + [activation]
        + convolution("conv 1x1 \(block.width)") + [activation]
    case .residual:
      // The second convolution keeps the shape, so that there is something to add to.
      return convolution("conv \(kernel) \(block.width)\(stride)\(padded(block))")
        + ["\(name): \(activation)"]
        + convolution("conv \(kernel) \(block.width)" + (block.side > 1 ? " padding=same" : ""))
        + ["add \(name)", activation]
    }
  }

  private func padded(_ block: Block) -> String {
    block.side > 1 && padding == "same" ? " padding=same" : ""
  }

  private func convolution(_ line: String) -> [String] {
    hasBatchNorm ? [line + " bias=no", "batchnorm"] : [line]
  }
}

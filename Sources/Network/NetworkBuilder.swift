/// A network that grows layer by layer; each is checked against those before it.
struct NetworkBuilder {
  let input: Shape
  private(set) var layers: [Layer] = []
  private(set) var shapes: [Shape] = []
  private var indices: [String: Int] = [:]
  private var parameterCount = 0
  private var activationCount = 0

  /// Starts with a picture.
  /// - Throws: `NetworkError.tooLarge`.
  init(input: Shape) throws(NetworkError) {
    self.input = input
    try Self.check(.picture, count: input.count, limit: Network.activationLimit)
  }

  /// The index of the layer with a name.
  func index(of name: String) -> Int? { indices[name] }

  /// Adds a layer.
  /// - Throws: `NetworkError` where its name is taken, an input does not come earlier, or shapes don't fit.
  mutating func append(_ layer: Layer) throws(NetworkError) {
    try Self.check(.layers, count: layers.count + 1, limit: Network.layerLimit)
    guard indices[layer.name] == nil else { throw .duplicateName(layer.name) }
    let kind = layer.operation.kind
    guard layer.inputs.count == kind.inputCount else {
      throw .inputCount(layer: layer.name, expected: kind.inputCount, found: layer.inputs.count)
    }
    let inputs = try inputShapes(of: layer)
    let shape: Shape
    do throws(LayerError) {
      shape = try kind.outputShape(for: inputs)
    } catch { throw .layer(layer.name, error) }
    try Self.check(
      .activation(layer: layer.name), count: shape.count, limit: Network.activationLimit)
    try Self.check(
      .allActivations(layer: layer.name), count: activationCount + shape.count,
      limit: Network.allActivationsLimit)
    for parameter in kind.parameters(for: inputs) {
      parameterCount = parameterCount.addingWithSaturation(parameter.count)
    }
    try Self.check(
      .parameters(layer: layer.name), count: parameterCount, limit: Network.parameterLimit)
    activationCount += shape.count
    indices[layer.name] = layers.count
    layers.append(layer)
    shapes.append(shape)
  }

  private func inputShapes(of layer: Layer) throws(NetworkError) -> [Shape] {
    var inputs: [Shape] = []
    for source in layer.inputs {
      switch source {
      case .picture: inputs.append(input)
      case .layer(let earlier):
        guard shapes.indices.contains(earlier) else {
          throw .inputOrder(layer: layer.name, index: layers.count, input: earlier)
        }
        inputs.append(shapes[earlier])
      }
    }
    return inputs
  }

  private static func check(
    _ quantity: NetworkError.Quantity, count: Int, limit: Int
  ) throws(NetworkError) {
    guard count <= limit else { throw .tooLarge(quantity, found: count, limit: limit) }
  }
}

extension Int {
  /// The sum, or the largest number there is.
  fileprivate func addingWithSaturation(_ other: Int) -> Int {
    let (sum, overflows) = addingReportingOverflow(other)
    return overflows ? .max : sum
  }
}

extension [Int] {
  /// The product of extents, none negative, or the largest number there is.
  var saturatingProduct: Int {
    reduce(1) { product, extent in
      let (product, overflows) = product.multipliedReportingOverflow(by: extent)
      return overflows ? .max : product
    }
  }
}

import Foundation
import Network

/// What is tried: for each key of a network and of a recipe, the values it may take.
///
/// The text has a line `key = values` for each key; values are a list (`conv, separable`), or a range of numbers (`4 .. 16 step 4`,
/// `0.003 .. 0.03 log`). One value is always taken.
public struct SearchSpace: Sendable, Equatable {
  /// By the key's name. All keys of a network are there; keys of a recipe that aren't have the recipe's default.
  var ranges: [String: ValueRange]

  /// The space for pictures of a shape, where nothing else is said.
  ///
  /// Networks halve the picture until its shorter side is about five pixels, or once more or less.
  public init(for shape: Shape) {
    let side = Double(min(shape.height, shape.width))
    let halvings = min(max(Int(log2(side / 5).rounded()), 1), 5)
    ranges = [
      "blocks": .whole(first: 1, last: 4, step: 1),
      "block": .choice(["conv", "separable", "residual"]),
      "stem": .choice(["3", "5"]),
      "kernel": .choice(["1", "3"]),
      "width": .whole(first: 4, last: 16, step: 4),
      "growth": .choice(["1", "1.5", "2"]),
      "downsamplings": .whole(first: max(halvings - 1, 1), last: halvings + 1, step: 1),
      "downsampling": .choice(["maxpool", "stride"]),
      "padding": .choice(["valid", "same"]),
      "batchnorm": .choice(["yes"]),
      "activation": .choice(["relu"]),
      "head": .choice(["dense", "average"]),
      "dropout": .choice(["0"]),
      "weights": .choice(["int8", "int4"]),
      "learning_rate": .real(first: 0.003, last: 0.03, isLogarithmic: true),
      "schedule": .choice(["cosine"]),
      "warm_up": .choice(["0.1"]),
      "weight_decay": .choice(["0.01"]),
      "average_decay": .choice(["0.998"]),
      "quantize_from": .choice(["0.7"]),
      "shift": .choice(["0", "2"]),
      "rotation": .choice(["0", "10"]),
    ]
  }
}

import Network

extension Preset {
  /// How the preset is trained where nothing else is said. Chosen on MNIST's validation split.
  public var recipe: Recipe {
    var recipe = Recipe()
    recipe.learningRate = 0.01
    recipe.schedule = .oneCycle
    recipe.warmUp = 0.25
    recipe.weightDecay = 0.01
    switch self {
    case .tiny:
      recipe.epochs = 6
    case .small, .reference, .lenet:
      recipe.epochs = 40
      recipe.averageDecay = 0.998
      recipe.augmentation.rotation = 11.5
      recipe.augmentation.scale = 0.1
      recipe.augmentation.shear = 0.15
      recipe.augmentation.shift = 2
      recipe.augmentation.elastic = 0.7
      recipe.augmentation.unchanged = 0.1
    case .resnet8, .dscnn:
      recipe.epochs = 20
    }
    return recipe
  }
}

/// What a set of pictures is for.
enum DataPart: String, Hashable, CaseIterable {
  /// To learn from; commands hold a validation split out of it.
  case training
  /// For the one number that is reported.
  case test

  /// How MNIST's files for this part begin.
  var filePrefix: String { self == .training ? "train" : "t10k" }

  /// The folder that holds this part's folders of pictures.
  var folderName: String { self == .training ? "train" : "test" }
}

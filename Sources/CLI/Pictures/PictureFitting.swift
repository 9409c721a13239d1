import Network

/// How a picture of any size and kind becomes one that a model takes. The commands choose.
struct PictureFitting: Hashable, Sendable {
  /// Whether light and dark change places.
  enum Inversion: Hashable, Sendable {
    /// The picture is as the model wants it.
    case never
    /// Every picture is inverted.
    case always
    /// The picture is inverted where its border, which is taken for its background, is lighter than the mid-grey
    /// though the model's background is dark, or the reverse.
    case automatic
  }

  /// What stands out from the background in the pictures that a model was trained on.
  enum Foreground: String, Hashable, Sendable {
    /// Light ink on dark ground, as in MNIST.
    case light
    /// Dark ink on light ground, as on paper.
    case dark
  }

  /// What the model takes: 1 or 3 channels.
  var shape: Shape
  /// Whether a picture of another size is resized, or refused.
  var isResizing = true
  /// Whether light and dark change places.
  var invert = Inversion.never
  /// What the model was trained on; `automatic` inversion makes the picture match it.
  var foreground = Foreground.light
  /// The grey behind transparent pixels; white, as viewers show them.
  var background: UInt8 = 255

  /// A picture that the model takes, and what was done to it that the user should know.
  struct Fitted: Hashable, Sendable {
    /// Of the model's shape.
    var picture: Picture
    /// Such as `resized from 480x640 to 28x28 (height x width)`.
    var warnings: [String] = []
  }

  /// Makes `picture` fit: first transparency, then colours, size, and inversion last. Sides are stretched separately
  /// where the proportions differ.
  /// - Throws: `PictureError.size` where resizing isn't wanted, `.channels` where the model takes neither grey nor
  ///   colour.
  func fit(_ picture: Picture) throws(PictureError) -> Fitted {
    guard shape.channels == 1 || shape.channels == 3 else {
      throw .channels(expected: shape.channels)
    }
    var fitted = Fitted(picture: picture.over(background).withColourChannels(shape.channels))
    let found = picture.shape
    if (found.height, found.width) != (shape.height, shape.width) {
      guard isResizing else { throw .size(expected: shape, found: found) }
      fitted.picture = fitted.picture.resized(height: shape.height, width: shape.width)
      fitted.warnings.append(
        "resized from \(found.height)x\(found.width) to \(shape.height)x\(shape.width) (height x width)"
      )
    }
    switch invert {
    case .never: break
    case .always: fitted.picture = fitted.picture.inverted()
    case .automatic:
      if (fitted.picture.borderMean > 127.5) == (foreground == .light) {
        fitted.picture = fitted.picture.inverted()
        fitted.warnings.append(
          foreground == .light
            ? "inverted, since its background is light" : "inverted, since its background is dark")
      }
    }
    return fitted
  }
}

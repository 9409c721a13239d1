/// How a network is fitted: everything a training run follows from besides the network, the
/// pictures and a seed.
public struct Recipe: Hashable, Sendable {
  /// How gradients become steps.
  public enum Optimizer: String, Sendable, CaseIterable {
    /// Adam with decoupled weight decay (Loshchilov and Hutter, 2019); decays 0.9 and 0.999.
    case adam
    /// Stochastic gradient descent with momentum.
    case sgd
  }

  /// Passes over the training pictures.
  public var epochs = 10
  /// Pictures a step.
  public var batch = 128
  /// How gradients become steps.
  public var optimizer = Optimizer.adam
  /// Of `sgd`, in 0 ..< 1.
  public var momentum: Float = 0.9
  /// The highest rate of the schedule.
  public var learningRate: Float = 0.001
  /// How the learning rate goes over the run.
  public var schedule = Schedule.Shape.constant
  /// The share of all steps over which the rate rises, in 0 ..< 1.
  public var warmUp: Float = 0
  /// The share of a weight taken away by a step of rate 1. Biases and batch norms are left alone.
  public var weightDecay: Float = 0
  /// The share of the target spread over all labels, in 0 ..< 1.
  public var labelSmoothing: Float = 0
  /// The decay, a step, of the moving average of the weights that becomes the result; 0 takes the
  /// last weights.
  public var averageDecay: Float = 0
  /// How training pictures are varied.
  public var augmentation = Augmentation()

  /// Creates a recipe that varies nothing: 10 epochs of Adam at 0.001.
  public init() {}
}

/// How far training pictures are moved and bent at random. Zero everywhere changes nothing.
public struct Augmentation: Hashable, Sendable {
  /// The largest shift in pixels, in each direction.
  public var shift: Float = 0
  /// The largest rotation in degrees.
  public var rotation: Float = 0
  /// The largest change of size, as a share: 0.1 is from 90 % to 110 %.
  public var scale: Float = 0
  /// The largest shear, in pixels sideways a pixel down.
  public var shear: Float = 0
  /// The standard deviation, in pixels, of a smooth random displacement.
  public var elastic: Float = 0
  /// The share of pictures left as they are, in 0 ... 1.
  public var unchanged: Float = 0

  /// Creates an augmentation that changes nothing.
  public init() {}

  /// Whether it changes anything.
  public var isActive: Bool {
    (shift != 0 || rotation != 0 || scale != 0 || shear != 0 || elastic != 0) && unchanged < 1
  }
}

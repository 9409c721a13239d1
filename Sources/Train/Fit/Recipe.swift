import Network

/// How a network is fitted: everything a training run follows from besides the network, the
/// pictures and a seed.
public struct Recipe: Hashable, Sendable {
  /// How gradients become steps.
  public enum Optimizer: String, Sendable, CaseIterable {
    /// Adam with decoupled weight decay (Loshchilov and Hutter, 2019); decays 0.9 and 0.999.
    case adam
    /// Stochastic gradient descent with momentum.
    case sgd
    /// The same with the gradient looked at one step of the momentum ahead (Nesterov, 1983; in the form of Sutskever
    /// and others, 2013).
    case nesterov
  }

  /// Which epoch's weights are the result.
  public enum Keep: String, Sendable, CaseIterable {
    /// The last epoch's.
    case last
    /// Those that are right on most validation pictures, the first among equals; the last epoch's where there is no
    /// validation.
    case best
  }

  /// Passes over the training pictures.
  public var epochs = 10
  /// Pictures a step.
  public var batch = 128
  /// How gradients become steps.
  public var optimizer = Optimizer.adam
  /// Of `sgd` and `nesterov`, in 0 ..< 1.
  public var momentum: Float = 0.9
  /// The highest rate of the schedule.
  public var learningRate: Float = 0.001
  /// How the learning rate goes over the run.
  public var schedule = Schedule.Shape.constant
  /// The share of all steps over which the rate rises, in 0 ..< 1.
  public var warmUp: Float = 0
  /// The share of a weight taken away by a step of rate 1. Biases and batch norms are left alone.
  public var weightDecay: Float = 0
  /// The largest Euclidean norm of all gradients together; longer ones are scaled down to it. 0 leaves them as they
  /// are.
  public var gradientClip: Float = 0
  /// The share of the target spread over all labels, in 0 ..< 1.
  public var labelSmoothing: Float = 0
  /// The decay, a step, of the moving average of the weights that becomes the result; 0 takes the
  /// last weights.
  public var averageDecay: Float = 0
  /// How training pictures are varied.
  public var augmentation = Augmentation()
  /// How much pictures are mixed with another of their batch, labels along (Zhang and others, 2017), in 0 ... 1: the
  /// share of the other is drawn from the beta distribution with this as both parameters, and the larger part is the
  /// picture's own. 0 mixes nothing.
  public var mixup: Float = 0
  /// Where the checkpoint of the network to learn from is, for whoever starts the trainer; empty without one.
  public var teacher = ""
  /// How much the teacher's answers count against the labels, in 0 ... 1.
  public var teacherWeight: Float = 0.5
  /// What logits are divided by before the teacher's answers and the network's are compared, above 0.
  public var temperature: Float = 4
  /// Which epoch's weights are the result.
  public var keep = Keep.last
  /// What weights become while the network learns to live with it, activations along, which become 8 bits; nil leaves both
  /// in float.
  public var quantize: GridChoice?
  /// The share of the epochs, in 0 ..< 1, that are in float before.
  public var quantizeFrom: Float = 0
  /// The share of the weights of convolutions and dense layers that are 0 in the end, in 0 ..< 1.
  public var sparsity: Float = 0
  /// The share of the channels between layers that are taken out in the end, in 0 ..< 1.
  public var channelSparsity: Float = 0
  /// The share of the epochs, in 0 ..< 1, before the first weight or channel goes.
  public var pruneFrom: Float = 0
  /// The share of the epochs, in 0 ..< 1 and not less than `pruneFrom`, after which all have gone that are to go.
  public var pruneUntil: Float = 0.7
  /// The most bytes that the compressed model file is to have, for a recipe that quantizes: weights that take more cost
  /// something. 0 is no bound.
  public var byteBudget = 0

  /// Creates a recipe that varies nothing: 10 epochs of Adam at 0.001.
  public init() {}

  /// Why keys don't go together, if they don't.
  public var contradiction: String? {
    if quantize == nil, quantizeFrom > 0 {
      "quantize_from needs quantize, which says what weights become"
    } else if quantize == nil, byteBudget > 0 {
      "byte_budget needs quantize, which says what weights become"
    } else if sparsity > 0, channelSparsity > 0 {
      "sparsity and channel_sparsity are for two runs, channels first, the other --from its checkpoint"
    } else if sparsity > 0, byteBudget > 0 {
      "sparsity and byte_budget are two ways to weights that are 0; one of them is to be left out"
    } else if sparsity + channelSparsity > 0, pruneUntil < pruneFrom {
      "prune_until is \(pruneUntil), before prune_from, which is \(pruneFrom)"
    } else {
      nil
    }
  }

  /// The first epoch on grids, counted from 0: the last at the latest. Nil for a recipe in float.
  var firstQuantizedEpoch: Int? {
    guard quantize != nil else { return nil }
    return min(Int((quantizeFrom * Float(epochs)).rounded()), max(epochs - 1, 0))
  }
}

/// How far training pictures are moved and bent at random, and what of them is erased. Zero everywhere changes
/// nothing.
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
  /// The share of pictures in which a rectangle is replaced by noise (Zhong and others, 2017), in 0 ... 1.
  public var erase: Float = 0
  /// The largest share of a picture that the rectangle covers, in 0 ..< 1.
  public var eraseArea: Float = 0.25
  /// The share of pictures left as they are, in 0 ... 1.
  public var unchanged: Float = 0

  /// Creates an augmentation that changes nothing.
  public init() {}

  /// Whether it changes anything.
  public var isActive: Bool { (moves || erase != 0) && unchanged < 1 }

  /// Whether pixels take their values from elsewhere.
  var moves: Bool { shift != 0 || rotation != 0 || scale != 0 || shear != 0 || elastic != 0 }
}

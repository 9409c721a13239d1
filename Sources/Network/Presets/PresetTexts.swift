extension Preset {
  static let tinyText = """
    input 28x28x1
    conv 3x3 6 stride=2 bias=no
    batchnorm
    relu
    conv 3x3 8 bias=no
    batchnorm
    relu
    maxpool 2x2
    conv 3x3 10 bias=no
    batchnorm
    relu
    dense 10

    """

  static let smallText = """
    input 28x28x1
    conv 3x3 8 bias=no
    batchnorm
    relu
    conv 3x3 12 bias=no
    batchnorm
    relu
    maxpool 2x2
    conv 3x3 16 bias=no
    batchnorm
    relu
    conv 3x3 16 bias=no
    batchnorm
    relu
    maxpool 2x2
    conv 3x3 16 bias=no
    batchnorm
    relu
    dense 10

    """

  static let referenceText = """
    input 28x28x1
    conv 3x3 16 bias=no
    batchnorm
    relu
    conv 3x3 16 bias=no
    batchnorm
    relu
    maxpool 2x2
    conv 3x3 32 bias=no
    batchnorm
    relu
    conv 3x3 32 bias=no
    batchnorm
    relu
    maxpool 2x2
    conv 1x1 16 bias=no
    batchnorm
    relu
    conv 3x3 16 bias=no
    batchnorm
    relu
    dense 10

    """

  static let lenetText = """
    input 28x28x1
    conv 3x3 8
    relu
    maxpool 2x2
    conv 3x3 16
    relu
    maxpool 2x2
    dense 10

    """

  static let resnet8Text = """
    input 32x32x3
    conv 3x3 16 padding=same bias=no
    batchnorm
    relu
    conv 3x3 16 padding=same bias=no
    batchnorm
    relu
    conv 3x3 16 padding=same bias=no
    batchnorm
    add relu1
    relu
    conv 3x3 32 stride=2 padding=same bias=no
    batchnorm
    relu
    conv 3x3 32 padding=same bias=no
    batchnorm
    conv 1x1 32 stride=2 padding=same from=relu3
    add batchnorm5
    relu
    conv 3x3 64 stride=2 padding=same bias=no
    batchnorm
    relu
    conv 3x3 64 padding=same bias=no
    batchnorm
    conv 1x1 64 stride=2 padding=same from=relu5
    add batchnorm7
    relu
    globalavgpool
    dense 10
    softmax

    """

  static let dscnnText = """
    input 49x10x1
    conv 10x4 64 stride=2 padding=same bias=no
    batchnorm
    relu
    dropout 0.2
    depthwise 3x3 padding=same bias=no
    batchnorm
    relu
    conv 1x1 64 bias=no
    batchnorm
    relu
    depthwise 3x3 padding=same bias=no
    batchnorm
    relu
    conv 1x1 64 bias=no
    batchnorm
    relu
    depthwise 3x3 padding=same bias=no
    batchnorm
    relu
    conv 1x1 64 bias=no
    batchnorm
    relu
    depthwise 3x3 padding=same bias=no
    batchnorm
    relu
    conv 1x1 64 bias=no
    batchnorm
    relu
    dropout 0.4
    globalavgpool
    dense 12
    softmax

    """
}

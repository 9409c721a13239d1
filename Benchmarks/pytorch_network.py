"""A network text of Thimble's as a PyTorch module, with Thimble's names and layouts of parameters.

Activations stay (picture, height, width, channels) and weights (outputs, height, width, inputs), which PyTorch sees as
its own channels-last memory.
"""
import math

import torch
from torch import nn
from torch.nn import functional


class Layer:
    """A line: its name, keyword, plain arguments and options, and the names of the layers it reads."""

    def __init__(self, line, counts, previous):
        words = line.split()
        name = words.pop(0)[:-1] if words[0].endswith(":") else None
        self.keyword = words.pop(0)
        counts[self.keyword] = counts.get(self.keyword, 0) + 1
        self.name = name or f"{self.keyword}{counts[self.keyword]}"
        self.options = dict(word.split("=") for word in words if "=" in word)
        self.arguments = [word for word in words if "=" not in word]
        self.inputs = [self.options.get("from", previous)]
        if self.keyword in ("add", "multiply", "concat"):
            self.inputs.append(self.arguments.pop())

    def size(self, text):
        sides = [int(side) for side in text.split("x")]
        return sides * 2 if len(sides) == 1 else sides

    @property
    def kernel(self):
        return self.size(self.arguments[0])

    def stride(self, default):
        return self.size(self.options.get("stride", default))

    @property
    def dilation(self):
        return int(self.options.get("dilation", "1"))

    @property
    def groups(self):
        return int(self.options.get("groups", "1"))

    def parameters(self, shape):
        """The shapes of the parameters for an input of `shape`, height x width x channels; running statistics among them."""
        height, width, channels = shape
        shapes = {}
        if self.keyword == "conv":
            outputs = int(self.arguments[1])
            shapes["weight"] = [outputs, *self.kernel, channels // self.groups]
            bias = outputs
        elif self.keyword == "depthwise":
            shapes["weight"] = [*self.kernel, channels]
            bias = channels
        elif self.keyword == "dense":
            bias = int(self.arguments[0])
            shapes["weight"] = [bias, height, width, channels]
        elif self.keyword == "batchnorm":
            return {name: [channels] for name in ("weight", "bias", "running_mean", "running_variance")}
        if shapes and self.options.get("bias", "yes") == "yes":
            shapes["bias"] = [bias]
        return shapes

    def forward(self, x, other, parameter, training):
        """The output for one or two inputs; `parameter` finds a parameter by the last part of its name, or None."""
        kind = self.keyword
        if kind in ("conv", "depthwise"):
            weight, groups = parameter("weight"), self.groups
            if kind == "depthwise":
                weight, groups = weight.permute(2, 0, 1).unsqueeze(-1), x.shape[-1]
            return planes(
                self.padded(x), functional.conv2d, weight.permute(0, 3, 1, 2), parameter("bias"),
                stride=self.stride("1"), dilation=self.dilation, groups=groups)
        if kind == "dense":
            weight = parameter("weight")
            output = functional.linear(x.reshape(len(x), -1), weight.reshape(len(weight), -1), parameter("bias"))
            return output.reshape(len(x), 1, 1, -1)
        if kind in ("maxpool", "avgpool"):
            pool = functional.max_pool2d if kind == "maxpool" else functional.avg_pool2d
            return planes(x, pool, self.kernel, self.stride(self.arguments[0]))
        if kind in ("globalmaxpool", "globalavgpool"):
            pool = functional.max_pool2d if kind == "globalmaxpool" else functional.avg_pool2d
            return planes(x, pool, x.shape[1:3])
        if kind == "batchnorm":
            return planes(
                x, functional.batch_norm, parameter("running_mean"), parameter("running_variance"),
                parameter("weight"), parameter("bias"), training=training, momentum=0.1, eps=1e-5)
        if kind == "pad":
            top, bottom, left, right = (int(self.options.get(side, 0)) for side in ("top", "bottom", "left", "right"))
            return functional.pad(x, (0, 0, left, right, top, bottom))
        if kind == "upsample":
            size = [side * factor for side, factor in zip(x.shape[1:3], self.kernel)]
            return planes(x, functional.interpolate, size=size, mode="nearest")
        if kind == "reshape":
            return x.reshape(len(x), *(int(side) for side in self.arguments[0].split("x")))
        return {
            "relu": lambda: functional.relu(x),
            "relu6": lambda: functional.relu6(x),
            "leakyrelu": lambda: functional.leaky_relu(x, float(self.arguments[0])),
            "sigmoid": lambda: torch.sigmoid(x),
            "tanh": lambda: torch.tanh(x),
            "hardswish": lambda: functional.hardswish(x),
            "softmax": lambda: torch.softmax(x, -1),
            "argmax": lambda: torch.argmax(x, -1, keepdim=True).to(x.dtype),
            "dropout": lambda: functional.dropout(x, float(self.arguments[0]), training),
            "flatten": lambda: x.reshape(len(x), 1, 1, -1),
            "add": lambda: x + other,
            "multiply": lambda: x * other,
            "concat": lambda: torch.cat([x, other], -1),
        }[kind]()

    def padded(self, x):
        """The input with the zeros of `padding=same`, the smaller half above and to the left."""
        if self.options.get("padding") != "same":
            return x
        margins = []
        for side, kernel, stride in zip(x.shape[1:3], self.kernel, self.stride("1")):
            total = max((math.ceil(side / stride) - 1) * stride + (kernel - 1) * self.dilation + 1 - side, 0)
            margins.append((total // 2, total - total // 2))
        return functional.pad(x, (0, 0, *margins[1], *margins[0]))


def planes(x, function, *arguments, **options):
    """What a function of (picture, channels, height, width) makes of (picture, height, width, channels)."""
    return function(x.permute(0, 3, 1, 2), *arguments, **options).permute(0, 2, 3, 1)


class TextNetwork(nn.Module):
    """The module of a network text; `names` are its parameters' names as a checkpoint has them."""

    def __init__(self, text):
        super().__init__()
        lines = [line.split("#")[0].strip() for line in text.splitlines()]
        lines = [line for line in lines if line]
        self.input = [int(side) for side in lines[0].split()[1].split("x")]
        self.layers = []
        self.shapes = {"input": self.input}
        self.indices = {}
        self.values = nn.ParameterList()
        counts, previous = {}, "input"
        for line in lines[1:]:
            layer = Layer(line, counts, previous)
            shape = self.shapes[layer.inputs[0]]
            for name, extents in layer.parameters(shape).items():
                self.indices[f"{layer.name}.{name}"] = len(self.values)
                is_trained = not name.startswith("running_")
                start = torch.ones if name == "running_variance" else torch.zeros
                self.values.append(nn.Parameter(start(extents), requires_grad=is_trained))
            inputs = [torch.zeros(1, *self.shapes[name]) for name in layer.inputs]
            self.shapes[layer.name] = list(self.output(layer, inputs, training=False).shape[1:])
            self.layers.append(layer)
            previous = layer.name

    @property
    def names(self):
        return list(self.indices)

    def parameter(self, name):
        return self.values[self.indices[name]]

    def output(self, layer, inputs, training):
        def parameter(name):
            index = self.indices.get(f"{layer.name}.{name}")
            return None if index is None else self.values[index]

        return layer.forward(inputs[0], inputs[-1], parameter, training)

    def outputs(self, x):
        """Every layer's output by name."""
        outputs = {"input": x}
        for layer in self.layers:
            outputs[layer.name] = self.output(layer, [outputs[name] for name in layer.inputs], self.training)
        return outputs

    def forward(self, x):
        """The last layer's output, (picture, channels)."""
        return self.outputs(x)[self.layers[-1].name].flatten(1)

    def initialize(self, generator):
        """Fresh parameters, as Thimble draws them: normal weights of deviation sqrt(2 / inputs) (He and others, 2015) or, where
        no rectifier follows, sqrt(1 / inputs); biases 0, batch norms neutral."""
        for layer in self.layers:
            for name in ("weight", "bias"):
                if f"{layer.name}.{name}" not in self.indices:
                    continue
                value = self.parameter(f"{layer.name}.{name}").data
                if name == "bias" or layer.keyword == "batchnorm":
                    value.fill_(1 if name == "weight" else 0)
                    continue
                inputs = value[..., 0].numel() if layer.keyword == "depthwise" else value[0].numel()
                gain = 2 if self.is_rectified(layer.name) else 1
                value.normal_(0, math.sqrt(gain / inputs), generator=generator)

    def is_rectified(self, name):
        """Whether a rectifier reads a layer's output, perhaps through layers that only move or scale values."""
        return any(
            layer.keyword in ("relu", "relu6", "leakyrelu", "hardswish")
            or layer.keyword in ("batchnorm", "maxpool", "avgpool", "globalmaxpool", "dropout", "pad", "concat", "upsample",
                                 "flatten", "reshape")
            and self.is_rectified(layer.name)
            for layer in self.layers if name in layer.inputs)

"""Networks drawn from a seed, with what PyTorch makes of them: a safetensors file each, which PyTorchTests reads.

Of each layer there are some networks `dense, LAYER, dense`. The first dense layer's values are what the layer reads, so that
the gradient of its bias is the gradient by the layer's input. And there are graphs of many layers, in which outputs
are read by several. Outputs are those after training (batch norms by their running statistics); the loss, the cross
entropy of random labels, and its gradients are those in training. Nothing is dropped: a dropout's rate is 0.

A case is drawn anew where PyTorch's own floats are further than REPEATABLE from its doubles, both measured as PyTorchTests
does: there a value lies so near to a bend or a tie that the last bit decides which side's gradient is the right one.
"""
import os
import random
import sys

import torch
from pytorch_network import TextNetwork
from safetensors.torch import save_file
from torch.nn import functional

CASES = 24
GRAPHS = 60
LABELS = 5
REPEATABLE = 2e-6
# No activation of a case has more values.
LARGEST = 6000


class Draw(random.Random):
    """Lines of a network text, drawn."""

    def shape(self, least=1):
        side = (1, 2, 3, 4, 5, 7, 8, 9, 12)
        while True:
            shape = [self.choice(side), self.choice(side), self.choice((1, 2, 3, 4, 5, 8, 12, 16, 17, 24, 32, 40))]
            if shape[0] * shape[1] >= least and shape[0] * shape[1] * shape[2] <= LARGEST // 4:
                return shape

    def window(self):
        words = [f"stride={self.choice((1, 1, 2, 3))}x{self.choice((1, 1, 2, 4))}"]
        words.append("padding=" + self.choice(("valid", "same", "same")))
        words.append(f"dilation={self.choice((1, 1, 1, 2, 3))}")
        return " ".join(words + self.choice(([], ["bias=no"])))

    def kernel(self):
        return f"{self.choice((1, 2, 3, 3, 3, 5))}x{self.choice((1, 2, 3, 3, 3, 4))}"

    def line(self, keyword, shape, others=("x",)):
        """A line of a keyword for an input of a shape; it may not fit."""
        channels = shape[2]
        if keyword == "tiled conv":
            return f"conv 3x3 {self.choice((8, 9, 16, 33))} padding={self.choice(('valid', 'same'))}"
        if keyword == "conv":
            return f"conv {self.kernel()} {self.choice((1, 3, 8, 12, 16, 20, 32, 48))} {self.window()}"
        if keyword == "grouped conv":
            groups = self.choice([groups for groups in range(2, channels + 1) if channels % groups == 0] or [1])
            return f"conv {self.kernel()} {groups * self.choice((1, 2, 3, 4, 8, 12, 16))} {self.window()} groups={groups}"
        if keyword == "depthwise":
            return f"depthwise {self.kernel()} {self.window()}"
        if keyword == "dense":
            return f"dense {self.choice((1, 3, 8, 17, 64))}{self.choice(('', ' bias=no'))}"
        if keyword in ("maxpool", "avgpool"):
            stride = self.choice(("", f" stride={self.choice((1, 2, 3))}x{self.choice((1, 2))}"))
            return f"{keyword} {self.choice((1, 2, 2, 3))}x{self.choice((1, 2, 2, 3))}{stride}"
        if keyword == "leakyrelu":
            return f"leakyrelu {self.choice(('0.01', '0.1', '0.5'))}"
        if keyword == "dropout":
            return "dropout 0"
        if keyword in ("add", "multiply", "concat"):
            return f"{keyword} {self.choice(others)}"
        if keyword == "pad":
            return "pad " + " ".join(f"{side}={self.randint(1, 3)}" for side in ("top", "bottom", "left", "right")
                                     if self.random() < 0.6)
        if keyword == "upsample":
            return f"upsample {self.randint(1, 3)}x{self.randint(1, 3)}"
        if keyword == "reshape":
            return f"reshape {shape[1]}x{shape[2]}x{shape[0]}"
        return keyword

    def layer_case(self, keyword):
        """A text `dense, LAYER, dense`."""
        least = {"batchnorm": 2, "tiled conv": 16}.get(keyword, 1)
        shape = self.shape(least)
        if keyword == "tiled conv":
            shape[2] = self.choice((8, 9, 17, 32))
        if keyword in ("softmax", "argmax"):
            shape[2] = max(shape[2], 2)
        lines = ["input 1x1x3", f"stem: dense {shape[0] * shape[1] * shape[2]}", "x: reshape " + "x".join(map(str, shape))]
        others = ["x"]
        if keyword in ("add", "multiply", "concat"):
            other = shape if keyword != "concat" else shape[:2] + [self.choice((1, 3, 8, 13))]
            lines += [f"stem2: dense {other[0] * other[1] * other[2]} from=input", "y: reshape " + "x".join(map(str, other))]
            others += ["y", "y", "y"]
        lines.append(f"tested: {self.line(keyword, shape, others)} from=x")
        if self.random() < 0.3:
            # Its input is read by another layer, too.
            return lines + [f"answer: dense {LABELS}", f"dense {LABELS} from=x", "add answer"]
        return lines + [f"dense {LABELS}"]

    def graph_case(self):
        """A text of some layers in a row, most of which read the one before, and some two."""
        shape = [self.choice((5, 6, 8, 9)), self.choice((4, 5, 7, 8)), self.choice((1, 2, 3, 8))]
        lines = ["input " + "x".join(map(str, shape))]
        keywords = [keyword for keyword in LAYERS if keyword not in ("argmax", "dense", "flatten", "globalavgpool",
                                                                     "globalmaxpool", "softmax", "dropout")]
        count = self.randint(4, 9)
        while len(lines) <= count:
            network = TextNetwork("\n".join(lines + ["relu"]))
            shapes = network.shapes
            last = network.layers[-2].name if len(lines) > 1 else "input"
            keyword = self.choice(keywords)
            if keyword == "batchnorm" and (shapes[last][0] * shapes[last][1] < 4 or last == "input"):
                continue
            source = self.choice(list(shapes)[:-1]) if self.random() < 0.2 else last
            others = [name for name in list(shapes)[:-1] if shapes[name][:2] == shapes[source][:2]
                      and (keyword == "concat" or shapes[name] == shapes[source])]
            line = self.line(keyword, shapes[source], others)
            if source != last:
                line += f" from={source}"
            if is_network(lines + [line]):
                lines.append(line)
        return lines + [f"dense {LABELS}"]


LAYERS = ["conv", "tiled conv", "grouped conv", "depthwise", "dense", "maxpool", "avgpool", "globalmaxpool",
          "globalavgpool", "relu", "relu6", "leakyrelu", "sigmoid", "tanh", "hardswish", "softmax", "add", "multiply",
          "concat", "pad", "upsample", "flatten", "reshape", "batchnorm", "dropout", "argmax"]


def is_network(lines):
    """Whether every window fits and no activation is large."""
    try:
        network = TextNetwork("\n".join(lines))
    except RuntimeError:
        return False
    counts = [height * width * channels for height, width, channels in network.shapes.values()]
    return 0 < min(counts) and max(counts) <= LARGEST


def results(network, x, labels):
    """Outputs, loss and gradients by name."""
    network.zero_grad()
    network.eval()
    with torch.no_grad():
        tensors = {f"output/{name}": value for name, value in network.outputs(x).items() if name != "input"}
    network.train()
    loss = functional.cross_entropy(network(x), labels)
    loss.backward()
    tensors["loss"] = loss.detach().reshape(1)
    for name in network.names:
        parameter = network.parameter(name)
        if parameter.requires_grad:
            gradient = torch.zeros_like(parameter) if parameter.grad is None else parameter.grad
            tensors[f"gradient/{name}"] = gradient.clone()
    return tensors


def difference(found, expected):
    """The largest difference, as a share of the largest value expected where that is not 0."""
    largest = expected.abs().max().item()
    return (found - expected).abs().max().item() / (largest or 1)


def case(text, draw, generator):
    """A case's tensors, or None where PyTorch's floats and doubles differ."""
    network = TextNetwork(text)
    for name in network.names:
        value = network.parameter(name).data
        if name.startswith("batchnorm") or "variance" in name or name == "tested.weight" and value.dim() == 1:
            value.uniform_(0.5, 1.5, generator=generator)
        elif name.startswith("stem"):
            # So that values lie on both sides of every bend.
            value.normal_(0, 2, generator=generator)
        else:
            value.normal_(0, max(value[0].numel(), 1) ** -0.5, generator=generator)
    count = draw.choice((3, 16, 19))
    x = torch.rand(count, *network.input, generator=generator)
    labels = torch.randint(0, LABELS, (count,), generator=generator)
    tensors = {f"parameter/{name}": network.parameter(name).data.clone() for name in network.names}
    single = results(network, x, labels)
    # A step of training has moved the running statistics.
    for name in network.names:
        network.parameter(name).data.copy_(tensors[f"parameter/{name}"])
    double = results(network.double(), x.double(), labels)
    if any(difference(single[name].double(), double[name]) > REPEATABLE for name in single):
        return None
    return {**tensors, **single, "input": x, "labels": labels.float()}


def main(folder, seed):
    draw = Draw(seed)
    torch.set_num_threads(1)
    generator = torch.Generator().manual_seed(seed)
    os.makedirs(folder, exist_ok=True)
    drawn_anew = 0
    for keyword in LAYERS + ["graph"]:
        made = 0
        while made < (GRAPHS if keyword == "graph" else CASES):
            lines = draw.graph_case() if keyword == "graph" else draw.layer_case(keyword)
            if not is_network(lines):
                continue
            text = "\n".join(lines) + "\n"
            tensors = case(text, draw, generator)
            if tensors is None:
                drawn_anew += 1
                continue
            made += 1
            path = os.path.join(folder, f"{keyword.replace(' ', '-')}-{made:02}.safetensors")
            save_file({name: tensor.contiguous().clone() for name, tensor in tensors.items()}, path,
                      {"network": text, "layer": keyword})
    print(f"PyTorch {torch.__version__}, seed {seed}: {len(os.listdir(folder))} cases, {drawn_anew} drawn anew")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))

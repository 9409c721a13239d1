"""Seconds of an epoch of MNIST, 60,000 pictures, batches of 128, Adam at 0.001, two threads: Thimble beside PyTorch and
Keras, paired in one run.

Epochs take turns between the engines, so that a busy machine slows them alike; the figure of an engine is the median. S and
R are Benchmarks/S.txt and R.txt: a preset would bring its recipe, which varies the pictures. Each peer lives in a process of its
own that runs an epoch when told to. Thimble trains on the 55,000 pictures that are not held out, from decoding the file anew each
time. Rates over an epoch are scaled to 60,000, those of peers where the data has fewer. Then the seconds from the start of a process
to the end of its first step, imports and the reading of the pictures included; and what each layer takes on one thread, and the
share of the measured peak.
"""
import json
import os
import pty
import statistics
import subprocess
import sys
import time

EPOCHS = 5
STARTS = 3
PICTURES = 60_000
BATCH = 128
THREADS = 2
RECIPE = "epochs = 1\nbatch = 128\noptimizer = adam\nlearning_rate = 0.001\n"
# Layers as (convolution, channels in, channels out) and "pool"; then the dense layer's inputs.
NETWORKS = {
    "S": ([(3, 1, 8), "pool", (3, 8, 16), "pool"], 400),
    "R": ([(3, 1, 16), (3, 16, 16), "pool", (3, 16, 32), (3, 32, 32), "pool", (1, 32, 16), (3, 16, 16)], 64),
}


def training(tool, network, work, data):
    """The command that trains for an epoch."""
    recipe = os.path.join(work, "plain.recipe")
    with open(recipe, "w") as file:
        file.write(RECIPE)
    return [tool, "train", "--data", data, "--network", network, "--recipe", recipe, "--threads", str(THREADS),
            "--output", os.path.join(work, "epoch.safetensors"), "--json"]


def thimble(command):
    """A function that trains for an epoch and gives its seconds."""
    def epoch():
        result = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        return PICTURES / result["images_per_second"]

    return epoch


def peer(engine, name, data):
    """The same for a peer, in a process of its own."""
    process = subprocess.Popen([sys.executable, __file__, engine, name, data], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True)
    process.stdout.readline()

    def epoch():
        process.stdin.write("epoch\n")
        process.stdin.flush()
        return float(process.stdout.readline())

    return epoch


def first_step(command, word):
    """Seconds until a process has taken its first step: then it writes a word to its terminal."""
    start = time.perf_counter()
    leader, follower = pty.openpty()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=follower)
    os.close(follower)
    said = b""
    while word not in said:
        try:
            said += os.read(leader, 4096)
        except OSError:
            raise SystemExit(f"{command}: ended before its first step: {said.decode(errors='replace')}") from None
    seconds = time.perf_counter() - start
    process.terminate()
    process.wait()
    os.close(leader)
    return seconds


def first_steps(commands):
    """The median for each command with its word, taking turns."""
    rounds = [[first_step(command, word) for command, word in commands] for _ in range(STARTS)]
    return [statistics.median(times) for times in zip(*rounds)]


def pictures(data, part="train"):
    """MNIST's pictures as floats in 0 ... 1, (picture, height, width, 1), and their labels."""
    import gzip

    import numpy

    def read(name, header):
        for folder in (data, os.path.join(data, "mnist")):
            for path, opened in ((name, open), (name + ".gz", gzip.open)):
                if os.path.exists(os.path.join(folder, path)):
                    with opened(os.path.join(folder, path), "rb") as file:
                        return numpy.frombuffer(file.read()[header:], numpy.uint8)
        raise SystemExit(f"no {name} in {data}")

    images = read(f"{part}-images-idx3-ubyte", 16).reshape(-1, 28, 28, 1).astype("float32") / 255
    return images, read(f"{part}-labels-idx1-ubyte", 8).astype("int64")


def serve(step, epoch, count):
    """Runs an epoch of so many pictures for every line of input, and answers with the seconds of a whole one; one epoch before, to
    warm up. Where nobody would read the answers it takes one step and says so."""
    if "--step" in sys.argv:
        step()
        print("done", file=sys.stderr, flush=True)
        return
    epoch()
    print("ready", flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        epoch()
        print((time.perf_counter() - start) * PICTURES / count, flush=True)


def pytorch(name, data):
    import torch
    from torch import nn

    torch.set_num_threads(THREADS)
    torch.manual_seed(0)
    images, labels = pictures(data)
    x = torch.from_numpy(images).permute(0, 3, 1, 2).contiguous(memory_format=torch.channels_last)
    y = torch.from_numpy(labels)
    layers = []
    for layer in NETWORKS[name][0]:
        if layer == "pool":
            layers.append(nn.MaxPool2d(2))
        else:
            kernel, inputs, outputs = layer
            layers += [nn.Conv2d(inputs, outputs, kernel), nn.ReLU()]
    model = nn.Sequential(*layers, nn.Flatten(), nn.Linear(NETWORKS[name][1], 10))
    model = model.to(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    loss = nn.CrossEntropyLoss()

    def step(batch):
        optimizer.zero_grad(set_to_none=True)
        loss(model(x[batch]), y[batch]).backward()
        optimizer.step()

    def epoch():
        order = torch.randperm(len(x))
        for first in range(0, len(x) - BATCH + 1, BATCH):
            step(order[first : first + BATCH])

    serve(lambda: step(torch.randperm(len(x))[:BATCH]), epoch, len(x))


def keras(name, data):
    os.environ["TF_NUM_INTRAOP_THREADS"] = os.environ["TF_NUM_INTEROP_THREADS"] = str(THREADS)
    import keras as k

    images, labels = pictures(data)
    model = k.Sequential([k.Input((28, 28, 1))])
    for layer in NETWORKS[name][0]:
        if layer == "pool":
            model.add(k.layers.MaxPooling2D(2))
        else:
            model.add(k.layers.Conv2D(layer[2], layer[0], activation="relu"))
    model.add(k.layers.Flatten())
    model.add(k.layers.Dense(10))
    model.compile(k.optimizers.Adam(1e-3), k.losses.SparseCategoricalCrossentropy(from_logits=True))
    serve(
        lambda: model.train_on_batch(images[:BATCH], labels[:BATCH]),
        lambda: model.fit(images, labels, batch_size=BATCH, verbose=0), len(images))


def main(tool, work, data):
    print(f"{'network':10} {'Thimble, s':>12} {'PyTorch, s':>12} {'Keras, s':>12} {'of the faster':>15}")
    folder = os.path.dirname(os.path.abspath(__file__))
    networks = {name: os.path.join(folder, name + ".txt") for name in NETWORKS}
    for name, network in networks.items():
        engines = [thimble(training(tool, network, work, data)), peer("pytorch", name, data), peer("keras", name, data)]
        seconds = [[] for _ in engines]
        for _ in range(EPOCHS):
            for engine, times in zip(engines, seconds):
                times.append(engine())
        medians = [statistics.median(times) for times in seconds]
        ratio = medians[0] / min(medians[1:])
        print(f"{name:10} " + " ".join(f"{median:12.2f}" for median in medians) + f" {ratio:14.2f}x", flush=True)
    commands = [(training(tool, networks["S"], work, data), b"epoch 1/1")]
    commands += [([sys.executable, __file__, engine, "S", data, "--step"], b"done") for engine in ("pytorch", "keras")]
    print("to step 1  " + " ".join(f"{seconds:12.2f}" for seconds in first_steps(commands)), flush=True)
    for name, network in networks.items():
        print(f"\n{name}, one thread:", flush=True)
        subprocess.run([tool, "bench", "--training", network], check=True)


if __name__ == "__main__":
    command, *arguments = [argument for argument in sys.argv[1:] if argument != "--step"]
    {"pytorch": pytorch, "keras": keras}.get(command, lambda *rest: main(command, *rest))(*arguments)

"""Validation and test accuracy of Thimble's training beside PyTorch's: the same networks, recipe, pictures and kind of
initialization, several seeds each.

Networks are S.txt, R.txt and ResNet-8.txt, the recipe accuracy.recipe. Both hold out the same 5,000 training pictures, every
twelfth. What differs is what a seed draws: the weights, from the same distributions, and the order of the pictures. The test
set is scored once a seed, after the last epoch.
"""
import json
import math
import os
import statistics
import subprocess
import sys

import torch
from pytorch_network import TextNetwork
from torch.nn import functional
from train import pictures

NETWORKS = ("S", "R", "ResNet-8")
HELD_OUT = 12
FOLDER = os.path.dirname(os.path.abspath(__file__))
RECIPE = os.path.join(FOLDER, "accuracy.recipe")
# What both sides do alike; another value is refused.
KNOWN = {"optimizer": "adam", "schedule": "one-cycle"}


def recipe(epochs):
    """The recipe's values; `epochs` replaces its own if it is given."""
    values = {}
    with open(RECIPE) as file:
        for line in file:
            line = line.split("#")[0].strip()
            if line:
                key, value = (part.strip() for part in line.split("="))
                values[key] = value
    known = {"epochs", "batch", "learning_rate", "warm_up", *KNOWN}
    for key in values:
        if key not in known or values[key] != KNOWN.get(key, values[key]):
            raise SystemExit(f"{RECIPE}: {key} = {values[key]} is not something that both sides do here")
    if epochs:
        values["epochs"] = epochs
    return values


def thimble(tool, network, seed, data, work, values):
    """Validation and test accuracy of one run."""
    output = os.path.join(work, "accuracy.safetensors")
    command = [tool, "train", "--data", data, "--network", network, "--recipe", RECIPE, "--epochs", values["epochs"],
               "--seed", str(seed), "--output", output, "--json"]
    trained = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    command = [tool, "evaluate", output, "--data", data, "--json"]
    tested = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return trained["validation_accuracy"], tested["accuracy"]


def one_cycle(step, steps, peak, warm_up):
    """The rate of a step: half a cosine up from a 25th, and down to a 10,000th, as docs/recipes.md has it."""
    def blend(first, last, share):
        return last + (first - last) * (1 + math.cos(math.pi * share)) / 2

    rising = warm_up * steps
    if step < rising:
        return peak * blend(0.04, 1, step / rising)
    return peak * blend(1, 0.0001, (step - rising) / (steps - rising))


def accuracy(network, x, labels):
    network.eval()
    with torch.no_grad():
        right = [(network(x[first:first + 500]).argmax(1) == labels[first:first + 500]).sum().item()
                 for first in range(0, len(x), 500)]
    return sum(right) / len(x)


def pytorch(network, seed, data, values):
    """The same for PyTorch."""
    x, labels = (torch.from_numpy(part) for part in pictures(data))
    is_held_out = torch.arange(len(x)) % HELD_OUT == HELD_OUT - 1
    held_out = x[is_held_out], labels[is_held_out]
    x, labels = x[~is_held_out], labels[~is_held_out]
    with open(network) as file:
        model = TextNetwork(file.read())
    generator = torch.Generator().manual_seed(seed)
    model.initialize(generator)
    optimizer = torch.optim.Adam([value for value in model.values if value.requires_grad])
    epochs, batch = int(values["epochs"]), int(values["batch"])
    batches = len(x) // batch
    for epoch in range(epochs):
        model.train()
        order = torch.randperm(len(x), generator=generator)
        for number in range(batches):
            picked = order[number * batch:(number + 1) * batch]
            rate = one_cycle(
                epoch * batches + number, epochs * batches, float(values["learning_rate"]), float(values["warm_up"]))
            for group in optimizer.param_groups:
                group["lr"] = rate
            optimizer.zero_grad(set_to_none=True)
            functional.cross_entropy(model(x[picked]), labels[picked]).backward()
            optimizer.step()
        print(f"PyTorch, epoch {epoch + 1} of {epochs}", file=sys.stderr, flush=True)
    tests = (torch.from_numpy(part) for part in pictures(data, "t10k"))
    return accuracy(model, *held_out), accuracy(model, *tests)


def row(name, engine, scores):
    """A line of the table: mean and standard deviation, in percent."""
    cells = []
    for values in zip(*scores):
        deviation = statistics.stdev(values) if len(values) > 1 else math.nan
        cells.append(f"{100 * statistics.mean(values):10.2f} +- {100 * deviation:4.2f}")
    print(f"{name:10} {engine:8} " + " ".join(cells), flush=True)


def difference(name, first, second):
    """The line below two engines': the difference of their means, and its standard error."""
    cells = []
    for ours, theirs in zip(zip(*first), zip(*second)):
        error = math.nan
        if len(ours) > 1:
            error = math.sqrt((statistics.variance(ours) + statistics.variance(theirs)) / len(ours))
        cells.append(f"{100 * (statistics.mean(ours) - statistics.mean(theirs)):+10.2f} +- {100 * error:4.2f}")
    print(f"{name:10} {'differ by':8} " + " ".join(cells), flush=True)


def main(tool, work, data, seeds, epochs=None):
    values = recipe(epochs)
    seeds = [int(seed) for seed in seeds.split(",")]
    print(f"PyTorch {torch.__version__}; {values['epochs']} epochs, seeds {', '.join(map(str, seeds))}; percent, mean and "
          "standard deviation, of a difference its standard error")
    print(f"{'network':10} {'engine':8} {'validation':>18} {'test':>18}")
    for name in NETWORKS:
        network = os.path.join(FOLDER, name + ".txt")
        ours, theirs = [], []
        for seed in seeds:
            ours.append(thimble(tool, network, seed, data, work, values))
            theirs.append(pytorch(network, seed, data, values))
        row(name, "Thimble", ours)
        row(name, "PyTorch", theirs)
        difference(name, ours, theirs)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""How accurate small networks become on MNIST, from 100,000 parameters to 2,000, as a page.

    frontier.py TOOL FOLDER SEEDS     checkpoints and model files go to FOLDER; what was trained there is not trained again

Networks and recipes are those of the folder frontier beside this file. There are at least two seeds, 1 among them: its largest network
teaches the others.
"""
import os
import shutil
import statistics
import sys

from runs import Runs

SOURCES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "frontier")
# A network, its recipe and its epochs. The smaller ones learn from the largest.
NETWORKS = (("100k", "100k.recipe", 30), ("8k", "taught.recipe", 60), ("5k", "taught.recipe", 60), ("2k", "taught.recipe", 16))


def spread(shares):
    """Mean and standard deviation, in per cent."""
    return f"{100 * statistics.mean(shares):.2f} ± {100 * statistics.stdev(shares):.2f}"


def train(runs, name, recipe, epochs, seeds):
    """What the training of one network with several seeds says."""
    # Its teacher is looked for beside the recipe.
    recipe = shutil.copy(os.path.join(SOURCES, recipe), runs.folder)
    arguments = [
        "train", "--data", runs.data, "--network", os.path.join(SOURCES, f"{name}.txt"), "--recipe", recipe, "--epochs", str(epochs),
        "--seed", seeds]
    outputs = [runs.checkpoint(f"{name}-{seed}") for seed in seeds.split(",")]
    if any(os.path.exists(output) or os.path.exists(f"{output}.state") for output in outputs):
        arguments.append("--resume")
    return runs.call(*arguments, "--output", runs.checkpoint(name))


def row(runs, name, recipe, epochs, seeds):
    report = train(runs, name, recipe, epochs, seeds)
    parameters, trained = report["parameters"], report["runs"]
    exported = [runs.export(f"{name}-{run['seed']}", f"{name}-{run['seed']}") for run in trained]
    report = exported[0][0]
    cells = [
        f"{parameters:,}", f"{report['macs']:,}", str(epochs), spread([run["validation_accuracy"] for run in trained]),
        spread([run["test_accuracy"] for run in trained]), ", ".join(f"{100 * run['test_accuracy']:.2f}" for run in trained),
        f"{report['file_bytes']:,}", spread([test for _, test in exported])]
    print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


def main(tool, folder, seeds):
    if len(set(seeds.split(","))) < 2 or "1" not in seeds.split(","):
        sys.exit(f"seeds: expected at least two, 1 among them, found '{seeds}'")
    runs = Runs(tool, folder)
    print("# Accuracy and size\n")
    print(
        f"`make frontier-report FRONTIER_SEEDS={seeds}` wrote this page: MNIST, the networks and recipes of `Benchmarks/frontier`,\n"
        f"seeds {seeds}. Per cent right, mean and standard deviation over the seeds. Shapes and recipes were chosen on the validation\n"
        "split, one in twelve training pictures; the test set was scored once for each checkpoint and each file, after all of its training.\n"
        "Others had been scored there before the present `8k` and `5k`, chosen on validation in their turn: with 16 epochs the same `8k`,\n"
        "and the same `5k` with relu for hard swish; with 30 epochs an `8k` and a `5k` whose convolutions mix all channels. Parameters are\n"
        "all that are trained, batch norms' two a channel included; the file has int8 weights, quantized after training, and a table of\n"
        "256 bytes for each hard swish.\n")
    print("| network | parameters | MACs | epochs | validation | test | test, seed by seed | file, bytes | test, int8 |\n|---|---:|---:|---:|---:|---:|---|---:|---:|")
    for name, recipe, epochs in NETWORKS:
        row(runs, name, recipe, epochs, seeds)


if __name__ == "__main__":
    main(*sys.argv[1:])

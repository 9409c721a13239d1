"""How much faster two ranks train than one, a thread each, beside one rank of two threads: paired in one run.

Epochs of MNIST, batches of 128, Adam at 0.001, take turns between the three, so that a busy machine slows them alike. A figure
is the median over the rounds of the round's own ratio to one rank. The checkpoints must be the same bytes.
"""
import json
import os
import statistics
import subprocess
import sys

ROUNDS = 5
RECIPE = "epochs = 1\nbatch = 128\noptimizer = adam\nlearning_rate = 0.001\n"
NETWORKS = ["S", "R"]
# Ranks, and threads of each.
WAYS = [(1, 1), (2, 1), (1, 2)]


def rate(tool, work, data, network, ranks, threads):
    """Pictures a second of an epoch, and the checkpoint's bytes."""
    recipe = os.path.join(work, "plain.recipe")
    with open(recipe, "w") as file:
        file.write(RECIPE)
    output = os.path.join(work, f"{ranks}-{threads}.safetensors")
    # Each thread has a core, whichever way it is started.
    launcher = ["mpirun", "-np", str(ranks), "--map-by", f"slot:PE={threads}"]
    result = subprocess.run(
        launcher + [tool, "train", "--data", data, "--network", network, "--recipe", recipe, "--threads", str(threads),
                    "--output", output, "--json"], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    with open(output, "rb") as file:
        return json.loads(result.stdout)["images_per_second"], file.read()


def main(tool, work, data):
    print(f"{'network':10} {'1 rank, pictures/s':>20} {'2 ranks':>10} {'2 threads':>10}")
    folder = os.path.dirname(os.path.abspath(__file__))
    for name in NETWORKS:
        network = os.path.join(folder, name + ".txt")
        rounds = []
        for _ in range(ROUNDS):
            rates, checkpoints = zip(*(rate(tool, work, data, network, *way) for way in WAYS))
            if len(set(checkpoints)) != 1:
                raise SystemExit(f"{name}: the checkpoints differ")
            rounds.append(rates)
        ratios = [statistics.median(rates[way] / rates[0] for rates in rounds) for way in (1, 2)]
        alone = statistics.median(rates[0] for rates in rounds)
        print(f"{name:10} {alone:20,.0f} " + " ".join(f"{ratio:9.2f}x" for ratio in ratios), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

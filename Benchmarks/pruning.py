"""What a network loses with its weights or channels, and what a byte budget makes of it, as a page.

    pruning.py TOOL FOLDER NETWORK EPOCHS TUNING SEEDS     what is made on the way goes to FOLDER

The float networks are trained once a seed; each way of pruning goes on from them for the same number of epochs, and so does a run that
prunes nothing. What is left after channels were taken out is also trained from the start, for all epochs together.
"""
import json
import struct
import sys

from runs import Runs, percent

RECIPE = """epochs = {epochs}
learning_rate = 0.003
schedule = cosine
{more}"""
# A name for a row, the lines of its recipe, and how its file is exported.
ROWS = (
    ("nothing", "", ()),
    ("weights, 50 %", "sparsity = 0.5\n", ("--encoding", "deflate")),
    ("weights, 75 %", "sparsity = 0.75\n", ("--encoding", "deflate")),
    ("weights, 90 %", "sparsity = 0.9\n", ("--encoding", "deflate")),
    ("channels, 20 %", "channel_sparsity = 0.2\n", ()),
    ("channels, 40 %", "channel_sparsity = 0.4\n", ()),
    ("int4", "quantize = int4\n", ()),
    ("int4 in {budget} bytes", "quantize = int4\nbyte_budget = {budget}\nkeep = best\n", ("--encoding", "deflate")),
    ("int8 in {budget} bytes", "quantize = int8\nbyte_budget = {budget}\nkeep = best\n", ("--encoding", "deflate")),
)
# Of the file of `nothing`, for the rows that have a budget.
BUDGETS = {"int4 in {budget} bytes": 0.4, "int8 in {budget} bytes": 0.6}


def metadata(checkpoint, key):
    """What a checkpoint says of itself, from the header of the safetensors file."""
    with open(checkpoint, "rb") as file:
        (count,) = struct.unpack("<Q", file.read(8))
        return json.loads(file.read(count))["__metadata__"][key]


def mean(values):
    return round(sum(values) / len(values))


def row(label, results):
    """A line of the table from the exports' reports and the files' test accuracies."""
    reports = [report for report, _ in results]
    sizes = [mean([report[key] for report in reports]) for key in ("file_bytes", "arena_bytes", "weight_ram_bytes", "macs")]
    accuracies = [percent([report["int8_accuracy"] for report in reports]), percent([test for _, test in results])]
    print("| " + " | ".join([label, *(f"{size:,}" for size in sizes), *accuracies]) + " |", flush=True)
    return sizes[0]


def main(tool, folder, network, epochs, tuning, seeds):
    runs = Runs(tool, folder)
    seeds = seeds.split(",")
    print("# Pruned\n")
    print(
        f"`make pruning-report PRUNING_NETWORK={network} PRUNING_EPOCHS={epochs} PRUNING_TUNING={tuning} PRUNING_SEEDS={','.join(seeds)}` wrote this\n"
        f"page: `{network}` on MNIST, {epochs} epochs by its preset's recipe; then {tuning} epochs with what a row says, `learning_rate = 0.003`,\n"
        "`schedule = cosine`. A share is what is gone of all weights, or of all channels that could go. Accuracies are the model file's, in per\n"
        "cent: the mean over the seeds and, in brackets, the largest less the least; sizes are means. Where weights were to be 0, or bytes were\n"
        "counted, the file is compressed, and unpacked into the RAM that the fourth column says. The validation split is one in twelve\n"
        "training pictures; the test set was scored once for each file. *From the start* is the network of the row above with fresh weights,\n"
        f"trained by the preset's recipe for {int(epochs) + int(tuning)} epochs.\n")
    print("| without | file, bytes | arena | weight RAM | MACs | validation | test |\n|---|---:|---:|---:|---:|---:|---:|")
    for seed in seeds:
        runs.fit(f"float-{seed}", "--network", network, "--epochs", epochs, "--seed", seed)
    whole = None
    for number, (label, lines, options) in enumerate(ROWS):
        budget = int(BUDGETS.get(label, 0) * (whole or 0))
        recipe = runs.write(f"{number}.txt", RECIPE.format(epochs=tuning, more=lines.format(budget=budget)))
        results = []
        for seed in seeds:
            name = f"{number}-{seed}"
            runs.fit(name, "--from", runs.checkpoint(f"float-{seed}"), "--recipe", recipe, "--seed", seed)
            results.append(runs.export(name, name, *options))
        size = row(label.format(budget=f"{budget:,}"), results)
        whole = whole or size
        if "channel_sparsity" not in lines:
            continue
        again = [fresh(runs, f"{number}-{seed}", str(int(epochs) + int(tuning)), seed) for seed in seeds]
        row("the same, from the start", again)


def fresh(runs, pruned, epochs, seed):
    """The export of a pruned network's shape, trained from the start as its float network was."""
    name = f"{pruned}-fresh"
    shape = runs.write(f"{name}.net", metadata(runs.checkpoint(pruned), "network"))
    recipe = runs.write(f"{name}.recipe", metadata(runs.checkpoint(f"float-{seed}"), "recipe"))
    runs.fit(name, "--network", shape, "--recipe", recipe, "--epochs", epochs, "--seed", seed)
    return runs.export(name, name)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""What whole numbers cost a network that learned in float, and one that learned for them, as a page.

    qat.py TOOL FOLDER NETWORK EPOCHS TUNING SEEDS     what is made on the way goes to FOLDER

The float networks are trained once a seed; from each, for each grid, one file is exported as it is and one after a few more epochs on
the grid. As many epochs in float tell what the grid does from what more epochs do.
"""
import json
import sys

from firmware import output

GRIDS = ("int8", "int4", "int2", "ternary")
# The rate is a tenth of the presets'.
RECIPE = """quantize = {grid}
epochs = {epochs}
learning_rate = 0.001
schedule = cosine
"""


class Bench:
    def __init__(self, tool, folder, data):
        self.tool, self.folder, self.data = tool, folder, data

    def call(self, *arguments):
        print(" ".join(arguments[:1] + arguments[-1:]), file=sys.stderr)
        return json.loads(output([self.tool, *arguments, "--json"]))

    def score(self, file):
        return self.call("evaluate", "--data", self.data, file)["accuracy"]

    def fit(self, name, *more):
        """Trains a checkpoint; gives its validation accuracy."""
        path = f"{self.folder}/{name}.safetensors"
        return self.call("train", "--data", self.data, *more, "--output", path)["validation_accuracy"]

    def tune(self, seed, grid, epochs):
        """Trains the float network of a seed further, on a grid."""
        recipe = f"{self.folder}/{grid}.txt"
        with open(recipe, "w") as file:
            file.write(RECIPE.format(grid=grid, epochs=epochs))
        start = f"{self.folder}/float-{seed}.safetensors"
        return self.fit(f"{grid}-{seed}", "--from", start, "--recipe", recipe, "--seed", seed)

    def export(self, name, model, *more):
        """Bytes of the file, its accuracy on the validation split, and on the test set."""
        model = f"{self.folder}/{model}.thimble"
        report = self.call(
            "export", f"{self.folder}/{name}.safetensors", "--calibration", self.data, *more, "--output", model)
        return report["file_bytes"], report["int8_accuracy"], self.score(model)


def percent(shares):
    """The mean, and how far the least and the largest are from each other."""
    return f"{100 * sum(shares) / len(shares):.2f} ({100 * (max(shares) - min(shares)):.2f})"


def row(label, size, results):
    """A line of the table from pairs of validation and test accuracy."""
    columns = [percent(column) for column in zip(*results)]
    return f"| {label} | {size} | " + " | ".join(columns) + " |"


def main(tool, folder, network, epochs, tuning, seeds):
    bench = Bench(tool, folder, output([tool, "data"]).strip())
    seeds = seeds.split(",")
    floats = {seed: bench.fit(f"float-{seed}", "--network", network, "--epochs", epochs, "--seed", seed) for seed in seeds}
    print("# Trained for whole numbers\n")
    print(
        f"`make qat-report QAT_NETWORK={network} QAT_EPOCHS={epochs} QAT_TUNING={tuning} QAT_SEEDS={','.join(seeds)}` wrote this page: `{network}` on\n"
        f"MNIST, {epochs} epochs in float by its preset's recipe; then {tuning} epochs on grids, `learning_rate = 0.001`, `schedule = cosine`, and as many\n"
        "in float beside them. Per cent right, the mean over the seeds and, in brackets, the largest less the least. The validation split is one in\n"
        "twelve training pictures; the test set was scored once for each file.\n")
    print("| weights | how | file, bytes | validation | test |\n|---|---|---:|---:|---:|")

    def float_row(label, name, accuracies):
        tests = [bench.score(f"{folder}/{name}-{seed}.safetensors") for seed in seeds]
        print(row(label, "", list(zip(accuracies, tests))))

    float_row("float | as trained", "float", list(floats.values()))
    float_row("float | the same epochs more", "none", [bench.tune(seed, "none", tuning) for seed in seeds])
    for grid in GRIDS:
        before = [bench.export(f"float-{seed}", f"{grid}-{seed}-before", "--weights", grid) for seed in seeds]
        print(row(f"{grid} | rounded after training", before[0][0], [result[1:] for result in before]))
        after = []
        for seed in seeds:
            said = bench.tune(seed, grid, tuning)
            size, found, test = bench.export(f"{grid}-{seed}", f"{grid}-{seed}")
            if said != found:
                raise SystemExit(f"{grid}, seed {seed}: training said {said}, the file scores {found}")
            after.append((size, found, test))
        print(row(f"{grid} | trained for it", after[0][0], [result[1:] for result in after]))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""What whole numbers cost a network that learned in float, and one that learned for them, as a page.

    qat.py TOOL FOLDER NETWORK EPOCHS TUNING SEEDS     what is made on the way goes to FOLDER

The float networks are trained once a seed; from each, for each grid, one file is exported as it is and one after a few more epochs on
the grid. As many epochs in float tell what the grid does from what more epochs do.
"""
import sys

from runs import Runs, percent

GRIDS = ("int8", "int4", "int2", "ternary")
# The rate is a tenth of the presets'.
RECIPE = """quantize = {grid}
epochs = {epochs}
learning_rate = 0.001
schedule = cosine
"""


class Bench(Runs):
    def tune(self, seed, grid, epochs):
        """Trains the float network of a seed further, on a grid."""
        recipe = self.write(f"{grid}.txt", RECIPE.format(grid=grid, epochs=epochs))
        start = self.checkpoint(f"float-{seed}")
        return self.fit(f"{grid}-{seed}", "--from", start, "--recipe", recipe, "--seed", seed)

    def sizes(self, name, model, *more):
        """Bytes of the file, its accuracy on the validation split, and on the test set."""
        report, test = self.export(name, model, *more)
        return report["file_bytes"], report["int8_accuracy"], test


def row(label, size, results):
    """A line of the table from pairs of validation and test accuracy."""
    columns = [percent(column) for column in zip(*results)]
    return f"| {label} | {size} | " + " | ".join(columns) + " |"


def main(tool, folder, network, epochs, tuning, seeds):
    bench = Bench(tool, folder)
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
        tests = [bench.score(bench.checkpoint(f"{name}-{seed}")) for seed in seeds]
        print(row(label, "", list(zip(accuracies, tests))))

    float_row("float | as trained", "float", list(floats.values()))
    float_row("float | the same epochs more", "none", [bench.tune(seed, "none", tuning) for seed in seeds])
    for grid in GRIDS:
        before = [bench.sizes(f"float-{seed}", f"{grid}-{seed}-before", "--weights", grid) for seed in seeds]
        print(row(f"{grid} | rounded after training", before[0][0], [result[1:] for result in before]))
        after = []
        for seed in seeds:
            said = bench.tune(seed, grid, tuning)
            size, found, test = bench.sizes(f"{grid}-{seed}", f"{grid}-{seed}")
            if said != found:
                raise SystemExit(f"{grid}, seed {seed}: training said {said}, the file scores {found}")
            after.append((size, found, test))
        print(row(f"{grid} | trained for it", after[0][0], [result[1:] for result in after]))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Trainings, exports and scores by the tool, for pages that compare them."""
import json
import sys

from firmware import output


class Runs:
    """Runs in a folder, on the data that the tool finds."""

    def __init__(self, tool, folder):
        self.tool, self.folder = tool, folder
        self.data = output([tool, "data"]).strip()

    def call(self, *arguments):
        """What a command prints as JSON."""
        print(" ".join(arguments[:1] + arguments[-1:]), file=sys.stderr)
        return json.loads(output([self.tool, *arguments, "--json"]))

    def score(self, file):
        """The share of test pictures that a checkpoint or a model file is right on."""
        return self.call("evaluate", "--data", self.data, file)["accuracy"]

    def write(self, name, text):
        """The path of a file with this text."""
        path = f"{self.folder}/{name}"
        with open(path, "w") as file:
            file.write(text)
        return path

    def checkpoint(self, name):
        return f"{self.folder}/{name}.safetensors"

    def fit(self, name, *more):
        """Trains a checkpoint; gives its validation accuracy."""
        return self.call("train", "--data", self.data, *more, "--output", self.checkpoint(name))["validation_accuracy"]

    def export(self, name, model, *more):
        """What the export of a checkpoint says, and the model file's accuracy on the test set."""
        model = f"{self.folder}/{model}.thimble"
        report = self.call("export", self.checkpoint(name), "--calibration", self.data, *more, "--output", model)
        return report, self.score(model)


def percent(shares):
    """The mean, and how far the least and the largest are from each other."""
    return f"{100 * sum(shares) / len(shares):.2f} ({100 * (max(shares) - min(shares)):.2f})"

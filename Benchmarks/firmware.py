"""Images of models, built and run as the tool and Firmware/Makefile do it."""
import json
import os
import subprocess


class Image:
    """A model in the firmware of a target, in a folder of its own."""

    def __init__(self, tool, model, target, folder, interpreted=False):
        self.target, self.folder = target, os.path.abspath(folder)
        self.specialized = not interpreted
        command = [tool, "firmware", model, "--target", target, "--output", folder]
        output(command + (["--interpreted"] if interpreted else []))

    def run(self, **settings):
        """Runs the model once, on a picture of zeros: what `make run` prints, the words of each line by the first of them."""
        settings.update(TARGET=self.target, MODEL=f"{self.folder}/model.thimble", OUTPUT=self.folder)
        if self.specialized:
            settings["SPECIALIZED"] = f"{self.folder}/SpecializedModel.swift"
        command = ["make", "-s", "-C", "Firmware", "run"] + [f"{name}={value}" for name, value in settings.items()]
        return [line.split() for line in output(command).splitlines()]

    def instructions(self, **settings):
        """Of one call of ENTRY, an inference if it isn't given."""
        return next(int(words[1]) for words in self.run(**settings) if words[0] == "instructions")


def output(command):
    """What a command prints; ends the program where it fails."""
    result = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if result.returncode != 0:
        raise SystemExit(f"{' '.join(command)}: ended with status {result.returncode}")
    return result.stdout


def inspect(tool, model):
    return json.loads(output([tool, "inspect", model, "--json"]))

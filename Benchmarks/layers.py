"""Instructions of each layer that multiplies, beside the fewest that the instruction set allows (bounds.py), as a page.

    layers.py TOOL FOLDER TARGET…     FOLDER holds the models of `make peer-models`; the images go to its folder `layers`
"""
import re
import sys
import textwrap

import bounds
from firmware import Image, inspect

NETWORKS = ["lenet", "resnet8", "dscnn"]
OPERATIONS = {"conv", "depthwise", "dense"}


def numbers(text):
    return [int(number) for number in re.findall(r"\d+", text)]


def layers(description):
    """(record that runs it, its name, MACs, Layer) of each layer of `thimble inspect` that multiplies."""
    records = description["layers"]
    for index, record in enumerate(records):
        if record["operation"] not in OPERATIONS:
            continue
        name, pool = record["name"], 1
        input_height, input_width, inputs = numbers(records[record["inputs"][0]]["shape"])
        _, width, channels = numbers(record["shape"])
        kernel, stride = (input_height, input_width), 1
        if record["window"]:
            *kernel, _, stride = numbers(record["window"])
        runner = index
        if record["ring_rows"] == 0:  # the max pool behind it is one step with it
            runner = next(i for i, other in enumerate(records) if other["inputs"] == [index])
            name += " + " + records[runner]["name"]
            pool_height, pool_width, *_ = numbers(records[runner]["window"])
            pool = pool_height * pool_width
        layer = bounds.Layer(record["operation"], tuple(kernel), stride, inputs, channels, width, 0, pool)
        layer.pixels = record["macs_done"] / (layer.products * channels)
        yield runner, name, record["macs"], layer


def row(name, macs, instructions, bound):
    ratio = f"{instructions / bound:.2f}" if bound else ""
    per_mac = [f"{count / macs:.3f}" if macs and count else "" for count in (instructions, bound)]
    return f"| {name} | {macs or ''} | {instructions} | {per_mac[0]} | {per_mac[1]} | {ratio} |"


def table(core, network, image, description):
    lines = image.run(PROFILE="instructions")
    total = next(int(words[1]) for words in lines if words[0] == "instructions")
    parts = {int(words[1]): int(words[3]) for words in lines if words[0] == "part"}
    rows, sums = [], [0, 0, 0]
    for runner, name, macs, layer in layers(description):
        figures = macs, parts[runner], core.instructions(layer)
        rows.append(row(name, *figures))
        sums = [sum_ + figure for sum_, figure in zip(sums, figures)]
    rows.append(row("the rest", 0, total - sums[1], 0))
    rows.append(row(f"**{network}**", sums[0], total, sums[2]))
    return "\n".join(rows)


def main(tool, folder, targets):
    print(HEAD)
    large = bounds.Layer("conv", (3, 3), 1, 1024, 1024, 1024, 1024)
    families = {type(bounds.CORES[target]): bounds.CORES[target] for target in targets}
    for core in families.values():
        macs = large.pixels * large.channels * large.products
        text = f"- **{core.name}**, {core.instructions(large) / macs:.2f} a MAC on a large convolution. {core.about}"
        if isinstance(core, bounds.DSP):
            widened = bounds.WidenedDSP(is_thumb=True).instructions(large) / macs
            text += f" Windows copied as half words, once for all channels, would allow {widened:.2f}, for twice their bytes of RAM."
        print(textwrap.fill(text, 130, subsequent_indent="  "))
    descriptions = {network: inspect(tool, f"{folder}/{network}.thimble") for network in NETWORKS}
    for target in targets:
        print(f"\n## `{target}`\n\n| layer | MACs | instructions | a MAC | bound, a MAC | of the bound |\n|---|---:|---:|---:|---:|---:|")
        for network in NETWORKS:
            print(f"{target} {network}", file=sys.stderr)
            image = Image(tool, f"{folder}/{network}.thimble", target, f"{folder}/layers/{target}-{network}")
            print(table(bounds.CORES[target], network, image, descriptions[network]))


HEAD = """# Instructions by layer

`make layers-report` wrote this page: the networks of `docs/peers.md`, specialized; where the instructions of one inference go, counted
under QEMU; and beside it a lower bound that the instruction set puts on each layer. MACs are nominal. A max pool behind a convolution
is one step with it. The rest is additions, other pools, softmax, the picture's rows, the walk and the output. Cortex-M7 has Cortex-M4's
instructions.

The bound (`Benchmarks/bounds.py`) is of a direct convolution, a row of outputs at a time, whose operands are bytes where they lie, inputs in
RAM and weights in flash. A tile keeps the sums of some channels of some neighbouring pixels in registers; weights are loaded and widened
once for all its pixels, inputs once for all its channels; a window's rows may be copied to one run before. Of all tiles whose sums,
operands and two pointers fit the registers, the cheapest counts, and what each sum and each output takes. Loops, addresses, borders,
calls and biases cost nothing.
"""

if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])

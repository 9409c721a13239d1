"""How instructions grow with a network's work, and what loading costs with its file, as a page.

    growth.py TOOL FOLDER TARGET…     what is made on the way goes to FOLDER

One style of network, its weights seeded, grown by its channels and by its picture.
"""
import functools
import os
import sys

from firmware import Image, inspect, output

NETWORK = """input {size}x{size}x3
conv 3x3 {width} padding=same
relu
conv 3x3 {width} padding=same
relu
maxpool 2x2
conv 3x3 {twice} padding=same
relu
conv 3x3 {twice} padding=same
relu
globalavgpool
dense 10
"""
WIDTHS = [(32, width) for width in (2, 4, 8, 16, 32, 48)]
SIZES = [(size, 8) for size in (8, 16, 32, 64, 128)]


@functools.cache
def checkpoint(tool, folder, size, width):
    name = f"{folder}/{size}-{width}"
    with open(f"{name}.txt", "w") as file:
        file.write(NETWORK.format(size=size, width=width, twice=2 * width))
    output([tool, "train", "--network", f"{name}.txt", "--epochs", "0", "--output", f"{name}.safetensors", "--json"])
    return f"{name}.safetensors"


@functools.cache
def export(tool, folder, size, width, encoding):
    """The model file of a network."""
    model = f"{folder}/{size}-{width}-{encoding}.thimble"
    output([tool, "export", checkpoint(tool, folder, size, width), "--encoding", encoding, "--output", model, "--json"])
    return model


@functools.cache
def run_row(tool, folder, target, size, width):
    model = export(tool, folder, size, width, "raw")
    macs = inspect(tool, model)["macs"]
    instructions = Image(tool, model, target, f"{folder}/{target}-{size}-{width}").instructions()
    return f"| {size} x {size} x 3 | {width} | {macs} | {instructions} | {instructions / macs:.3f} |"


def load(tool, folder, target, size, width, encoding):
    """Bytes of the file and of its weights when unpacked, instructions to load it, and to prepare it."""
    model = export(tool, folder, size, width, encoding)
    image = Image(tool, model, target, f"{folder}/{target}-load-{encoding}", interpreted=True)
    laid_out = inspect(tool, f"{image.folder}/model.thimble")
    unpacked = laid_out["weight_ram_bytes"]
    # The library that the tool built for it: without a decoder where there is nothing to unpack.
    raw_only = "" if unpacked else "1"
    counts = [image.instructions(ENTRY=entry, RAW_ONLY=raw_only) for entry in ("thimble_load", "thimble_prepare")]
    return laid_out["file_bytes"], unpacked, *counts


def line(points):
    """The least-squares line through (x, y), as (y at 0, slope), and the greatest distance of a y from it by that y."""
    count = len(points)
    mean_x, mean_y = (sum(values) / count for values in zip(*points))
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _ in points)
    start = mean_y - slope * mean_x
    return start, slope, max(abs(start + slope * x - y) / y for x, y in points)


def fit(what, points):
    start, slope, distance = line(points)
    return f"{what}: {slope:.1f} a byte and {start:.0f} once, within {100 * distance:.1f} %."


def main(tool, folder, targets):
    os.makedirs(folder, exist_ok=True)
    print(HEAD)
    print("```\n" + NETWORK.format(size="S", width="W", twice="2W") + "```")
    for target in targets:
        print(f"\n## `{target}`\n\n| picture | channels | MACs | instructions | a MAC |\n|---|---:|---:|---:|---:|")
        for size, width in WIDTHS + SIZES:
            print(f"{target} {size} {width}", file=sys.stderr)
            print(run_row(tool, folder, target, size, width))
        print("\n| channels | file, raw | load | prepare | file, deflate | unpacked | load | prepare |\n|---:|---:|---:|---:|---:|---:|---:|---:|")
        loads, unpacks = [], []
        for size, width in WIDTHS:
            print(f"{target} load {width}", file=sys.stderr)
            raw_bytes, _, raw_load, raw_prepare = load(tool, folder, target, size, width, "raw")
            packed_bytes, unpacked, packed_load, packed_prepare = load(tool, folder, target, size, width, "deflate")
            loads += [(raw_bytes, raw_load), (packed_bytes, packed_load)]
            if unpacked:  # else deflate saved nothing
                unpacks.append((unpacked, packed_prepare - raw_prepare))
            print(f"| {width} | {raw_bytes} | {raw_load} | {raw_prepare} | {packed_bytes} | {unpacked} | {packed_load} | {packed_prepare} |")
        print("\n" + fit("`thimble_load`, by bytes of the file", loads) + "  ")
        print(fit("What `thimble_prepare` takes more for deflated weights, by bytes unpacked", unpacks))


HEAD = """# How the cost grows

`make growth-report` wrote this page: one style of network, with seeded weights, int8, grown by its channels W and by its picture S.
Instructions are those of one inference, specialized and raw, counted under QEMU; MACs are nominal. Small networks pay more a MAC, for
few channels leave tiles and vectors partly empty, and what is done once for a pixel or a row is shared by little work. All of
them fit the memory of the boards that QEMU has.

Loading is counted in the interpreter, which alone reads a file: `thimble_load` checks every byte of it, `thimble_prepare` walks the
model once without computing, which takes as long whatever the weights, and unpacks those that are deflated. Seeded weights are noise,
which deflate shortens little: nearly every byte is a code of its own, the slowest there is. A layer that it doesn't shorten stays raw.
"""

if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])

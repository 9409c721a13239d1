"""Microseconds a picture on this machine, one thread, batch 1: Thimble beside LiteRT with XNNPACK, paired in one run.

Rounds of 0.15 s take turns between engines and networks, so that a busy machine slows them alike. The figure of an engine is the least
of its rounds' medians; the ratio is of these. LiteRT's includes its Python call, some 0.6 us.

Then what a second thread brings an evaluation, the least of as many rounds again. A busy machine has no second core to give.
"""
import json
import os
import statistics
import subprocess
import sys
import time

ROUNDS = 12
SECONDS = 0.15
# What Thimble calls the network, and the .tflite of the same layers.
NETWORKS = [("S", "lenet", "S_int8.tflite"), ("R", "reference", "R_int8.tflite")]


def ours(tool, model):
    """A function that gives the median of one round."""

    def round_():
        command = [tool, "bench", model, "--seconds", str(SECONDS), "--json"]
        return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["median_us"]

    return round_


def litert(path):
    """The same for LiteRT, or None where the model is not there."""
    if not os.path.exists(path):
        return None
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(path, num_threads=1)
    interpreter.allocate_tensors()
    details = interpreter.get_input_details()[0]
    picture = interpreter.get_tensor(details["index"])
    picture.flat[:] = [(37 * i + 128) % 256 - 128 for i in range(picture.size)]
    interpreter.set_tensor(details["index"], picture)

    def round_():
        times = []
        end = time.perf_counter_ns() + SECONDS * 1e9
        while True:
            start = time.perf_counter_ns()
            interpreter.invoke()
            now = time.perf_counter_ns()
            times.append((now - start) / 1000)
            if now > end:
                return statistics.median(times)

    return round_


def main(tool, models, data):
    engines = []
    for name, preset, tflite in NETWORKS:
        peer = litert(os.path.join(os.environ.get("THIMBLE_MODELS", ""), tflite))
        engines.append((name, ours(tool, os.path.join(models, preset + ".thimble")), peer))
    times = {name: ([], []) for name, _, _ in engines}
    for _ in range(ROUNDS):
        for name, thimble, peer in engines:
            times[name][0].append(thimble())
            if peer:
                times[name][1].append(peer())
    compare(engines, times)
    evaluate(tool, os.path.join(models, NETWORKS[-1][1] + ".thimble"), data)


def compare(engines, times):
    print(f"{'network':10} {'Thimble, us':>12} {'LiteRT, us':>12} {'ratio':>8}")
    for name, _, _ in engines:
        thimble, peer = (min(rounds, default=None) for rounds in times[name])
        end = f"{peer:12.2f} {thimble / peer:7.2f}x" if peer else f"{'skipped: no .tflite in $THIMBLE_MODELS':>12}"
        print(f"{name:10} {thimble:12.2f} {end}")


def evaluate(tool, model, data):
    seconds = {1: [], 2: []}
    for _ in range(ROUNDS):
        for threads, times in seconds.items():
            command = [tool, "evaluate", model, "--data", data, "--threads", str(threads), "--json"]
            result = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
            times.append(result["seconds"])
    one, two = (min(times) for times in seconds.values())
    print(f"\nevaluation of {result['images']:,} pictures: {one:.3f} s on one thread, {two:.3f} s on two, {one / two:.2f}x")


main(*sys.argv[1:])

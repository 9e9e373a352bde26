"""Times Assay and its peers in turn, and prints a table of medians and ratios."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time

import torch

sys.path.insert(0, os.path.dirname(__file__))
from networks import NETWORKS  # noqa: E402
from work import Work  # noqa: E402

TASKS = ["forward", "gradient", "fgsm", "pgd", "saliency", "integrated-gradients", "smoothgrad",
         "train-sgd", "train-adam"]


class Assay:
    """`assay bench` as a process that times a run whenever it is asked to."""

    def __init__(self, program, model, task, threads, batch):
        self.process = subprocess.Popen(
            [program, "bench", "--model", model, "--task", task, "--threads", str(threads),
             "--batch", str(batch), "--paced"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline().strip() != "ready":
            raise SystemExit(f"assay bench refuses {task} on {model}")

    def __call__(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def rate(function, samples):
    """Samples a second, of calls that fill a third of a second."""
    samples = getattr(function, "samples", samples)
    start = time.perf_counter()
    function()
    once = time.perf_counter() - start
    if once >= 0.3:
        return samples / once
    calls = int(0.3 / max(once, 1e-6))
    start = time.perf_counter()
    for _ in range(calls):
        function()
    return calls * samples / (time.perf_counter() - start)


def compare(program, model, task, rounds, threads, batch):
    work = Work(model, threads, batch)
    contenders = work.contenders(task)
    assay = Assay(program, model, task, threads, work.batch)
    own, others = [], {name: [] for name in contenders}
    for _ in range(rounds):
        own.append(assay())
        for name, function in contenders.items():
            others[name].append(rate(function, work.batch))
    assay.close()
    rates = [figure["samples_per_s"] for figure in own]
    mine = statistics.median(rates)
    share = statistics.median(figure["fraction_of_peak"] or 0 for figure in own)
    medians = {name: statistics.median(found) for name, found in others.items()}
    best = max(medians, key=medians.get)
    # A round's figures were taken beside each other: the machine drifts between rounds.
    ratio = statistics.median(a / b for a, b in zip(rates, others[best]))
    print(f"{model:15} {task:21} {mine:12,.0f} {share:7.1%}   {ratio:5.2f} x {best}", flush=True)
    for name, value in sorted(medians.items(), key=lambda item: -item[1]):
        print(f"{'':37} {value:12,.0f}   {name}", flush=True)
    print(json.dumps({"model": model, "task": task, "assay": mine, "ratio": ratio, "best": best,
                      "fraction_of_peak": share, "peers": medians}), file=sys.stderr, flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--assay", required=True)
    parser.add_argument("--model", default=",".join(NETWORKS))
    parser.add_argument("--task", default=",".join(TASKS))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--batch", type=int, help="samples of a call; by default each network's")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    print(f"PyTorch {torch.__version__}, {options.threads} threads, medians of {options.rounds}")
    print(f"{'network':15} {'task':21} {'samples/s':>12} {'of peak':>7}   ratio to the fastest peer")
    for model in options.model.split(","):
        for task in options.task.split(","):
            compare(options.assay, model, task, options.rounds, options.threads,
                    options.batch)


if __name__ == "__main__":
    main()

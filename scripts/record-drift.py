"""Records what SciPy says of the tests with which two samples are compared.

    python3 scripts/record-drift.py fixtures/statistics

Needs numpy and scipy. The exact p-value of SciPy's two-sample Kolmogorov-Smirnov test, the limit
distribution of its statistic, Pearson's chi-square test without correction, and the regularised
incomplete gamma function. The population stability index is summed here bin by bin.
"""
import json
import math
import pathlib
import sys

import numpy as np
import scipy
from scipy import special, stats

OUT = pathlib.Path(sys.argv[1])
random = np.random.default_rng(20260301)


def pairs():
    yield "separate", [1, 2, 3], [4, 5, 6, 7]
    yield "equal", [1, 2, 3, 4], [1, 2, 3, 4]
    yield "single", [0.5], [0.1, 0.2, 0.7]
    yield "normals", random.normal(0, 1, 40), random.normal(0.4, 1.2, 55)
    yield "same size", random.normal(0, 1, 30), random.normal(0.8, 1, 30)
    yield "ties", random.integers(1, 6, 80), random.integers(2, 7, 50)
    yield "binary", random.integers(0, 2, 25), random.integers(0, 2, 35)
    yield "far", random.normal(0, 1, 120), random.normal(2.5, 1, 90)


def kolmogorov_smirnov():
    rows = []
    for name, first, second in pairs():
        first = [round(float(x), 4) for x in first]
        second = [round(float(x), 4) for x in second]
        exact = stats.ks_2samp(first, second, method="exact")
        n, m = len(first), len(second)
        scaled = float(exact.statistic) * math.sqrt(n * m / (n + m))
        rows.append({
            "name": name, "first": first, "second": second,
            "statistic": float(exact.statistic), "exact": float(exact.pvalue),
            "limit": float(special.kolmogorov(scaled))})
    return rows


def chi_square():
    tables = [
        [[10, 20, 30], [12, 25, 20]], [[5, 0, 7], [3, 0, 9]], [[1, 9], [8, 2]],
        [[100, 50, 25, 5], [300, 200, 60, 40]], [[7, 7], [7, 7]],
        [[12, 7, 3], [5, 9, 14], [8, 8, 8]], [[900, 100], [500, 500]]]
    rows = []
    for table in tables:
        array = np.array(table)
        kept = array[:, array.sum(axis=0) > 0]
        result = stats.chi2_contingency(kept, correction=False)
        rows.append({
            "counts": table, "statistic": float(result.statistic), "degrees": int(result.dof),
            "probability": float(result.pvalue),
            "leastExpected": float(result.expected_freq.min())})
    return rows


def gamma():
    points = [(0.5, 0.01), (0.5, 2), (1, 1), (2.5, 2.4), (4.5, 30), (10, 3), (10, 10), (10, 60),
              (50, 48), (150, 149.5), (0.5, 300)]
    return [{"a": a, "x": x, "upper": float(special.gammaincc(a, x))} for a, x in points]


def stability():
    rows = []
    for reference, other in (
            ([100, 100, 100, 100], [80, 110, 120, 90]), ([50, 50, 0], [40, 45, 15]),
            ([10, 0, 30], [20, 0, 20]), ([500, 300, 200], [1, 0, 99])):
        n, m = sum(reference), sum(other)
        total = 0.0
        for r, o in zip(reference, other):
            if r == 0 and o == 0:
                continue
            p, q = (r or 0.5) / n, (o or 0.5) / m
            total += (q - p) * math.log(q / p)
        rows.append({"reference": reference, "other": other, "value": total})
    return rows


record = {
    "scipy": scipy.__version__, "kolmogorovSmirnov": kolmogorov_smirnov(),
    "chiSquare": chi_square(), "gamma": gamma(), "stability": stability()}
(OUT / "drift.json").write_text(json.dumps(record, indent=1) + "\n")

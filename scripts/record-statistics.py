"""Records what SciPy and statsmodels say of the statistics that a check rests on.

    python3 scripts/record-statistics.py fixtures/statistics

Needs numpy, scipy and statsmodels; `versions.json` says which recorded. Tango's test is not taken
from a closed form here: the likelihood under the hypothesis is maximised numerically.
"""
import json
import math
import pathlib
import sys

import numpy as np
import scipy
import statsmodels
from scipy import optimize, stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

OUT = pathlib.Path(sys.argv[1])


def write(name, value):
    text = json.dumps(value, indent=1) if isinstance(value, dict) else (
        "[\n" + ",\n".join(" " + json.dumps(row) for row in value) + "\n]")
    (OUT / f"{name}.json").write_text(text + "\n")


def normal():
    points = [-37, -20, -8, -5, -3, -1.5, -0.3, 0, 0.3, 1, 1.6448536, 4, 7]
    probabilities = [1e-300, 1e-50, 1e-12, 1e-5, 0.001, 0.02, 0.05, 0.3, 0.5, 0.6, 0.9, 0.95, 0.99, 0.9999]
    return [{"x": float(x), "probability": float(stats.norm.cdf(x))} for x in points] + [
        {"x": float(stats.norm.ppf(p)), "probability": p} for p in probabilities]


def exact_mcnemar():
    rows = []
    for b, c in [(0, 0), (1, 0), (0, 7), (5, 5), (12, 3), (3, 12), (9, 10), (40, 21), (300, 260), (2100, 1900)]:
        table = [[50, b], [c, 70]]
        rows.append({
            "worsened": b, "improved": c,
            "twoSided": min(1.0, float(mcnemar(table, exact=True).pvalue)),
            "oneSided": float(stats.binomtest(b, b + c, alternative="greater").pvalue) if b + c else 1.0})
    return rows


def shares():
    rows = []
    for k, n in [(0, 20), (20, 20), (1, 30), (7, 25), (450, 500), (1, 1000), (1234, 2000), (99_900, 100_000)]:
        for confidence in (0.9, 0.95, 0.999):
            lower, upper = proportion_confint(k, n, alpha=2 * (1 - confidence), method="beta")
            limit = (k + 2) / (n + 5)
            rows.append({
                "successes": k, "count": n, "confidence": confidence,
                "lower": 0.0 if k == 0 else float(lower), "upper": 1.0 if k == n else float(upper),
                "limit": limit, "atLeast": float(stats.binom.cdf(k, n, limit)),
                "atMost": float(stats.binom.sf(k - 1, n, limit))})
    return rows


def log_likelihood(q, n, b, c, delta):
    total = 0.0
    for count, share in ((b, q + delta), (c, q), (n - b - c, 1 - 2 * q - delta)):
        if count:
            total += count * math.log(share) if share > 0 else -math.inf
    return total


def constrained_rate(n, b, c, delta):
    """The p01 of greatest likelihood with p10 = p01 + delta, by search."""
    low, high = max(0.0, -delta), (1 - delta) / 2
    best = optimize.minimize_scalar(
        lambda q: -log_likelihood(q, n, b, c, delta), bounds=(low, high), method="bounded",
        options={"xatol": 1e-13}).x

    def slope(q):
        total = -2 * (n - b - c) / (1 - 2 * q - delta)
        return total + (b / (q + delta) if b else 0) + (c / q if c else 0)

    # The search ends where the likelihood is flat to rounding; the slope's zero is sharper.
    near, far = low + (best - low) * 0.9, best + (high - best) * 0.1
    if near > low and slope(near) > 0 > slope(far):
        return optimize.brentq(slope, near, far, xtol=1e-16, rtol=1e-14)
    ends = [q for q in (low, best, high)]
    return max(ends, key=lambda q: log_likelihood(q, n, b, c, delta))


def statistic(n, b, c, delta):
    q = constrained_rate(n, b, c, delta)
    p = q + delta
    variance = n * (p + q - (p - q) ** 2)
    return (b - c - n * delta) / math.sqrt(variance)


def tail_at_least(k, n, rate):
    return float(stats.binom.sf(k - 1, n, min(rate, 1)))


def at_most(n, b, c, delta):
    """The p-value of a drop of at most delta: the score test's, and no less than a tail's."""
    score = float(stats.norm.sf(statistic(n, b, c, delta)))
    if delta < 0:
        return max(score, float(stats.binom.cdf(c, n, b / n - delta)))
    exact = tail_at_least(b, b + c, 0.5) if b + c else 1.0
    return max(score, exact, tail_at_least(b, n, delta + (c + 1) / n))


def at_least(n, b, c, delta):
    return at_most(n, c, b, -delta)


def bound(function, target):
    """Where a falling function reaches the target: found without smoothness, to 1e-13."""
    low, high = -0.999, 0.999
    while high - low > 1e-13:
        middle = (low + high) / 2
        low, high = (middle, high) if function(middle) > target else (low, middle)
    return (low + high) / 2


def tango():
    rows = []
    cases = [(50, 3, 1), (200, 12, 5), (500, 30, 12), (500, 0, 4), (500, 6, 0), (120, 70, 50),
             (2000, 130, 80), (500, 20, 20), (44, 1, 0)]
    for n, b, c in cases:
        for delta in (-0.1, -0.02, 0.005, 0.02, 0.05, 0.3):
            rows.append({
                "count": n, "worsened": b, "improved": c, "limit": delta,
                "statistic": statistic(n, b, c, delta),
                "atMost": at_most(n, b, c, delta), "atLeast": at_least(n, b, c, delta)})
    return rows


def tango_bounds():
    rows = []
    cases = [(50, 3, 1), (200, 12, 5), (500, 30, 12), (500, 0, 4), (500, 6, 0), (500, 45, 5), (120, 70, 50), (500, 0, 0)]
    for n, b, c in cases:
        z = float(stats.norm.ppf(0.95))
        score = (lambda d: statistic(n, b, c, d) if d or b + c else 0.0)
        rows.append({
            "count": n, "worsened": b, "improved": c, "confidence": 0.95,
            "scoreLower": bound(score, z), "scoreUpper": bound(score, -z),
            "lower": bound(lambda d: -at_most(n, b, c, d) if d or b + c else -1.0, -0.05),
            "upper": bound(lambda d: at_least(n, b, c, d) if d or b + c else 1.0, 0.05)})
    return rows


def holm():
    rows = []
    for values in ([0.01, 0.04, 0.03, 0.005], [0.5, 0.5, 0.02, 0.9, 0.02], [0.2], [0.001] * 6, [1.0, 0.6, 0.3, 0.0]):
        rows.append({"probabilities": values,
                     "adjusted": [float(p) for p in multipletests(values, method="holm")[1]]})
    return rows


def bootstrap():
    random = np.random.default_rng(20260101)
    before = np.round(random.gamma(2, 0.5, 80), 4)
    after = np.round(before * random.uniform(0.6, 1.2, 80) + random.normal(0, 0.05, 80), 4)

    def ratio(x, y, axis=-1):
        return 1 - np.mean(y, axis=axis) / np.mean(x, axis=axis)

    result = stats.bootstrap(
        (before, after), ratio, paired=True, method="percentile", vectorized=True,
        n_resamples=100_000, confidence_level=0.9, rng=random)
    return {
        "before": before.tolist(), "after": after.tolist(), "value": float(ratio(before, after)),
        "lower": float(result.confidence_interval.low), "upper": float(result.confidence_interval.high),
        "standardError": float(result.standard_error)}


for name, record in {
    "normal": normal, "mcnemar": exact_mcnemar, "shares": shares, "tango": tango,
    "tango-bounds": tango_bounds, "holm": holm, "bootstrap": bootstrap,
}.items():
    write(name, record())
write("versions", {
    "numpy": np.__version__, "scipy": scipy.__version__, "statsmodels": statsmodels.__version__})

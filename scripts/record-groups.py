"""Records what SciPy, statsmodels, scikit-learn and fairlearn say of groups and calibration.

    python3 scripts/record-groups.py fixtures/statistics

Needs numpy, scipy, statsmodels, scikit-learn, pandas and fairlearn; the files say which versions
recorded. Brier's decomposition is worked out here by its definition, term by term.
"""
import importlib.metadata
import json
import pathlib
import sys

import numpy as np
import pandas as pd
from fairlearn.metrics import (
    MetricFrame, demographic_parity_difference, demographic_parity_ratio,
    equalized_odds_difference, false_positive_rate, selection_rate, true_positive_rate)
from scipy import optimize, stats
from sklearn.calibration import calibration_curve
from sklearn.metrics import accuracy_score, brier_score_loss, log_loss
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import power_proportions_2indep, proportion_confint

OUT = pathlib.Path(sys.argv[1])
PACKAGES = ["numpy", "scipy", "statsmodels", "scikit-learn", "pandas", "fairlearn"]


def write(name, value):
    value["versions"] = {package: importlib.metadata.version(package) for package in PACKAGES}
    rows = []
    for key, entry in value.items():
        text = json.dumps(entry)
        if isinstance(entry, list) and entry and isinstance(entry[0], (dict, list)):
            text = "[\n  " + ",\n  ".join(json.dumps(row) for row in entry) + "\n ]"
        rows.append(f" {json.dumps(key)}: {text}")
    (OUT / f"{name}.json").write_text("{\n" + ",\n".join(rows) + "\n}\n")


def fisher():
    tables = [
        (0, 5, 0, 7), (0, 5, 3, 7), (5, 5, 0, 7), (3, 10, 8, 10), (8, 10, 3, 10), (1, 2, 1, 2), (10, 10, 1, 10),
        (6, 12, 6, 12), (2, 23, 5, 29), (40, 50, 300, 500), (412, 900, 530, 1100), (70, 2000, 3, 30),
        (4100, 9000, 5300, 11000), (51000, 100000, 49500, 100000), (900, 1000, 100, 1000), (1, 1, 0, 100000)]
    return [
        {"counts": table, "probability": float(
            stats.fisher_exact([[table[0], table[1] - table[0]], [table[2], table[3] - table[2]]]).pvalue)}
        for table in tables]


def detectable():
    rows = []
    for rate, count, other in [
            (0.9, 40, 960), (0.9, 300, 700), (0.5, 30, 30), (0.1, 25, 400), (0.0, 50, 500), (1.0, 20, 100), (0.72, 5000, 5000)]:
        sign = -1 if rate >= 0.5 else 1

        # One side at half the level: significance in the wrong direction is no detection.
        def power(difference):
            return power_proportions_2indep(
                sign * difference, rate, count, ratio=other / count, alpha=0.025,
                alternative="larger" if sign > 0 else "smaller", return_results=False)

        largest = max(rate, 1 - rate) - 1e-9
        rows.append({
            "rate": rate, "count": count, "otherCount": other,
            "difference": optimize.brentq(lambda d: power(d) - 0.8, 1e-3, largest, xtol=1e-14)})
    return rows


def applicants(count=400):
    random = np.random.default_rng(20260102)
    sex = random.choice(["female", "male"], count, p=[0.4, 0.6])
    age = random.choice(["18", "25", "40", "70"], count, p=[0.25, 0.4, 0.31, 0.04])
    label = random.random(count) < np.where(sex == "male", 0.65, 0.6)
    score = 0.9 * label + random.normal(0, 0.5, count) - 0.25 * (age == "18") - 0.2 * (sex == "female")
    predicted = score > 0.4
    accepted = score > 0.55
    robust = (predicted == label) & (random.random(count) < np.where(sex == "male", 0.8, 0.6))
    return pd.DataFrame({
        "sex": sex, "age": age, "label": label.astype(int), "predicted": predicted.astype(int),
        "accepted": accepted.astype(int), "robust": robust.astype(int)})


def rates(data, features):
    """Every rate by slice: a metric of true and selected classes over the named columns."""
    rules = {
        "cleanAccuracy": (accuracy_score, "label", "predicted"),
        "robustAccuracy": (selection_rate, "label", "robust"),
        "selectionRate": (selection_rate, "label", "accepted"),
        "truePositiveRate": (true_positive_rate, "label", "accepted"),
        "falsePositiveRate": (false_positive_rate, "label", "accepted")}
    return {
        name: MetricFrame(
            metrics=metric, y_true=data[true], y_pred=data[answer], sensitive_features=data[features])
        for name, (metric, true, answer) in rules.items()}


def outcomes(data, criterion):
    """The samples for which a criterion is defined, and whether it holds for them."""
    if criterion == "cleanAccuracy":
        return np.full(len(data), True), (data.label == data.predicted).to_numpy()
    if criterion == "robustAccuracy":
        return np.full(len(data), True), data.robust.to_numpy() == 1
    accepted = data.accepted.to_numpy() == 1
    defined = {"selectionRate": np.full(len(data), True), "truePositiveRate": data.label == 1,
               "falsePositiveRate": data.label == 0}[criterion]
    return np.asarray(defined), accepted


def partitions(data):
    result, tests = [], []
    for features in (["sex"], ["age"], ["sex", "age"]):
        names = sorted(set(map(tuple, data[features].to_numpy().tolist())))
        frames = rates(data, features)
        slices = []
        for name in names:
            inside = (data[features].to_numpy() == np.array(name)).all(axis=1)
            entry = {"values": list(name), "count": int(inside.sum()), "rates": []}
            for criterion, frame in frames.items():
                defined, holds = outcomes(data, criterion)
                k, n = int((holds & defined & inside).sum()), int((defined & inside).sum())
                others, total = int((holds & defined & ~inside).sum()), int((defined & ~inside).sum())
                low, high = proportion_confint(k, n, method="beta")
                value = frame.by_group[name if len(features) > 1 else name[0]]
                entry["rates"].append({
                    "criterion": criterion, "count": n, "value": float(value),
                    "lower": float(low) if k else 0.0, "upper": float(high) if k < n else 1.0,
                    "probability": float(stats.fisher_exact([[k, n - k], [others, total - others]]).pvalue)})
            slices.append(entry)
        for criterion in frames:
            entries = [rate for entry in slices for rate in entry["rates"] if rate["criterion"] == criterion]
            # Of two slices the test of the one is the test of the other.
            tests += entries[:1] if len(entries) == 2 else entries
        groups = data[features[0]] if len(features) == 1 else data[features]
        result.append({
            "attributes": features, "slices": slices,
            "gaps": {name: float(frame.difference(method="between_groups")) for name, frame in frames.items()},
            "demographicParityDifference": float(demographic_parity_difference(
                data.label, data.accepted, sensitive_features=groups)),
            "demographicParityRatio": float(demographic_parity_ratio(
                data.label, data.accepted, sensitive_features=groups)),
            "equalizedOddsDifference": float(equalized_odds_difference(
                data.label, data.accepted, sensitive_features=groups))})
    corrected = multipletests([entry["probability"] for entry in tests], method="holm")[1]
    for entry, adjusted in zip(tests, corrected):
        entry["adjusted"] = float(adjusted)
    return result, len(tests)


def bootstrapped(data):
    """SciPy's percentile intervals over samples, of statistics of the slices of one attribute."""
    random = np.random.default_rng(7)
    columns = data[["label", "predicted", "accepted"]].to_numpy().T
    code = (data.sex == "male").to_numpy().astype(int)

    def share(numerator, denominator):
        return numerator.sum(axis=-1) / denominator.sum(axis=-1)

    def gap(label, predicted, accepted, sex, axis=-1):
        right = label == predicted
        return np.abs(share(right & (sex == 0), sex == 0) - share(right & (sex == 1), sex == 1))

    def ratio(label, predicted, accepted, sex, axis=-1):
        first, second = (share((accepted == 1) & (sex == s), sex == s) for s in (0, 1))
        return np.minimum(first, second) / np.maximum(first, second)

    def odds(label, predicted, accepted, sex, axis=-1):
        gaps = [
            np.abs(share((accepted == 1) & (sex == 0) & (label == y), (sex == 0) & (label == y))
                   - share((accepted == 1) & (sex == 1) & (label == y), (sex == 1) & (label == y)))
            for y in (0, 1)]
        return np.maximum(*gaps)

    result = {}
    for name, statistic in {"cleanAccuracyGap": gap, "selectionRateRatio": ratio, "equalizedOddsDifference": odds}.items():
        answer = stats.bootstrap(
            (*columns, code), statistic, paired=True, method="percentile", vectorized=True,
            n_resamples=20_000, confidence_level=0.95, rng=random, batch=2_000)
        result[name] = {
            "value": float(statistic(*columns, code)), "lower": float(answer.confidence_interval.low),
            "upper": float(answer.confidence_interval.high), "standardError": float(answer.standard_error)}
    return result


def groups():
    data = applicants()
    parts, tests = partitions(data)
    columns = {name: (data[name].tolist()) for name in data.columns}
    write("groups", {
        "fisher": fisher(), "detectable": detectable(), "samples": columns, "partitions": parts,
        "testCount": tests, "bootstrap": bootstrapped(data)})


def decomposition(probabilities, labels, bins=10):
    parts = {"reliability": 0.0, "resolution": 0.0, "uncertainty": 0.0,
             "withinBinVariance": 0.0, "withinBinCovariance": 0.0}
    for index in range(probabilities.shape[1]):
        p, o = probabilities[:, index], (labels == index).astype(float)
        place = np.minimum((p * bins).astype(int), bins - 1)
        parts["uncertainty"] += o.mean() * (1 - o.mean())
        for b in range(bins):
            inside = place == b
            if not inside.any():
                continue
            share, mean, frequency = inside.mean(), p[inside].mean(), o[inside].mean()
            parts["reliability"] += share * (mean - frequency) ** 2
            parts["resolution"] += share * (frequency - o.mean()) ** 2
            parts["withinBinVariance"] += share * p[inside].var()
            parts["withinBinCovariance"] += 2 * share * np.cov(o[inside], p[inside], bias=True)[0, 1]
    return {name: float(value) for name, value in parts.items()}


def forecasts(count=300):
    random = np.random.default_rng(20260103)
    logits = random.normal(0, 1.6, (count, 3))
    truth = np.exp(0.7 * logits) / np.exp(0.7 * logits).sum(axis=1, keepdims=True)
    labels = np.array([random.choice(3, p=row) for row in truth])
    stated = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    # Four decimals, away from edges of bins; the largest takes what rounding leaves.
    stated = np.round(stated, 4)
    stated[np.isin(stated, np.round(np.arange(0, 1.05, 0.1), 4))] += 0.0003
    best = stated.argmax(axis=1)
    stated[np.arange(count), best] += 1 - stated.sum(axis=1)
    return np.round(stated, 4), labels


def curve(confidence, correct, strategy):
    accuracy, mean = calibration_curve(correct, confidence, n_bins=10, strategy=strategy)
    edges = np.linspace(0, 1, 11) if strategy == "uniform" else np.percentile(confidence, np.linspace(0, 1, 11) * 100)
    place = np.searchsorted(edges[1:-1], confidence)
    counts = np.bincount(place, minlength=10)
    filled = counts[counts > 0]
    error = float((filled / filled.sum() * np.abs(accuracy - mean)).sum())
    return {"accuracies": accuracy.tolist(), "confidences": mean.tolist(), "counts": filled.tolist(),
            "error": error, "largest": float(np.abs(accuracy - mean).max())}, place


def calibration():
    stated, labels = forecasts()
    single = stated.astype(np.float32)
    probabilities = single.astype(np.float64)
    confidence = probabilities.max(axis=1)
    correct = (probabilities.argmax(axis=1) == labels).astype(int)
    uniform, place = curve(confidence, correct, "uniform")
    quantile, _ = curve(confidence, correct, "quantile")
    random = np.random.default_rng(11)

    def error(outcomes, axis=-1):
        sums = np.stack([np.where(place == b, outcomes - confidence, 0).sum(axis=-1) for b in range(10)])
        return np.abs(sums).sum(axis=0) / len(labels)

    drawn = error((random.random((20_000, len(labels))) < confidence).astype(float))

    def resampled(difference, bins, axis=-1):
        sums = np.stack([np.where(bins == b, difference, 0).sum(axis=-1) for b in range(10)])
        return np.abs(sums).sum(axis=0) / difference.shape[-1]

    interval = stats.bootstrap(
        (correct - confidence, place), resampled, paired=True, method="percentile", vectorized=True,
        n_resamples=20_000, rng=random, batch=2_000)
    losses = -np.log(probabilities[np.arange(len(labels)), labels])
    loss = stats.bootstrap((losses,), np.mean, method="percentile", n_resamples=20_000, rng=random, batch=2_000)
    write("calibration", {
        "probabilities": stated.tolist(), "labels": labels.tolist(), "uniform": uniform, "quantile": quantile,
        "brierScore": float(brier_score_loss(labels, probabilities, labels=[0, 1, 2], scale_by_half=False)),
        "oneVersusRest": [float(brier_score_loss(labels == k, probabilities[:, k])) for k in range(3)],
        "logLoss": float(log_loss(labels, probabilities, labels=[0, 1, 2])),
        "decomposition": decomposition(probabilities, labels),
        "calibrated": {
            "mean": float(drawn.mean()), "standardDeviation": float(drawn.std()),
            "quantile": float(np.quantile(drawn, 0.95)),
            "probability": float((drawn >= uniform["error"]).mean())},
        "expectedError": {
            "lower": float(interval.confidence_interval.low), "upper": float(interval.confidence_interval.high),
            "standardError": float(interval.standard_error)},
        "logLossInterval": {
            "lower": float(loss.confidence_interval.low), "upper": float(loss.confidence_interval.high),
            "standardError": float(loss.standard_error)}})


groups()
calibration()

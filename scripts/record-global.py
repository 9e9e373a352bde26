"""Records what SciPy, scikit-learn and PyALE say of global explanations.

    python3 scripts/record-global.py fixtures/statistics

Needs numpy, pandas, scipy, scikit-learn and PyALE; the file says which versions recorded. All
inputs and weights are short decimals, so that single precision holds them well.
"""
import json
import pathlib
import sys
from importlib import metadata

import matplotlib
import numpy as np
import pandas as pd
import scipy
import sklearn
from scipy import stats
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.inspection import permutation_importance
from sklearn.metrics import log_loss

matplotlib.use("Agg")
from PyALE._src.ALE_1D import (  # noqa: E402
    aleplot_1D_categorical, aleplot_1D_continuous, aleplot_1D_discrete)
from PyALE._src.lib import cmds  # noqa: E402

OUT = pathlib.Path(sys.argv[1])
random = np.random.default_rng(20261126)


def listed(values):
    return [float(v) for v in np.asarray(values, dtype=float).ravel()]


def short(values, decimals=3):
    return np.round(values, decimals)


class Logistic(ClassifierMixin, BaseEstimator):
    """Two classes whose log-odds are linear, with weights that are given."""

    def __init__(self, weights=(), bias=0.0):
        self.weights = weights
        self.bias = bias
        self.classes_ = np.array([0, 1])

    def fit(self, x, y):
        return self

    def predict_proba(self, x):
        p = scipy.special.expit(np.asarray(x) @ np.asarray(self.weights) + self.bias)
        return np.stack([1 - p, p], axis=1)

    def predict(self, x):
        return self.predict_proba(x).argmax(axis=1)

    def __sklearn_is_fitted__(self):
        return True


def importance():
    n = 150
    x = random.normal(size=(n, 4))
    x[:, 1] = 0.8 * x[:, 0] + 0.6 * x[:, 1]
    x = short(x)
    weights = [1.5, -0.75, 0.5, 0.0]
    model = Logistic(weights, 0.25)
    p = model.predict_proba(x)[:, 1]
    y = (random.uniform(size=n) < p).astype(int)
    found = permutation_importance(
        model, x, y, scoring=["neg_log_loss", "accuracy"], n_repeats=200, random_state=3)
    exact = []
    for j in range(4):
        losses, hits = [], []
        for i in range(n):
            changed = np.repeat(x[i:i + 1], n, axis=0)
            changed[:, j] = x[:, j]
            q = model.predict_proba(changed)
            losses.append(-np.log(q[:, y[i]]).mean())
            hits.append((q.argmax(axis=1) == y[i]).mean())
        exact.append({
            "loss": float(np.mean(losses) - log_loss(y, model.predict_proba(x))),
            "accuracy": float((model.predict(x) == y).mean() - np.mean(hits))})
    return {
        "inputs": x.tolist(), "labels": y.tolist(), "weights": weights, "bias": 0.25,
        "repeats": 200, "exact": exact,
        "loss": listed(found["neg_log_loss"].importances_mean),
        "lossDeviation": listed(found["neg_log_loss"].importances.std(axis=1, ddof=1)),
        "accuracy": listed(found["accuracy"].importances_mean),
        "accuracyDeviation": listed(found["accuracy"].importances.std(axis=1, ddof=1)),
        "logLoss": float(log_loss(y, model.predict_proba(x)))}


def corrected_v(a, b):
    table = pd.crosstab(pd.Series(a), pd.Series(b)).to_numpy()
    n, (k, r) = table.sum(), table.shape
    phi = stats.chi2_contingency(table, correction=False)[0] / n
    phi = max(0.0, phi - (k - 1) * (r - 1) / (n - 1))
    k, r = k - (k - 1) ** 2 / (n - 1), r - (r - 1) ** 2 / (n - 1)
    return float(np.sqrt(phi / min(k - 1, r - 1)))


def ratio(values, codes):
    groups = [values[codes == c] for c in np.unique(codes)]
    f = stats.f_oneway(*groups).statistic
    between, within = len(groups) - 1, len(values) - len(groups)
    return float(np.sqrt(between * f / (between * f + within)))


def associations():
    n = 60
    a = random.integers(0, 4, n)
    near = np.where(random.uniform(size=n) < 0.8, a, random.integers(0, 4, n))
    far = random.integers(0, 3, n)
    x = short(random.normal(size=n) + 0.9 * a, 1)
    y = short(x + random.normal(size=n), 1)
    return {
        "first": a.tolist(), "near": near.tolist(), "far": far.tolist(),
        "x": x.tolist(), "y": y.tolist(),
        "cramersNear": corrected_v(a, near), "cramersFar": corrected_v(a, far),
        "ratio": ratio(x, a), "ratioFar": ratio(y, far),
        "spearman": float(stats.spearmanr(x, y).statistic)}


def clustering():
    rows = []
    for n in (5, 12, 25):
        points = random.uniform(size=(n, 2))
        distances = np.round(np.linalg.norm(points[:, None] - points[None], axis=2), 6)
        tree = linkage(squareform(distances, checks=False), "average")
        for limit in (0.1, 0.3, 0.5):
            labels = fcluster(tree, limit, criterion="distance")
            clusters = sorted(np.flatnonzero(labels == c).tolist() for c in np.unique(labels))
            rows.append({"distances": distances.tolist(), "limit": limit, "clusters": clusters})
    return rows


def scaling():
    points = short(random.normal(size=(7, 3)))
    distances = np.linalg.norm(points[:, None] - points[None], axis=2)
    return {"distances": distances.tolist(), "coordinates": listed(cmds(distances, 1))}


class Network:
    """Two classes: logits = W₂ tanh(W₁ x + b₁), x encoded as the table's columns."""

    def __init__(self, width):
        self.first = short(random.normal(size=(6, width)) * 0.8)
        self.shift = short(random.normal(size=6) * 0.3)
        self.second = short(random.normal(size=(2, 6)))

    def predict(self, x):
        hidden = np.tanh(np.asarray(x, dtype=float) @ self.first.T + self.shift)
        return scipy.special.softmax(hidden @ self.second.T, axis=1)[:, 1]


def recorded(frame, points=None):
    return {
        "points": listed(frame.index if points is None else points),
        "values": listed(frame["eff"])}


def effects():
    n = 160
    color = random.integers(0, 4, n)
    place = np.array([0.4, -1.2, 1.5, 0.0])[color]
    frame = pd.DataFrame({
        "a": short(random.normal(size=n) + place), "b": short(random.normal(size=n)),
        "count": random.integers(0, 6, n)})
    columns = ["a", "b", "count", "c0", "c1", "c2", "c3"]
    model = Network(7)

    def one_hot(column):
        codes = column.iloc[:, 0].astype(str)
        return pd.DataFrame({f"c{k}": (codes == str(k)).astype(float) for k in range(4)})

    whole = frame.assign(**{f"c{k}": (color == k).astype(float) for k in range(4)})[columns]
    continuous = aleplot_1D_continuous(whole, model, "a", grid_size=12)
    discrete = aleplot_1D_discrete(whole.copy(), model, "count")
    coded = frame.assign(color=color)
    categorical = aleplot_1D_categorical(coded.copy(), model, "color", one_hot, columns)
    sizes = continuous["size"].tolist()
    return {
        "inputs": coded[["a", "b", "count", "color"]].to_numpy(dtype=float).tolist(),
        "first": model.first.tolist(), "shift": model.shift.tolist(),
        "second": model.second.tolist(),
        "continuous": recorded(continuous) | {"counts": [int(s) for s in sizes[1:]]},
        "discrete": recorded(discrete) | {"counts": [int(s) for s in discrete["size"]]},
        "categorical": recorded(categorical, [int(c) for c in categorical.index])
        | {"counts": [int(s) for s in categorical["size"]]},
        "order": order(coded, color)}


def order(frame, color):
    """The categories by the first coordinate of summed Kolmogorov-Smirnov distances."""
    distances = np.zeros((4, 4))
    for name in ("a", "b", "count"):
        for first in range(4):
            for second in range(4):
                left, right = (frame[name][color == c] for c in (first, second))
                distances[first, second] += stats.ks_2samp(left, right).statistic
    return np.argsort(cmds(distances, 1).ravel()).tolist()


def quantiles():
    values = np.concatenate([short(random.exponential(size=120), 2), np.zeros(40)])
    ends = np.quantile(values, np.linspace(0, 1, 17), method="inverted_cdf")
    return {"values": values.tolist(), "limit": 16, "ends": np.unique(ends).tolist()}


record = {
    "versions": {name: metadata.version(name) for name in (
        "numpy", "pandas", "scipy", "scikit-learn", "PyALE")},
    "importance": importance(), "associations": associations(), "clustering": clustering(),
    "scaling": scaling(), "effects": effects(), "quantiles": quantiles()}
(OUT / "global.json").write_text(json.dumps(record, separators=(",", ":")) + "\n")

#!/usr/bin/env python3
"""Records what NumPy and PyTorch compute for every case of Tests/Support.

    ASSAY_PRIMITIVE_CASES=/tmp/cases.json swift test --filter RecordedPrimitives
    python3 scripts/record-primitives.py /tmp/cases.json

The first line writes the cases, the second computes each one in double precision, without any
code of Assay's, and writes Tests/ExecutionTests/Fixtures/primitives.json.
"""

import base64
import json
import math
import pathlib
import sys

import numpy as np
import torch
from torch.nn import functional

TYPES = {
    "float32": np.float32, "float64": np.float64, "int64": np.int64, "int32": np.int32,
    "uint8": np.uint8, "bool": np.bool_,
}


def decoded(tensor):
    data = np.frombuffer(base64.b64decode(tensor["bytes"]), TYPES[tensor["elementType"]])
    return data.reshape(tensor["shape"])


def encoded(array):
    array = np.array(array, order="C")
    return {
        "elementType": array.dtype.name, "shape": list(array.shape),
        "bytes": base64.b64encode(array.tobytes()).decode(),
    }


# Elementwise

erf = np.vectorize(math.erf, otypes=[np.float64])
REAL_UNARY = {
    "negate": np.negative, "absoluteValue": np.abs, "sign": np.sign, "exponential": np.exp,
    "logarithm": np.log, "logarithmOnePlus": np.log1p, "squareRoot": np.sqrt, "sine": np.sin,
    "cosine": np.cos, "arctangent": np.arctan, "hyperbolicTangent": np.tanh,
    "logistic": lambda x: torch.sigmoid(torch.tensor(x)).numpy(), "errorFunction": erf,
    "floor": np.floor, "ceiling": np.ceil, "round": np.rint,
    "relu": lambda x: np.maximum(x, 0), "not": np.logical_not,
}
BINARY = {
    "add": np.add, "subtract": np.subtract, "multiply": np.multiply, "divide": np.divide,
    "power": np.power, "maximum": np.maximum, "minimum": np.minimum, "remainder": np.remainder,
    "and": np.logical_and, "or": np.logical_or,
}


def integer_binary(function, x, y):
    """Exact integers, wrapped around at the end; quotients truncate, x / 0 is 0, x mod 0 is x."""
    def one(a, b):
        a, b = int(a), int(b)
        if function == "divide":
            return 0 if b == 0 else int(math.copysign(abs(a) // abs(b), a * b))
        if function == "remainder":
            return a if b == 0 else a % b
        if function == "power":
            return a**b if b >= 0 else (0 if a == 0 else int(1 / a**-b))
        return int(BINARY[function](a, b))
    results = [one(a, b) for a, b in zip(x.ravel(), y.ravel())]
    return np.array(results, dtype=np.int64).astype(x.dtype).reshape(x.shape)


def converted(x, kind):
    kind = TYPES[kind]
    if kind == np.bool_ or np.issubdtype(kind, np.floating):
        return x.astype(kind)
    limits = np.iinfo(kind)
    return np.clip(np.trunc(x.astype(np.float64)), limits.min, limits.max).astype(kind)


def philox(counter, key):
    """Philox 4x32-10 of Salmon et al. 2011, figure 4."""
    mask = 0xFFFFFFFF
    c, k = list(counter), list(key)
    for _ in range(10):
        first, second = c[0] * 0xD2511F53, c[2] * 0xCD9E8D57
        c = [
            (second >> 32) ^ c[1] ^ k[0], second & mask,
            (first >> 32) ^ c[3] ^ k[1], first & mask,
        ]
        k = [(k[0] + 0x9E3779B9) & mask, (k[1] + 0xBB67AE85) & mask]
    return c


# The known answer that accompanies the authors' code (Random123, kat_vectors).
assert philox([0] * 4, [0] * 2) == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]


def random_uniform(shape, key):
    halves = lambda n: [int(n) & 0xFFFFFFFF, (int(n) >> 32) & 0xFFFFFFFF]
    count = math.prod(shape)
    words = [
        word for block in range((count + 3) // 4)
        for word in philox(halves(block) + halves(key[1]), halves(key[0]))
    ]
    return np.array([(w >> 8) * 2.0**-24 for w in words[:count]], np.float32).reshape(shape)


# Shapes and indexing

def broadcast(x, shape, axes):
    expanded = [1] * len(shape)
    for source, axis in enumerate(axes):
        expanded[axis] = x.shape[source]
    return np.broadcast_to(x.reshape(expanded), shape)


def padded(x, low, high, interior, value):
    shape = [l + h + n + max(n - 1, 0) * i for n, l, h, i in zip(x.shape, low, high, interior)]
    result = np.full(shape, value).astype(x.dtype)
    if x.size:
        result[tuple(
            slice(l, l + (n - 1) * (i + 1) + 1, i + 1)
            for n, l, i in zip(x.shape, low, interior))] = x
    return result


def scatter_add(indices, updates, axis, count):
    flat = updates.reshape(
        updates.shape[:axis] + (indices.size,) + updates.shape[axis + indices.ndim:])
    moved = np.moveaxis(flat, axis, 0)
    result = np.zeros((count,) + moved.shape[1:])
    np.add.at(result, indices.ravel(), moved)
    return np.moveaxis(result, 0, axis)


def scatter_add_elements(indices, updates, axis, count):
    shape = list(indices.shape)
    shape[axis] = count
    return torch.zeros(shape, dtype=torch.float64).scatter_add(
        axis, torch.tensor(indices).long(), torch.tensor(updates)).numpy()


def arg_sort(x, axis, descending):
    if not descending:
        return np.argsort(x, axis=axis, kind="stable").astype(np.int64)
    if x.dtype == np.bool_ or not np.issubdtype(x.dtype, np.floating):
        return np.argsort(-x.astype(np.int64), axis=axis, kind="stable").astype(np.int64)
    return np.argsort(-x, axis=axis, kind="stable").astype(np.int64)


def cumulative_sum(x, axis, exclusive, reverse):
    x = np.flip(x, axis) if reverse else x
    result = np.cumsum(x, axis=axis, dtype=x.dtype)
    if exclusive:
        result = np.concatenate(
            [np.zeros_like(np.take(x, [0], axis)),
             np.take(result, range(x.shape[axis] - 1), axis)], axis)
    return np.flip(result, axis) if reverse else result


def reduced(x, kind, axes):
    axes = tuple(axes)
    if kind == "sum":
        return np.sum(x, axis=axes, dtype=x.dtype)
    lowest = -np.inf if np.issubdtype(x.dtype, np.floating) else np.iinfo(x.dtype).min
    return np.max(x, axis=axes, initial=lowest)


# Products and windows

def torch_padded(x, geometry, value=0.0):
    pads = []
    for low, high in reversed(list(zip(geometry["paddingLow"], geometry["paddingHigh"]))):
        pads += [low, high]
    return functional.pad(x, pads, value=value)


def torch_convolution(x, kernel, geometry):
    function = [functional.conv1d, functional.conv2d, functional.conv3d][x.ndim - 3]
    return function(
        torch_padded(x, geometry), kernel, stride=geometry["strides"],
        dilation=geometry["dilations"], groups=geometry["groups"])


def convolution_gradient(geometry, output, input=None, kernel=None, shape=None):
    free = torch.zeros(shape, dtype=torch.float64, requires_grad=True)
    x, k = (free, torch.tensor(kernel)) if input is None else (torch.tensor(input), free)
    torch_convolution(x, k, geometry).backward(torch.tensor(output))
    return free.grad.numpy()


def max_pooled(x, geometry):
    function = [functional.max_pool1d, functional.max_pool2d, functional.max_pool3d][x.ndim - 3]
    spaced = torch_padded(torch.tensor(x), geometry, -math.inf)
    values, indices = function(
        spaced, geometry["size"], stride=geometry["strides"], dilation=geometry["dilations"],
        return_indices=True)
    positions = np.unravel_index(indices.numpy(), spaced.shape[2:])
    inside = [p - low for p, low in zip(positions, geometry["paddingLow"])]
    flat = np.ravel_multi_index(inside, x.shape[2:]).astype(np.int32)
    return values.numpy(), flat


def window_sum(x, geometry):
    ones = torch.ones((x.shape[1], 1, *geometry["size"]), dtype=torch.float64)
    return torch_convolution(x, ones, {**geometry, "groups": x.shape[1]})


def window_sum_gradient(gradient, geometry, spatial):
    x = torch.zeros((*gradient.shape[:2], *spatial), dtype=torch.float64, requires_grad=True)
    window_sum(x, geometry).backward(torch.tensor(gradient))
    return x.grad.numpy()


def computed(name, at, x):
    """The result of one primitive, by the name of its case and its associated values."""
    is_real = bool(x) and np.issubdtype(x[0].dtype, np.floating)
    match name:
        case "constant": return decoded(at["_0"])
        case "dimension": return np.int64(at["_0"])
        case "iota":
            shape, axis = at["_1"], at["axis"]
            counted = np.arange(shape[axis]).reshape([-1] + [1] * (len(shape) - axis - 1))
            return np.broadcast_to(counted, shape).astype(TYPES[at["_0"]])
        case "randomUniform": return random_uniform(at["_0"], x[0])
        case "unary": return REAL_UNARY[at["_0"]](x[0]).astype(x[0].dtype)
        case "binary":
            if is_real or x[0].dtype == np.bool_:
                return BINARY[at["_0"]](x[0], x[1])
            return integer_binary(at["_0"], x[0], x[1])
        case "compare":
            return {"equal": np.equal, "less": np.less, "lessOrEqual": np.less_equal}[at["_0"]](*x)
        case "select": return np.where(*x)
        case "convert": return converted(x[0], at["_0"])
        case "stopGradient": return x[0]
        case "broadcast": return broadcast(x[0], at["_0"], at["axes"])
        case "reshape": return x[0].reshape(at["_0"])
        case "transpose": return np.transpose(x[0], at["_0"])
        case "slice":
            return x[0][tuple(map(slice, at["starts"], at["limits"], at["strides"]))]
        case "pad": return padded(x[0], at["low"], at["high"], at["interior"], at["value"])
        case "concatenate": return np.concatenate(x, at["axis"])
        case "reverse": return np.flip(x[0], at["axes"])
        case "gather": return np.take(x[0], x[1], at["axis"])
        case "scatterAdd": return scatter_add(x[0], x[1], at["axis"], at["count"])
        case "gatherElements": return np.take_along_axis(x[0], x[1].astype(np.int64), at["axis"])
        case "scatterAddElements":
            return scatter_add_elements(x[0], x[1], at["axis"], at["count"])
        case "argMax": return np.argmax(x[0], at["axis"]).astype(np.int64)
        case "argSort": return arg_sort(x[0], at["axis"], at["descending"])
        case "reduce": return reduced(x[0], at["_0"], at["axes"])
        case "cumulativeSum":
            return cumulative_sum(x[0], at["axis"], at["exclusive"], at["reverse"])
        case "matrixMultiply":
            left = np.swapaxes(x[0], -1, -2) if at["transposeLeft"] else x[0]
            return left @ (np.swapaxes(x[1], -1, -2) if at["transposeRight"] else x[1])
        case "convolution":
            return torch_convolution(torch.tensor(x[0]), torch.tensor(x[1]), at["_0"]).numpy()
        case "convolutionInputGradient":
            channels = x[1].shape[1] * at["_0"]["groups"]
            return convolution_gradient(
                at["_0"], x[0], kernel=x[1], shape=[x[0].shape[0], channels, *at["spatial"]])
        case "convolutionKernelGradient":
            members = x[0].shape[1] // at["_0"]["groups"]
            return convolution_gradient(
                at["_0"], x[1], input=x[0], shape=[x[1].shape[1], members, *at["window"]])
        case "maxPool": return max_pooled(x[0], at["_0"])[0]
        case "maxPoolIndices": return max_pooled(x[0], at["_0"])[1]
        case "windowSum":
            return window_sum(torch.tensor(x[0]).double(), at["_0"]).numpy().astype(x[0].dtype)
        case "windowSumGradient": return window_sum_gradient(x[0], at["_0"], at["spatial"])
    raise ValueError(name)


def main():
    np.seterr(all="ignore")
    results = {}
    for case in json.load(open(sys.argv[1])):
        (name, attributes), = case["primitive"].items()
        operands = [decoded(operand) for operand in case["operands"]]
        results[case["name"]] = encoded(computed(name, attributes, operands))
    target = pathlib.Path(__file__).parents[1] / "Tests/ExecutionTests/Fixtures/primitives.json"
    lines = [f"{json.dumps(name)}: {json.dumps(results[name])}" for name in sorted(results)]
    target.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    print(f"{len(results)} results in {target}")


main()

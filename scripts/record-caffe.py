"""Writes Caffe networks with random weights and records what they compute.

    python3 scripts/record-caffe.py fixtures/caffe

Needs protoc, protobuf, numpy and OpenCV 4 (recorded with 4.14): the reference is cv2.dnn, and for
the layers that it lacks the definition in Caffe's sources, written again in NumPy. `layers` has one
branch a layer, each of them an output; `old` is a file of the first generation.
"""
import os
import subprocess
import sys
import tempfile

import cv2
import numpy as np
from google.protobuf import text_format

out = sys.argv[1]
messages = os.path.join(os.path.dirname(__file__), "../Sources/Interchange/Caffe/Messages")
with tempfile.TemporaryDirectory() as folder:
    subprocess.check_call(
        ["protoc", f"--proto_path={messages}", f"--python_out={folder}", "caffe.proto"])
    sys.path.insert(0, folder)
    import caffe_pb2

random = np.random.default_rng(20260101)


def real(*shape):
    return random.uniform(-1, 1, shape).astype(np.float32)


SHAPE = (2, 4, 7, 6)
# name: (type, settings, blobs[, reference of the input])
LAYERS = {
    "conv": ("Convolution", "convolution_param { num_output: 6 kernel_size: 3 stride: 2 pad: 1 group: 2 }",
             [real(6, 2, 3, 3), real(6)]),
    "conv_plane": ("Convolution", "convolution_param { num_output: 3 kernel_h: 3 kernel_w: 1 stride_h: 1 "
                   "stride_w: 2 pad_h: 2 pad_w: 0 dilation: 2 dilation: 1 bias_term: false }", [real(3, 4, 3, 1)]),
    "deconv": ("Deconvolution", "convolution_param { num_output: 4 kernel_size: 3 stride: 2 pad: 1 }",
               [real(4, 4, 3, 3), real(4)]),
    "pool_max": ("Pooling", "pooling_param { pool: MAX kernel_size: 3 stride: 2 }", []),
    "pool_max_padded": ("Pooling", "pooling_param { pool: MAX kernel_size: 3 stride: 3 pad: 1 }", []),
    "pool_average": ("Pooling", "pooling_param { pool: AVE kernel_size: 3 stride: 2 pad: 1 }", []),
    "pool_plane": ("Pooling", "pooling_param { pool: AVE kernel_h: 2 kernel_w: 3 stride_h: 1 stride_w: 2 }", []),
    "pool_global": ("Pooling", "pooling_param { pool: AVE global_pooling: true }", []),
    "inner": ("InnerProduct", "inner_product_param { num_output: 5 }", [real(5, 168), real(5)]),
    "inner_axis": ("InnerProduct", "inner_product_param { num_output: 5 axis: 2 transpose: true bias_term: false }",
                   [real(42, 5)], lambda x, w: x.reshape(2, 4, 42) @ w),
    "leaky": ("ReLU", "relu_param { negative_slope: 0.1 }", []),
    "prelu": ("PReLU", "", [real(4)]),
    "elu": ("ELU", "elu_param { alpha: 0.7 }", []),
    "sigmoid": ("Sigmoid", "", []),
    "tanh": ("TanH", "", []),
    "abs": ("AbsVal", "", []),
    "power": ("Power", "power_param { power: 3 scale: 0.5 shift: 2 }", []),
    "exp": ("Exp", "exp_param { base: 2 scale: 0.5 shift: 1 }", [], lambda x: 2 ** (0.5 * x + 1)),
    "log": ("Log", "log_param { base: 10 scale: 0.5 shift: 2 }", [], lambda x: np.log10(0.5 * x + 2)),
    "bnll": ("BNLL", "", []),
    "threshold": ("Threshold", "threshold_param { threshold: 0.2 }", [], lambda x: x > 0.2),
    "lrn": ("LRN", "lrn_param { local_size: 3 alpha: 0.5 beta: 0.75 }", []),
    # OpenCV passes over k.
    "lrn_offset": ("LRN", "lrn_param { local_size: 3 alpha: 0.5 beta: 0.75 k: 2 }", [],
                   lambda x: x / (2 + 0.5 / 3 * sum_of_channels(x * x)) ** 0.75),
    "lrn_within": ("LRN", "lrn_param { local_size: 3 alpha: 0.5 beta: 0.75 norm_region: WITHIN_CHANNEL }", [],
                   lambda x: x / (1 + 0.5 * mean_of_window(x * x)) ** 0.75),
    "norm": ("BatchNorm", "batch_norm_param { eps: 1e-3 }", [real(4), abs(real(4)), np.float32([2.5])]),
    "scale": ("Scale", "scale_param { bias_term: true }", [real(4), real(4)]),
    "bias": ("Bias", "bias_param { axis: 1 num_axes: 2 }", [real(4, 7)], lambda x, b: x + b[..., None]),
    "softmax": ("Softmax", "", []),
    "flatten": ("Flatten", "flatten_param { axis: 1 end_axis: 2 }", [], lambda x: x.reshape(2, 28, 6)),
    "reshape": ("Reshape", "reshape_param { shape { dim: 3 dim: -1 } axis: 2 }", [],
                lambda x: x.reshape(2, 4, 3, 14)),
    "permute": ("Permute", "permute_param { order: 0 order: 2 }", [], lambda x: x.transpose(0, 2, 1, 3)),
    "argmax": ("ArgMax", "argmax_param { top_k: 2 out_max_val: true }", [], lambda x: np.stack(
        [np.argsort(-x.reshape(2, -1), 1)[:, :2], -np.sort(-x.reshape(2, -1), 1)[:, :2]], 1)),
    "argmax_axis": ("ArgMax", "argmax_param { axis: 1 }", [], lambda x: x.argmax(1)[:, None]),
    "reduction": ("Reduction", "reduction_param { operation: ASUM axis: 2 coeff: 0.5 }", [],
                  lambda x: abs(x).sum((2, 3)) * 0.5),
    "tile": ("Tile", "tile_param { axis: 2 tiles: 2 }", [], lambda x: np.tile(x, (1, 1, 2, 1))),
    "mvn": ("MVN", "mvn_param { eps: 0.01 }", [],
            lambda x: (x - x.mean((2, 3), keepdims=True)) / (x.std((2, 3), keepdims=True) + 0.01)),
    "mvn_across": ("MVN", "mvn_param { across_channels: true normalize_variance: false }", [],
                   lambda x: x - x.mean((1, 2, 3), keepdims=True)),
    "normalize": ("Normalize", "norm_param { across_spatial: false channel_shared: false eps: 0.01 }", [real(4)],
                  lambda x, s: x / np.sqrt((x * x).sum(1, keepdims=True) + 0.01) * s[:, None, None]),
}


def sum_of_channels(x):
    """The sums over three neighbouring channels."""
    padded = np.pad(x, ((0, 0), (1, 1), (0, 0), (0, 0)))
    return sum(padded[:, i:i + x.shape[1]] for i in range(3))


def mean_of_window(x):
    """The means over 3 x 3 positions as Caffe counts them: its padding is part of the count."""
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    return sum(padded[:, :, i:i + 7, j:j + 6] for i in range(3) for j in range(3)) / 9


def blob(array, old=False):
    message = caffe_pb2.BlobProto(data=array.ravel().tolist())
    if old:
        message.num, message.channels, message.height, message.width = (
            (1,) * (4 - array.ndim) + array.shape)
    else:
        message.shape.dim.extend(array.shape)
    return message


def write(name, text, weights, old=False):
    """Both files; the weights' message repeats the layers, as Caffe writes it."""
    with open(f"{out}/{name}.prototxt", "w") as file:
        file.write(text)
    net = text_format.Parse(text, caffe_pb2.NetParameter())
    for layer in list(net.layer) + list(net.layers):
        layer.blobs.extend(blob(array, old) for array in weights.get(layer.name, []))
    with open(f"{out}/{name}.caffemodel", "wb") as file:
        file.write(net.SerializeToString())


def computed(name, x, outputs, inputs="data"):
    net = cv2.dnn.readNetFromCaffe(f"{out}/{name}.prototxt", f"{out}/{name}.caffemodel")
    net.enableFusion(False)
    net.setInput(x, inputs)
    return net.forward(outputs)


def layer_text(name, kind, settings, bottoms=("data",), tops=None):
    return (f'layer {{ name: "{name}" type: "{kind}" '
            + " ".join(f'bottom: "{b}"' for b in bottoms) + " "
            + " ".join(f'top: "{t}"' for t in tops or [name]) + f" {settings} }}\n")


def record_layers():
    header = ('name: "layers"\nlayer { name: "data" type: "Input" top: "data" '
              f'input_param {{ shape {{ dim: {" dim: ".join(map(str, SHAPE))} }} }} }}\n')
    x = real(*SHAPE)
    results = {"data": x}
    weights = {name: case[2] for name, case in LAYERS.items()}
    # The reference has the layers that OpenCV knows; the file of the tests has them all.
    known = [name for name, case in LAYERS.items() if len(case) == 3]
    write("layers", header + "".join(layer_text(n, *LAYERS[n][:2]) for n in known), weights)
    for name in known:
        results[name] = computed("layers", x, [name])[0]
    for name, case in LAYERS.items():
        if len(case) > 3:
            results[name] = np.float32(case[3](x.astype(np.float64), *case[2]))
    write("layers", header + "".join(layer_text(n, *c[:2]) for n, c in LAYERS.items()), weights)
    np.savez_compressed(f"{out}/layers.npz", **{k: np.float32(v) for k, v in results.items()})


def record_classifier():
    """Layers in place, branches that join again, and layers that only a training has."""
    training = 'layer { name: "train" type: "Data" top: "data" top: "label" include { phase: TRAIN } }\n'
    text = ('name: "classifier"\n'
            'layer { name: "data" type: "Input" top: "data" include { phase: TEST } '
            'input_param { shape { dim: 1 dim: 1 dim: 9 dim: 9 } } }\n'
            + layer_text("conv1", "Convolution", "convolution_param { num_output: 6 kernel_size: 3 }")
            + layer_text("norm1", "BatchNorm", "", ["conv1"], ["conv1"])
            + layer_text("scale1", "Scale", "scale_param { bias_term: true }", ["conv1"], ["conv1"])
            + layer_text("relu1", "ReLU", "", ["conv1"], ["conv1"])
            + layer_text("pool1", "Pooling", "pooling_param { kernel_size: 2 stride: 2 }", ["conv1"])
            + layer_text("cut", "Slice", "slice_param { slice_point: 2 }", ["pool1"], ["left", "right"])
            + layer_text("conv2", "Convolution", "convolution_param { num_output: 4 kernel_size: 1 }", ["left"])
            + layer_text("sum", "Eltwise", "eltwise_param { coeff: 1 coeff: -0.5 }", ["conv2", "right"])
            + layer_text("joined", "Concat", "", ["sum", "left"])
            + layer_text("drop", "Dropout", "", ["joined"], ["joined"])
            + layer_text("scores", "InnerProduct", "inner_product_param { num_output: 3 }", ["joined"])
            + layer_text("prob", "Softmax", "", ["scores"]))
    x = real(3, 1, 9, 9)
    weights = {
        "conv1": [real(6, 1, 3, 3), real(6)], "norm1": [real(6), abs(real(6)) + 0.5, np.float32([0.999])],
        "scale1": [real(6), real(6)], "conv2": [real(4, 2, 1, 1), real(4)],
        "scores": [real(3, 96), real(3)]}
    write("classifier", text, weights)
    prob, scores = computed("classifier", x, ["prob", "scores"])
    np.savez_compressed(f"{out}/classifier.npz", data=x, prob=prob, scores=scores)
    # OpenCV does not tell the phases apart.
    write("classifier", training + text, weights)


def record_old():
    text = ('name: "old"\ninput: "data"\ninput_dim: 2\ninput_dim: 2\ninput_dim: 6\ninput_dim: 6\n'
            'layers { name: "conv" type: CONVOLUTION bottom: "data" top: "conv" blobs_lr: 1 '
            'convolution_param { num_output: 3 kernel_size: 3 weight_filler { type: "xavier" } } }\n'
            'layers { name: "relu" type: RELU bottom: "conv" top: "conv" }\n'
            'layers { name: "pool" type: POOLING bottom: "conv" top: "pool" '
            'pooling_param { pool: AVE kernel_size: 2 stride: 2 } }\n'
            'layers { name: "score" type: INNER_PRODUCT bottom: "pool" top: "score" '
            'inner_product_param { num_output: 4 } }\n'
            'layers { name: "prob" type: SOFTMAX bottom: "score" top: "prob" }\n')
    x = real(2, 2, 6, 6)
    stripped = text.replace("blobs_lr: 1 ", "").replace('weight_filler { type: "xavier" } ', "")
    weights = {"conv": [real(3, 2, 3, 3), real(3)], "score": [real(4, 12), real(4)]}
    write("old", stripped, weights, old=True)
    np.savez_compressed(f"{out}/old.npz", data=x, prob=computed("old", x, ["prob"])[0])
    with open(f"{out}/old.prototxt", "w") as file:
        file.write(text)


record_layers()
record_classifier()
record_old()

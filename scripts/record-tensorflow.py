"""Writes small TensorFlow models with random weights and records what they compute.

    python3 scripts/record-tensorflow.py fixtures/tensorflow

Needs tensorflow (recorded with tensorflow-cpu 2.21). Each model is kept as a frozen graph
(`NAME.pb`), two of them also as a SavedModel (`NAME/`); `NAME.npz` has the inputs under the names
of the ports and the outputs as "output:NAME". `operators.pb` has one branch a case, each an output.
"""
import os
import re
import shutil
import sys

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", TF_ENABLE_ONEDNN_OPTS="0", CUDA_VISIBLE_DEVICES="")
import numpy as np
import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

out = sys.argv[1]
tf.keras.utils.set_random_seed(20260101)
random = np.random.default_rng(20260101)
# Graphs without operators of the optimiser, as most files have them.
tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})


def real(*shape):
    return random.uniform(-1, 1, shape).astype(np.float32)


def freeze(function, name):
    """The outputs are the nodes called out_..., and not the ones that hand them on."""
    frozen = convert_variables_to_constants_v2(function.get_concrete_function())
    graph = frozen.graph.as_graph_def()
    kept = [node for node in graph.node if not re.fullmatch(r"(Identity(_\d+)?|NoOp)", node.name)]
    del graph.node[:]
    graph.node.extend(kept)
    with open(f"{out}/{name}.pb", "wb") as file:
        file.write(graph.SerializeToString())
    print(name, sorted({node.op for node in graph.node}))


def keep(name, inputs, outputs):
    arrays = dict(inputs)
    arrays.update({f"output:{key}": np.asarray(value) for key, value in outputs.items()})
    np.savez_compressed(f"{out}/{name}.npz", **arrays)


def tidy(name):
    """Leaves out what says nothing about the model."""
    shutil.rmtree(f"{out}/{name}/assets", ignore_errors=True)
    if os.path.exists(f"{out}/{name}/fingerprint.pb"):
        os.remove(f"{out}/{name}/fingerprint.pb")


def stir(model):
    """Weights and statistics that are not the ones of a fresh layer."""
    for variable in model.variables:
        noise = random.uniform(0.5, 1.5, variable.shape)
        if "variance" in variable.path or "gamma" in variable.path:
            variable.assign(noise.astype(np.float32))
        elif len(variable.shape) == 1:
            variable.assign(noise.astype(np.float32) - 1)


def convolutional():
    """Keras: convolutions of three kinds, batch normalisation, pooling, softmax."""
    layers = tf.keras.layers
    model = tf.keras.Sequential([
        layers.Input((12, 12, 1), name="image"),
        layers.Conv2D(6, 3, padding="same", strides=2, activation="relu"),
        layers.BatchNormalization(),
        layers.MaxPool2D(2, padding="same"),
        layers.DepthwiseConv2D(3, padding="same", depth_multiplier=2),
        layers.Conv2D(8, 2, dilation_rate=2, padding="same"),
        layers.LeakyReLU(negative_slope=0.1),
        layers.AveragePooling2D(2, strides=1, padding="same"),
        layers.Flatten(),
        layers.Dropout(0.3),
        layers.Dense(5, activation="softmax"),
    ])
    stir(model)
    x = real(3, 12, 12, 1)
    model.export(f"{out}/convolutional", verbose=False)
    tidy("convolutional")
    freeze(tf.function(lambda image: tf.identity(model(image, training=False), name="out_0"), input_signature=[
        tf.TensorSpec((None, 12, 12, 1), tf.float32, name="image")]), "convolutional")
    keep("convolutional", {"image": x}, {"0": model(x, training=False)})


class Perceptron(tf.Module):
    """Two layers and a table, without Keras, with a function within the function."""

    def __init__(self):
        self.first = tf.Variable(real(6, 8), name="first")
        self.layers = {"second": [tf.Variable(real(8, 3), name="second"), tf.Variable(real(3), name="bias")]}
        self.offsets = tf.constant(real(6))

    @tf.function
    def hidden(self, x):
        return tf.nn.tanh(tf.matmul(x + self.offsets, self.first))

    @tf.function(input_signature=[tf.TensorSpec((None, 6), tf.float32, name="features")])
    def __call__(self, features):
        weight, bias = self.layers["second"]
        logits = tf.nn.bias_add(tf.matmul(self.hidden(features), weight), bias)
        return {"logits": logits, "probabilities": tf.nn.softmax(logits)}


def perceptron():
    model = Perceptron()
    x = real(4, 6)
    tf.saved_model.save(model, f"{out}/perceptron", signatures=model.__call__)
    tidy("perceptron")
    keep("perceptron", {"features": x}, model(tf.constant(x)))


def operators():
    """One output a case; x and y are images, k a small vector."""
    raw, nn = tf.raw_ops, tf.nn
    kernel, deep = tf.constant(real(3, 2, 4, 6)), tf.constant(real(3, 3, 4, 2))
    grouped, cube = tf.constant(real(3, 3, 2, 6)), tf.constant(real(2, 2, 2, 1, 3))
    matrix, vector = tf.constant(real(4, 5)), tf.constant(real(4))
    table = tf.constant(real(9, 3))
    x_shape = (2, 6, 7, 4)
    cases = {
        "conv_same": lambda x: nn.conv2d(x, kernel, 2, "SAME"),
        "conv_valid": lambda x: nn.conv2d(x, kernel, [1, 2, 1, 1], "VALID", dilations=[1, 1, 2, 1]),
        "conv_explicit": lambda x: nn.conv2d(x, kernel, 1, [[0, 0], [1, 0], [0, 2], [0, 0]]),
        "conv_groups": lambda x: nn.conv2d(x, grouped, 1, "SAME"),
        "conv_depthwise": lambda x: nn.depthwise_conv2d(x, deep, [1, 2, 2, 1], "SAME"),
        "conv_transposed": lambda x: nn.conv2d_transpose(
            x, tf.transpose(kernel, [0, 1, 3, 2]), tf.stack([tf.shape(x)[0], 12, 13, 6]), 2, "SAME"),
        "conv_cube": lambda x: nn.conv3d(x[..., None], cube, [1, 1, 2, 1, 1], "SAME"),
        "conv_line": lambda x: nn.conv1d(x[:, 0], kernel[:, 0], 1, "SAME"),
        "conv_dilated": lambda x: tf.batch_to_space(
            nn.conv2d(tf.space_to_batch(x, [2, 2], [[2, 2], [2, 3]]), kernel, 1, "VALID"),
            [2, 2], [[0, 0], [0, 1]]),
        "max_pool": lambda x: nn.max_pool2d(x, 3, 2, "SAME"),
        "average_pool": lambda x: nn.avg_pool2d(x, 3, 2, "SAME"),
        "average_pool_valid": lambda x: nn.avg_pool2d(x, [2, 3], 1, "VALID"),
        "max_pool_cube": lambda x: nn.max_pool3d(x[..., None], 2, 2, "SAME"),
        "average_pool_cube": lambda x: nn.avg_pool3d(x[..., None], 2, 1, "SAME"),
        "normalized": lambda x: raw.FusedBatchNormV3(
            x=x, scale=vector, offset=-vector, mean=vector * 0.5, variance=vector * vector + 0.5,
            epsilon=0.01, is_training=False).y,
        "response": lambda x: nn.local_response_normalization(x, 1, bias=1.5, alpha=0.3, beta=0.6),
        "product": lambda x: tf.matmul(tf.reshape(x, [-1, 4]), matrix),
        "product_batched": lambda x: tf.matmul(x, x, transpose_b=True),
        "product_transposed": lambda x: tf.matmul(matrix, tf.reshape(x, [-1, 4]), True, True),
        "einsum": lambda x: tf.einsum("nhwc,cd->nhd", x, matrix),
        "bias": lambda x: nn.bias_add(x, vector),
        "arithmetic": lambda x: (x - 2) / (x * x + 1) + tf.add_n([x, x, x]),
        "powers": lambda x: tf.abs(x + 2) ** 1.5 + tf.math.squared_difference(x, vector),
        "extremes": lambda x: tf.maximum(x, vector) + tf.minimum(x, 0.3),
        "floors": lambda x: x // 0.3 + tf.math.floormod(x, 0.3),
        "safe_quotient": lambda x: tf.math.divide_no_nan(x, nn.relu(x)),
        "relu6": lambda x: nn.relu6(x * 9),
        "leaky": lambda x: nn.leaky_relu(x, 0.2),
        "elu": nn.elu, "selu": nn.selu, "softplus": nn.softplus, "softsign": nn.softsign,
        "sigmoid": nn.sigmoid, "tanh": nn.tanh, "softmax": nn.softmax,
        "log_softmax": nn.log_softmax, "erf": tf.math.erf,
        "exponentials": lambda x: tf.exp(x) + tf.math.log1p(x + 1) + tf.math.log(x + 2) + tf.math.expm1(x),
        "roots": lambda x: tf.sqrt(x + 2) * tf.math.rsqrt(x + 3) + tf.square(x) + tf.math.reciprocal(x + 4),
        "waves": lambda x: tf.sin(x) * tf.cos(x) + tf.sign(x) - tf.abs(-x),
        "rounded": lambda x: tf.floor(x * 3) + tf.math.ceil(x * 5) + tf.round(x * 7),
        "mean": lambda x: tf.reduce_mean(x, [1, 2]),
        "sums": lambda x: tf.reduce_sum(x, -1, keepdims=True) + tf.reduce_prod(x, [1, 3], keepdims=True),
        "ends": lambda x: tf.reduce_max(x, [1]) - tf.reduce_min(x, [1]),
        "quantors": lambda x: tf.cast(tf.reduce_any(x > 0.9, [1, 2]), tf.float32)
        + tf.cast(tf.reduce_all(x > -0.9, [1, 2]), tf.float32),
        "place": lambda x: tf.argmax(x, 2),
        "flat": lambda x: tf.reshape(x, [tf.shape(x)[0], -1]),
        "sizes": lambda x: tf.cast(tf.size(x[0]) * tf.rank(x), tf.float32) + tf.reduce_mean(x),
        "axes": lambda x: tf.squeeze(tf.expand_dims(tf.transpose(x, [0, 3, 1, 2]), 1), [1]),
        "joined": lambda x: tf.concat([x, x[:, :, 1:3]], 2),
        "parts": lambda x: tf.split(x, 2, -1)[1] + tf.split(x, [1, 2, 1], -1)[1],
        "stack": lambda x: tf.stack(tf.unstack(x, axis=3), 1),
        "slices": lambda x: tf.slice(x, [0, 1, 2, 0], [-1, 3, -1, 2]),
        "strides": lambda x: x[:, 5:0:-2, ..., tf.newaxis, 1],
        "more_strides": lambda x: x[..., ::-1, 1:-1] + x[:, -1:, 0, None, 2:],
        "padded": lambda x: tf.pad(x, [[0, 0], [1, 2], [0, 1], [0, 0]], constant_values=0.5),
        "mirrored": lambda x: tf.pad(x, [[0, 0], [2, 1], [0, 3], [0, 0]], "REFLECT"),
        "symmetric": lambda x: tf.pad(x, [[0, 0], [2, 1], [0, 3], [1, 1]], "SYMMETRIC"),
        "tiled": lambda x: tf.tile(x, [1, 2, 1, 3]),
        "filled": lambda x: tf.fill([tf.shape(x)[0], 3], 2.5) + tf.reduce_mean(x),
        "counted": lambda x: tf.cast(tf.range(tf.shape(x)[0]), tf.float32)[:, None] + x[:, 0, 0],
        "gathered": lambda x: tf.gather(x, [3, 0, 3], axis=2),
        "embedded": lambda x: tf.gather(table, tf.cast(tf.abs(x[:, 0, 0]) * 8, tf.int32)),
        "points": lambda x: tf.gather_nd(tf.transpose(x, [1, 2, 0, 3]), [[0, 1], [5, 6]]),
        "one_hot": lambda x: tf.one_hot(tf.argmax(x, 3), 4, 0.9, 0.1, axis=1),
        "chosen": lambda x: tf.where(x > vector, x, -x),
        "rows": lambda x: raw.Select(condition=x[:, 0, 0, 0] > 0, x=x, y=-x),
        "logic": lambda x: tf.where(
            tf.logical_not(tf.logical_or(x < 0, tf.logical_and(x >= 0.5, x <= 0.7))), x, 0.),
        "equal": lambda x: tf.cast(tf.equal(tf.round(x), 0.), tf.float32)
        + tf.cast(tf.not_equal(tf.round(x), 1.), tf.float32),
        "bilinear": lambda x: tf.compat.v1.image.resize_bilinear(x, [4, 11]),
        "bilinear_corners": lambda x: tf.compat.v1.image.resize_bilinear(x, [9, 5], align_corners=True),
        "bilinear_centred": lambda x: tf.image.resize(x, [9, 10], "bilinear"),
        "nearest": lambda x: tf.compat.v1.image.resize_nearest_neighbor(x, [4, 11]),
        "nearest_corners": lambda x: tf.compat.v1.image.resize_nearest_neighbor(x, [9, 5], align_corners=True),
        "nearest_centred": lambda x: tf.image.resize(x, [9, 10], "nearest"),
        "depth": lambda x: tf.nn.depth_to_space(tf.nn.space_to_depth(x[:, :, :6], 2), 2),
        "quantized": lambda x: tf.quantization.fake_quant_with_min_max_args(x, -0.7, 0.9, 4),
        "quantized_channels": lambda x: tf.quantization.fake_quant_with_min_max_vars_per_channel(
            x, [-0.5, -1, -0.2, -0.9], [0.5, 0.3, 1, 0.9], narrow_range=True),
        "half": lambda x: tf.cast(tf.cast(x * 4, tf.int32), tf.float32),
        "stopped": lambda x: tf.stop_gradient(x) * x,
    }

    def every(x):
        return {name: tf.identity(case(x), name="out_" + name) for name, case in cases.items()}

    x = real(*x_shape)
    freeze(tf.function(every, input_signature=[
        tf.TensorSpec((None,) + x_shape[1:], tf.float32, name="x")]), "operators")
    keep("operators", {"x": x}, every(tf.constant(x)))


convolutional()
perceptron()
operators()

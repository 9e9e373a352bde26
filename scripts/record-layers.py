"""Records what PyTorch computes for layers, losses, optimizers and learning-rate schedules.

    python3 scripts/record-layers.py fixtures/layers/pytorch.safetensors

Needs torch (recorded with 2.13) and numpy. The tests compare Assay's layers with these figures.
"""
import json
import sys

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

tensors = {}


def keep(name, value):
    tensors[name] = np.ascontiguousarray(value.detach().double().numpy().astype(np.float32))


def case(name, layer, inputs, call=None, train=False):
    """Records a layer's output and the gradients of sum(output * cotangent)."""
    layer = layer.double()
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.copy_((parameter + 0.1 * torch.randn_like(parameter)).float().double())
    layer.train(train)
    for parameter, value in layer.state_dict().items():
        if value.is_floating_point():
            keep(f"{name}/parameter/{parameter}", value.clone())
    is_index = not inputs.is_floating_point()
    inputs = inputs if is_index else inputs.float().double().requires_grad_(True)
    output = (call or layer)(inputs) if call is None else call(layer, inputs)
    cotangent = torch.randn_like(output).float().double()
    (output * cotangent).sum().backward()
    keep(f"{name}/inputs", inputs.double())
    keep(f"{name}/output", output)
    keep(f"{name}/cotangent", cotangent)
    if not is_index:
        keep(f"{name}/input-gradient", inputs.grad)
    for parameter, value in layer.named_parameters():
        keep(f"{name}/gradient/{parameter}", value.grad)
    for statistic, value in layer.named_buffers():
        if train and value.is_floating_point():
            keep(f"{name}/statistic/{statistic}", value)


def layers():
    r = torch.randn
    case("dense", nn.Linear(5, 3), r(4, 5))
    case("convolution", nn.Conv2d(4, 6, (3, 2), stride=2, padding=1, dilation=(1, 2), groups=2), r(2, 4, 7, 8))
    case("convolution-1d", nn.Conv1d(3, 4, 3, padding=1), r(2, 3, 9))
    case("convolution-same", nn.Conv2d(2, 3, 4, padding="same"), r(2, 2, 5, 6))
    case("transposed-convolution", nn.ConvTranspose2d(4, 6, 3, stride=2, padding=1, output_padding=1, groups=2), r(2, 4, 3, 4))
    case("average-pool", nn.AvgPool2d(3, 2, padding=1), r(2, 2, 7, 7))
    case("average-pool-unpadded", nn.AvgPool2d(3, 2, padding=1, count_include_pad=False), r(2, 2, 7, 7))
    case("max-pool", nn.MaxPool2d(3, 2, padding=1), r(2, 2, 7, 7))
    case("batch-normalization-training", nn.BatchNorm2d(3), r(4, 3, 5, 5), train=True)
    case("batch-normalization", nn.BatchNorm2d(3), r(4, 3, 5, 5))
    case("layer-normalization", nn.LayerNorm((3, 4)), r(2, 5, 3, 4))
    case("group-normalization", nn.GroupNorm(2, 6), r(2, 6, 4, 4))
    case("embedding", nn.Embedding(7, 3), torch.tensor([[1, 2, 6], [1, 0, 1]]))
    first = lambda layer, x: layer(x)[0]
    case("simple-rnn", nn.RNN(3, 4, nonlinearity="relu", batch_first=True), r(2, 5, 3), first)
    # The last step of the forward pass beside the last step, the first position, of the backward.
    last = lambda layer, x: torch.cat([layer(x)[0][:, -1, :4], layer(x)[0][:, 0, 4:]], 1)
    case("gru", nn.GRU(3, 4, num_layers=2, bidirectional=True, batch_first=True), r(2, 5, 3), last)
    case("lstm", nn.LSTM(3, 4, num_layers=2, bidirectional=True, batch_first=True), r(2, 5, 3), first)
    attention = lambda layer, x: layer(x, x, x, need_weights=False)[0]
    case("self-attention", nn.MultiheadAttention(6, 2, batch_first=True), r(2, 5, 6), attention)
    functions = {
        "relu": nn.ReLU(), "relu6": nn.ReLU6(), "leaky-relu": nn.LeakyReLU(), "elu": nn.ELU(),
        "selu": nn.SELU(), "gelu": nn.GELU(), "gelu-tanh": nn.GELU(approximate="tanh"),
        "swish": nn.SiLU(), "mish": nn.Mish(), "softplus": nn.Softplus(), "softsign": nn.Softsign(),
        "tanh": nn.Tanh(), "sigmoid": nn.Sigmoid(), "softmax": nn.Softmax(-1),
        "hard-sigmoid": nn.Hardsigmoid(), "hard-swish": nn.Hardswish(),
    }
    for name, function in functions.items():
        case(f"activation-{name}", function, 4 * r(3, 9))


def losses():
    outputs, classes = torch.randn(5, 4).double(), torch.tensor([0, 3, 1, 1, 2])
    binary, numbers = torch.randn(5, 1).double(), torch.randn(5).double() * 2
    keep("loss/outputs", outputs)
    keep("loss/classes", classes)
    keep("loss/single", binary)
    keep("loss/numbers", numbers)
    keep("loss/cross-entropy", F.cross_entropy(outputs, classes, reduction="none"))
    keep("loss/cross-entropy-smoothed", F.cross_entropy(outputs, classes, reduction="none", label_smoothing=0.1))
    labels = (classes > 1).double()
    keep("loss/binary-cross-entropy", F.binary_cross_entropy_with_logits(binary[:, 0], labels, reduction="none"))
    keep("loss/mean-squared-error", F.mse_loss(binary[:, 0], numbers, reduction="none"))
    keep("loss/huber", F.huber_loss(binary[:, 0], numbers, reduction="none", delta=0.7))


def optimizers():
    gradients = torch.randn(8, 3).double()
    keep("optimizer/gradients", gradients)
    start = torch.tensor([1.0, -2.0, 0.5]).double()
    for name, make in {
        "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
        "sgd-momentum": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01),
        "sgd-nesterov": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
        "adam": lambda p: torch.optim.Adam(p, lr=0.1, weight_decay=0.02),
        "adamw": lambda p: torch.optim.AdamW(p, lr=0.1, weight_decay=0.05),
    }.items():
        parameter = start.clone().requires_grad_(True)
        optimizer = make([parameter])
        path = []
        for gradient in gradients:
            parameter.grad = gradient.clone()
            optimizer.step()
            path.append(parameter.detach().clone())
        keep(f"optimizer/{name}", torch.stack(path))


def schedules():
    """Factors of the rate for 4 epochs of 5 steps."""
    parameter = [torch.zeros(1, requires_grad=True)]
    S = torch.optim.lr_scheduler
    for name, every_step, make in [
        ("one-cycle", True, lambda o: S.OneCycleLR(o, 1.0, total_steps=20, cycle_momentum=False)),
        ("cosine", True, lambda o: S.CosineAnnealingLR(o, 20, eta_min=0.1)),
        ("step", False, lambda o: S.StepLR(o, 2, 0.5)),
        ("multi-step", False, lambda o: S.MultiStepLR(o, [1, 3], 0.1)),
        ("exponential", False, lambda o: S.ExponentialLR(o, 0.8)),
    ]:
        optimizer = torch.optim.SGD(parameter, lr=1.0)
        schedule = make(optimizer)
        rates = []
        for step in range(20):
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            if every_step or step % 5 == 4:
                schedule.step()
        keep(f"schedule/{name}", torch.tensor(rates, dtype=torch.float64))


def write(path):
    header, data = {}, b""
    for name in sorted(tensors):
        value = tensors[name].tobytes()
        header[name] = {
            "dtype": "F32", "shape": list(tensors[name].shape),
            "data_offsets": [len(data), len(data) + len(value)],
        }
        data += value
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text + data)


torch.manual_seed(0)
layers()
losses()
optimizers()
schedules()
write(sys.argv[1])

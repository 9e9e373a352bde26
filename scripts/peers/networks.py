"""The networks of `assay bench` in PyTorch, with random parameters."""

import torch
from torch import nn


class Block(nn.Module):
    """Two 3 x 3 convolutions with their inputs added; batch normalisation is folded."""

    def __init__(self, inputs, channels, stride):
        super().__init__()
        self.first = nn.Conv2d(inputs, channels, 3, stride, 1)
        self.second = nn.Conv2d(channels, channels, 3, 1, 1)
        self.projection = nn.Conv2d(inputs, channels, 1, stride) if stride > 1 else None

    def forward(self, x):
        kept = x if self.projection is None else self.projection(x)
        return torch.relu(kept + self.second(torch.relu(self.first(x))))


class Recurrent(nn.Module):
    """An LSTM over the whole sequence; its last state is classified."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(1, 64, batch_first=True)
        self.output = nn.Linear(64, 5)

    def forward(self, x):
        return self.output(self.lstm(x)[0][:, -1])


def dense(*sizes):
    layers = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def convolutions():
    return nn.Sequential(
        nn.Conv2d(1, 32, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(3136, 1024), nn.ReLU(), nn.Linear(1024, 10))


def residual():
    blocks, inputs = [], 64
    for channels in (64, 128, 256, 512):
        blocks += [Block(inputs, channels, 1 if channels == 64 else 2), Block(channels, channels, 1)]
        inputs = channels
    return nn.Sequential(
        nn.Conv2d(3, 64, 3, padding=1), nn.ReLU(), *blocks,
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 10))


#: Name: (how it is made, the shape of a sample, its classes, samples at a time).
NETWORKS = {
    "mlp": (lambda: dense(784, 256, 128, 10), (784,), 10, 256),
    "mnist_cnn": (convolutions, (1, 28, 28), 10, 256),
    "resnet18_cifar": (residual, (3, 32, 32), 10, 64),
    "tabular": (lambda: dense(30, 64, 32, 2), (30,), 2, 256),
    "lstm": (Recurrent, (140, 1), 5, 256),
}

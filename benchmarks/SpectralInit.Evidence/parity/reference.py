"""Trains six small networks in PyTorch (float64) and writes their losses, step by step, for the test that trains the same
networks with this project's trainer. Data and weights come from a hash, so both sides make them alike.

    python3 reference.py ../../../tests/SpectralInit.Tests/Golden/Evidence/parity.json
"""
import json
import sys

import numpy as np
import torch

ROWS, SIDE, BATCH, STEPS = 64, 6, 16, 60


def hashed(count, salt, scale):
    """count numbers in scale·[−½, ½): SplitMix64 of (salt·2³² + i), the top 24 bits."""
    with np.errstate(over="ignore"):
        z = (np.arange(count, dtype=np.uint64) + np.uint64(salt << 32) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (((z >> np.uint64(40)).astype(np.float64) / 2**24 - 0.5) * scale).astype(np.float32)


class ChannelsLast(torch.nn.Module):
    """Flattens [n, c, h, w] with the channel fastest, as the trainer does."""

    def forward(self, x):
        return x.permute(0, 2, 3, 1).reshape(x.shape[0], -1)


class Recurrent(torch.nn.Module):
    """h(t) = tanh(W·x(t) + b + R·h(t−1)) over SIDE steps of SIDE values, and a linear readout of the last state."""

    def __init__(self, outputs, units=10):
        super().__init__()
        self.cell = torch.nn.RNN(SIDE, units, batch_first=True)
        self.readout = torch.nn.Linear(units, outputs)
        with torch.no_grad():
            self.cell.bias_hh_l0.zero_()
            for salt, weight, bias in ((10, self.cell.weight_ih_l0, self.cell.bias_ih_l0), (12, self.cell.weight_hh_l0, None), (14, self.readout.weight, self.readout.bias)):
                weight.copy_(torch.tensor(hashed(weight.numel(), salt, 2 * np.sqrt(6 / weight.shape[1])).reshape(weight.shape)))
                if bias is not None:
                    bias.copy_(torch.tensor(hashed(bias.numel(), salt + 1, 0.1)))
        self.cell.bias_hh_l0.requires_grad_(False)

    def forward(self, x):
        return self.readout(self.cell(x.reshape(x.shape[0], SIDE, SIDE))[0][:, -1])


def network(kind, activation, outputs):
    act = {"relu": torch.nn.ReLU, "tanh": torch.nn.Tanh}[activation]
    if kind == "recurrent":
        return Recurrent(outputs).double()
    if kind == "perceptron":
        modules = [torch.nn.Linear(SIDE * SIDE, 24), act(), torch.nn.Linear(24, 16), act(), torch.nn.Linear(16, outputs)]
    else:
        modules = [torch.nn.Unflatten(1, (1, SIDE, SIDE)), torch.nn.Conv2d(1, 4, 3, padding=1), act(), torch.nn.MaxPool2d(2),
                   torch.nn.Conv2d(4, 6, 3, padding=1), act(), torch.nn.MaxPool2d(2), ChannelsLast(), torch.nn.Linear(6, 8), act(), torch.nn.Linear(8, outputs)]
    net = torch.nn.Sequential(*modules).double()
    salt = 10
    for module in net:
        if hasattr(module, "weight"):
            fan_in = module.weight[0].numel()
            with torch.no_grad():
                module.weight.copy_(torch.tensor(hashed(module.weight.numel(), salt, 2 * np.sqrt(6 / fan_in)).reshape(module.weight.shape)))
                module.bias.copy_(torch.tensor(hashed(module.bias.numel(), salt + 1, 0.1)))
            salt += 2
    return net


def train(kind, activation, optimizer, rate, regression):
    outputs = 2 if regression else 4
    x = torch.tensor(hashed(ROWS * SIDE * SIDE, 1, 4)).double().reshape(ROWS, -1)
    if regression:
        y = torch.tensor(hashed(ROWS * 2, 2, 2)).double().reshape(ROWS, 2)
        loss_of = lambda out, t: 0.5 * ((out - t) ** 2).sum(1).mean()
    else:
        y = torch.tensor(np.floor((hashed(ROWS, 3, 1) + 0.5) * 4).astype(np.int64))
        loss_of = torch.nn.functional.cross_entropy
    net = network(kind, activation, outputs)
    opt = torch.optim.Adam(net.parameters(), lr=rate) if optimizer == "adam" else torch.optim.SGD(net.parameters(), lr=rate, momentum=0.9)
    losses = []
    for step in range(STEPS):
        rows = [(step * BATCH + j) * 7 % ROWS for j in range(BATCH)]
        opt.zero_grad()
        loss = loss_of(net(x[rows]), y[rows])
        loss.backward()
        opt.step()
        losses.append(round(loss.item(), 9))
    return {"network": kind, "activation": activation, "optimizer": optimizer, "rate": rate, "regression": regression, "losses": losses}


if __name__ == "__main__":
    torch.set_num_threads(1)
    cases = [train("perceptron", "relu", "sgd", 0.05, False), train("perceptron", "tanh", "adam", 0.01, False),
             train("convolution", "relu", "sgd", 0.05, False), train("convolution", "tanh", "adam", 0.01, False), train("perceptron", "tanh", "sgd", 0.03, True),
             train("recurrent", "tanh", "sgd", 0.03, False)]
    with open(sys.argv[1], "w") as file:
        json.dump(cases, file, indent=0)
    for case in cases:
        print(case["network"], case["activation"], case["optimizer"], case["losses"][0], case["losses"][-1])

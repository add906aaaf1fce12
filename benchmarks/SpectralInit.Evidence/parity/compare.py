"""Repeats exported runs in PyTorch (float32, its own kernels) and prints both curves.

    dotnet run -c Release --project benchmarks/SpectralInit.Evidence -- … --save DIR
    python3 compare.py DIR/parity/*
"""
import json
import sys

import numpy as np
import torch


def load(folder, name):
    return torch.from_numpy(np.load(f"{folder}/{name}.npy"))


def network(folder, run):
    act = {"relu": torch.nn.ReLU, "tanh": torch.nn.Tanh}[run["Activation"]]
    modules, layer = [], 0
    while True:
        try:
            w, b = load(folder, f"w{layer}"), load(folder, f"b{layer}")
        except FileNotFoundError:
            break
        if w.ndim == 4:
            module = torch.nn.Conv2d(w.shape[1], w.shape[0], 3, padding=1)
            modules += [module, act(), torch.nn.MaxPool2d(2)]
        else:
            if modules and isinstance(modules[-1], torch.nn.MaxPool2d):
                modules.append(ChannelsLast())
            module = torch.nn.Linear(w.shape[1], w.shape[0])
            modules += [module, act()]
        with torch.no_grad():
            module.weight.copy_(w)
            module.bias.copy_(b)
        layer += 1
    return torch.nn.Sequential(*modules[:-1])  # no activation after the last layer


class ChannelsLast(torch.nn.Module):
    def forward(self, x):
        return x.permute(0, 2, 3, 1).reshape(x.shape[0], -1)


def main(folder):
    run = json.load(open(f"{folder}/run.json"))
    x, y, tx, ty = (load(folder, name) for name in ("train", "train-targets", "test", "test-targets"))
    if run["Convolutions"]:
        side = int(round(x.shape[1] ** 0.5))
        x, tx = x.reshape(-1, 1, side, side), tx.reshape(-1, 1, side, side)
    if run["IsRegression"]:
        loss_of = lambda out, t: 0.5 * ((out - t) ** 2).sum(1).mean()
    else:
        y, ty = y.long(), ty.long()
        loss_of = torch.nn.functional.cross_entropy
    net = network(folder, run)
    rate = run["LearningRate"]
    opt = torch.optim.Adam(net.parameters(), lr=rate) if run["Optimizer"] == "adam" else torch.optim.SGD(net.parameters(), lr=rate, momentum=0.9)
    order, curve = load(folder, "order").long(), []

    def evaluate():
        with torch.no_grad():
            out = net(tx)
            score = 100 * (1 - ((out - ty) ** 2).sum() / ((ty - ty.mean(0)) ** 2).sum()) if run["IsRegression"] else 100 * (out.argmax(1) == ty).float().mean()
            curve.append((loss_of(out, ty).item(), score.item()))

    evaluate()
    for epoch in order:
        count = -(-len(epoch) // run["BatchSize"])
        for batch in range(count):
            rows = epoch[batch * len(epoch) // count:(batch + 1) * len(epoch) // count]
            opt.zero_grad()
            loss_of(net(x[rows]), y[rows]).backward()
            opt.step()
        evaluate()
    print(f"{folder}\n epoch  loss here   PyTorch  score here  PyTorch")
    for i, ((loss, score), mine, points) in enumerate(zip(curve, run["Loss"], run["Score"])):
        print(f"{i:6d} {mine:10.5f} {loss:9.5f} {points:11.2f} {score:8.2f}")


for argument in sys.argv[1:]:
    main(argument)

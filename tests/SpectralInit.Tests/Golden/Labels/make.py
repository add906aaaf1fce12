"""Golden values for the label-aware initializers: run `python3 make.py` in this folder (numpy 1.24).

The gradient outer product is computed here per output and per row, straight from the formula of the predictor's gradient, and each gradient is
checked against central differences of the predictor; the library uses a closed form that never builds the gradients.
"""
import json
import numpy as np

rng = np.random.default_rng(7)


def predictor(x, z, alpha, length):
    return np.exp(-np.linalg.norm(z - x, axis=1) / length) @ alpha


def agop(x, y, ridge):
    n, d = x.shape
    y = y - y.mean(0)
    dist = np.linalg.norm(x[:, None] - x[None], axis=2)
    length = np.median(dist[np.triu_indices(n, 1)])
    kernel = np.exp(-dist / length)
    inverse = np.linalg.inv(kernel + ridge * np.eye(n))
    alpha = inverse @ y
    m = np.zeros((d, d))
    worst = 0
    for j in range(n):
        others = np.arange(n) != j
        diff = x[others] - x[j]
        r = np.linalg.norm(diff, axis=1)
        gradient = (alpha[others] * (np.exp(-r / length) / (length * np.maximum(r, 1e-3 * length)))[:, None]).T @ diff
        numeric = np.zeros_like(gradient)
        for k in range(d):
            e = np.zeros(d)
            e[k] = 1e-5
            numeric[:, k] = (predictor(x[j] + e, x[others], alpha[others], length) - predictor(x[j] - e, x[others], alpha[others], length)) / 2e-5
        worst = max(worst, np.abs(gradient - numeric).max() / np.abs(gradient).max())
        m += gradient.T @ gradient
    assert worst < 1e-6, worst
    loo = alpha / np.diag(inverse)[:, None]
    brute = np.zeros_like(y)
    for j in range(n):
        o = np.arange(n) != j
        brute[j] = y[j] - kernel[j, o] @ np.linalg.solve(kernel[np.ix_(o, o)] + ridge * np.eye(n - 1), y[o])
    assert np.abs(loo - brute).max() < 1e-8
    return m / np.trace(m), length, (brute ** 2).sum() / (y ** 2).sum()


def case(n, d, c, ridge):
    x = rng.normal(size=(n, d)) @ rng.normal(size=(d, d)) + 3
    if c:
        labels = rng.integers(0, c, n)
        y = np.eye(c)[labels]
        labels = labels.tolist()
    else:
        y = np.stack([np.sin(x[:, 0]), x[:, 1] ** 2], 1)
        labels = []
    m, length, loo = agop(x, y, ridge)
    return dict(n=n, d=d, outputs=y.shape[1], ridge=ridge, rows=x.ravel().tolist(), labels=labels, values=y.ravel().tolist(), product=m.ravel().tolist(), bandwidth=length, loo=loo)


def readout(n, h, labels):
    f = rng.normal(size=(n, h)) * np.geomspace(3, .1, h) + 1
    y = np.eye(3)[rng.integers(0, 3, n)] if labels else np.stack([f[:, 0] + rng.normal(size=n), rng.normal(size=n)], 1)
    centred = f - f.mean(0)
    eig = np.linalg.eigvalsh(centred.T @ centred)[::-1]
    rank = min(n - 1, h)
    unit = eig[:rank].mean()
    path, ridges = [], [10 ** (.5 * i) for i in range(-12, 7)]
    for ridge in ridges:
        error = 0
        for j in range(n):
            o = np.arange(n) != j
            mu, ym = f[o].mean(0), y[o].mean(0)
            z = f[o] - mu
            w = np.linalg.solve(z.T @ z + ridge * unit * np.eye(h), z.T @ (y[o] - ym))
            error += ((y[j] - ym - (f[j] - mu) @ w) ** 2).sum()
        path.append(error / ((y - y.mean(0)) ** 2).sum())
    best = ridges[int(np.argmin(path))]
    w = np.linalg.solve(centred.T @ centred + best * unit * np.eye(h), centred.T @ (y - y.mean(0))).T
    return dict(n=n, h=h, outputs=y.shape[1], labels=y.argmax(1).tolist() if labels else [], features=f.ravel().tolist(), values=y.ravel().tolist(), path=path, ridge=best,
                weights=w.ravel().tolist(), bias=(y.mean(0) - w @ f.mean(0)).tolist())


json.dump(dict(products=[case(40, 5, 3, 1e-3), case(30, 4, 0, 1e-2), case(12, 20, 2, 1e-3)], readouts=[readout(25, 6, True), readout(25, 6, False), readout(9, 14, True)]), open("labels.json", "w"))

#!/usr/bin/env python3
"""Writes lowrank.json: what the published low-rank initialisations give on one small matrix, by NumPy."""
import json, os
import numpy as np
import torch

rng = np.random.default_rng(7)
rows, cols, rank, scale = 10, 7, 3, 0.5
w = rng.standard_normal((rows, cols))
x = rng.standard_normal((40, cols)) @ rng.standard_normal((cols, cols)) + rng.standard_normal(cols)


def flat(a):
    return np.asarray(a, float).ravel().tolist()


# PiSSA: principal triples of W, shared over both factors.
u, s, vt = np.linalg.svd(w, full_matrices=False)
pissa = (u[:, :rank] * np.sqrt(s[:rank] / scale)) @ (np.sqrt(s[:rank] / scale)[:, None] * vt[:rank])

# OLoRA: leading columns of Q and rows of R.
q, r = np.linalg.qr(w)
olora = q[:, :rank] @ r[:rank]

# CorDA: triples of W·C with damping, right vectors mapped back.
c = x.T @ x / len(x)
damp = 0.01
while True:
    fixed = c + np.eye(cols) * np.mean(np.diag(c)) * damp
    inverse = np.linalg.inv(fixed)
    if np.linalg.norm(fixed @ inverse - np.eye(cols)) < 0.05:
        break
    damp *= 2
cu, cs, cvt = np.linalg.svd(w @ fixed, full_matrices=False)
cv = cvt @ inverse
ipm = (cu[:, :rank] * cs[:rank] / scale) @ cv[:rank]
kpm = (cu[:, -rank:] * cs[-rank:] / scale) @ cv[-rank:]

# EVA: components of the centred activations; ranks by explained variance over two layers.
def components(a):
    centred = a - a.mean(0)
    _, sv, v = np.linalg.svd(centred, full_matrices=False)
    return v, sv**2 / np.sum(sv**2)

flat_x = rng.standard_normal((40, cols))
v1, ratio1 = components(x)
v2, ratio2 = components(flat_x)
cap = 2 * rank
pairs = sorted([(-ratio, 0, i) for i, ratio in enumerate(ratio1[:cap])] + [(-ratio, 1, i) for i, ratio in enumerate(ratio2[:cap])])[: 2 * rank]
ranks = [sum(1 for p in pairs if p[1] == layer) for layer in (0, 1)]

# Khodak et al.: a k1×k2 convolution as an (out·k1)×(in·k2) matrix.
conv = rng.standard_normal((4, 3, 3, 2))
matrix = conv.transpose(0, 2, 1, 3).reshape(4 * 3, 3 * 2)
ku, ks, kvt = np.linalg.svd(matrix, full_matrices=False)
khodak = (ku[:, :2] * ks[:2]) @ kvt[:2]

# PiSSA as PEFT runs it with pissa_niter_16: torch.svd_lowrank with q = r, on larger weights of falling spectrum (torch 1.13, double).
torch.manual_seed(0)
big_rows, big_cols, big_rank, big_scale = 40, 30, 6, 0.25
left, right = (np.linalg.qr(rng.standard_normal((n, big_cols)))[0] for n in (big_rows, big_cols))
big = np.round((left * 0.5 ** np.arange(big_cols)) @ right.T, 12)
tu, ts, tv = torch.svd_lowrank(torch.from_numpy(big), q=big_rank, niter=16)
ts = ts / big_scale
lora_a = torch.diag(torch.sqrt(ts)) @ tv.T
lora_b = tu @ torch.diag(torch.sqrt(ts))
residual = torch.from_numpy(big) - big_scale * lora_b @ lora_a

json.dump(
    {
        "bigRows": big_rows, "bigColumns": big_cols, "bigRank": big_rank, "bigScale": big_scale, "big": flat(big),
        "bigProduct": flat((lora_b @ lora_a).numpy()), "bigResidual": flat(residual.numpy()), "bigDown": flat(lora_a.numpy()), "bigUp": flat(lora_b.numpy()),
        "rows": rows, "columns": cols, "rank": rank, "scale": scale, "weights": flat(w), "activations": flat(x), "activations2": flat(flat_x),
        "pissa": flat(pissa), "olora": flat(olora), "ipm": flat(ipm), "kpm": flat(kpm), "evaRanks": ranks, "eva": flat(v1[:rank]),
        "convolution": flat(conv), "khodak": flat(khodak),
    },
    open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "lowrank.json"), "w"),
)

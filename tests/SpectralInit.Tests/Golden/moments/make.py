#!/usr/bin/env python3
"""Writes covariances.json (numpy.cov, scikit-learn's ledoit_wolf and oas on small made data, rows included) and real.json (digests of
numpy.cov of real data sets: trace, Frobenius norm and products with fixed vectors). Usage: make.py DATA_FOLDER"""
import csv, gzip, json, os, sys
import numpy as np
from sklearn.covariance import ledoit_wolf, oas

here = os.path.dirname(os.path.abspath(__file__))
rng = np.random.default_rng(20)


def case(name, x):
    lw, lws = ledoit_wolf(x)
    oa, oas_s = oas(x)
    return {"name": name, "rows": x.ravel().tolist(), "columns": x.shape[1], "mean": x.mean(0).tolist(),
            "covariance": np.cov(x, rowvar=False).ravel().tolist(),
            "ledoitWolf": lw.ravel().tolist(), "ledoitWolfShrinkage": float(lws), "oas": oa.ravel().tolist(), "oasShrinkage": float(oas_s)}


mixed = rng.standard_normal((60, 5)) @ rng.standard_normal((5, 5))
constant = rng.standard_normal((30, 3)); constant[:, 1] = 0.1
cases = [
    case("tall", mixed + 3),
    case("wide", rng.standard_normal((5, 9)) * np.arange(1, 10)),
    case("spherical", rng.standard_normal((40, 4))),
    case("constant column", constant),
    case("two rows", rng.standard_normal((2, 3))),
    case("one column", rng.standard_normal((7, 1))),
    case("duplicated column", np.repeat(rng.standard_normal((12, 2)), 2, axis=1)),
    case("uneven scales", rng.standard_normal((50, 4)) * [1e-6, 1, 1e3, 1e5] + [0, 5, -1e3, 1e5]),
]
json.dump(cases, open(os.path.join(here, "covariances.json"), "w"))


def digest(x):
    c = np.cov(x, rowvar=False)
    d = c.shape[0]
    vectors = [np.cos((k + 1.0) * np.arange(d)) for k in range(3)]
    return {"trace": np.trace(c), "frobenius": np.linalg.norm(c), "mean": x.mean(0).tolist(), "products": [(c @ v).tolist() for v in vectors],
            "ledoitWolf": float(ledoit_wolf(x)[1]), "oas": float(oas(x)[1])}


data = sys.argv[1]
iris = np.array([[float(v) for v in row[:4]] for row in list(csv.reader(open(f"{data}/tabular/iris.csv")))[1:]])
digits = np.array([[float(v) for v in row[:64]] for row in csv.reader(gzip.open(f"{data}/tabular/digits.csv.gz", "rt"))])
mnist = np.frombuffer(gzip.open(f"{data}/mnist/train-images-idx3-ubyte.gz").read(), np.uint8, offset=16).reshape(-1, 784).astype(float)
json.dump({"iris": digest(iris), "digits": digest(digits), "mnist": digest(mnist)}, open(os.path.join(here, "real.json"), "w"))

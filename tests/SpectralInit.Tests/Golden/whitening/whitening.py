#!/usr/bin/env python3
"""Writes whitening.json: PCA whitening by scikit-learn, zero-phase whitening by SciPy's matrix square root, Cholesky whitening by NumPy, on made rows.
Regularization adds eps * trace / d to the covariance, as WhiteningOptions says. (numpy 1.24, scipy 1.10, scikit-learn 1.2)"""
import json, os
import numpy as np
from scipy.linalg import sqrtm
from sklearn.decomposition import PCA

rng = np.random.default_rng(3)


def case(name, x, regularization):
    x = np.round(x, 6)
    d = x.shape[1]
    c = np.cov(x, rowvar=False) + regularization * np.trace(np.cov(x, rowvar=False)) / d * np.eye(d)
    out = {"name": name, "rows": x.ravel().tolist(), "columns": d, "regularization": regularization,
           "zca": np.linalg.inv(np.real(sqrtm(c))).ravel().tolist(), "cholesky": np.linalg.inv(np.linalg.cholesky(c)).ravel().tolist()}
    if regularization == 0:
        pca = PCA(d, whiten=True, svd_solver="full").fit(x)
        out["pca"] = (pca.components_ / np.sqrt(pca.explained_variance_)[:, None]).ravel().tolist()
        out["transformed"] = pca.transform(x).ravel().tolist()
    return out


mixing = rng.standard_normal((5, 5))
cases = [
    case("correlated", rng.standard_normal((40, 5)) @ mixing + 3, 0),
    case("correlated, regularized", rng.standard_normal((40, 5)) @ mixing, 0.1),
    case("uneven scales", rng.standard_normal((30, 4)) * [1e-2, 1, 10, 1e2] + [0, 5, -10, 100], 0),
    case("fewer rows than features, regularized", rng.standard_normal((6, 9)), 0.3),
]
json.dump(cases, open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "whitening.json"), "w"))

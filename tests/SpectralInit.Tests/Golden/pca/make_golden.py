"""Principal components by the seed recipe (numpy.cov -> numpy.linalg.eigh -> descending) and by scikit-learn, for PrincipalComponentGoldenTests.

    SPECTRALINIT_DATA=... python3 make_golden.py     (numpy 1.24, scikit-learn 1.2)

iris.json: all four components of the 150 x 4 data, which are stored with it, and its scores. digits.json: 64 eigenvalues and the first 8 components of the
1797 x 64 digits. mnist.json: all 784 eigenvalues, trace, and the first 6 components of the 60000 training images, rounded to 12 digits.
"""
import gzip, json, os, pathlib
import numpy as np
from sklearn.decomposition import PCA

data = pathlib.Path(os.environ["SPECTRALINIT_DATA"])
here = pathlib.Path(__file__).parent


def recipe(x, k):
    c = np.cov(x, rowvar=False)
    w, v = np.linalg.eigh(c)
    order = np.argsort(w)[::-1]
    return w[order], v[:, order[:k]].T, np.trace(c)


def write(name, x, k, keep):
    w, v, trace = recipe(x, k)
    pca = PCA(k, svd_solver="full").fit(x)
    out = {"mean": x.mean(0).tolist(), "eigenvalues": w.tolist(), "components": v.tolist(), "trace": trace,
           "explained_variance_ratio": pca.explained_variance_ratio_.tolist(), "noise_variance": pca.noise_variance_, "sklearn_components": pca.components_.tolist()}
    if keep:
        out["x"] = x.tolist()
        out["sklearn_scores"] = pca.transform(x).tolist()
    if name == "mnist":
        del out["sklearn_components"], out["mean"]
        out["components"] = [[float(f"{e:.12g}") for e in row] for row in v]
    (here / f"{name}.json").write_text(json.dumps(out))


iris = np.array([[float(e) for e in line.split(",")[:4]] for line in (data / "tabular/iris.csv").read_text().splitlines()[1:]])
write("iris", iris, 4, True)
digits = np.loadtxt(gzip.open(data / "tabular/digits.csv.gz"), delimiter=",")[:, :64]
write("digits", digits, 8, False)
with gzip.open(data / "mnist/train-images-idx3-ubyte.gz") as f:
    mnist = np.frombuffer(f.read(), np.uint8, offset=16).reshape(60000, 784).astype(float)
write("mnist", mnist, 6, False)

"""Covariances of the rows in an .npy file, as JSON: numpy.cov, and the textbook formula in the type of the rows."""
import json
import sys

import numpy as np

x = np.load(sys.argv[1])
n = len(x)
mean = x.mean(axis=0)
formula = (x.T @ x - n * np.outer(mean, mean).astype(x.dtype)) / x.dtype.type(n - 1)
print(json.dumps([np.cov(x, rowvar=False).ravel().tolist(), formula.astype(np.float64).ravel().tolist()]))

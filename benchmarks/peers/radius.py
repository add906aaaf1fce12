"""ARPACK (scipy.sparse.linalg.eigs, residual 1e-10, k = 1 and 6) on the ten sparse random matrices of `SpectralInit.Benchmarks radius`: seed, k, radius, milliseconds."""
import time

import numpy as np
import scipy.sparse as ss
import scipy.sparse.linalg as ssl


def mix(z):
    z = z + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


n, degree = 10000, 10
start = np.random.default_rng(0).standard_normal(n)
for seed in range(10):
    place = mix(np.arange(n * degree, dtype=np.uint64) + np.uint64(seed << 32))
    values = (mix(place) >> np.uint64(11)).astype(float) * 2.0**-52 - 1
    columns = (place % np.uint64(n)).astype(np.int64)
    w = ss.csr_matrix(ss.coo_matrix((values, (np.repeat(np.arange(n), degree), columns)), shape=(n, n)))
    for k in (1, 6):
        begin = time.perf_counter()
        radius = np.abs(ssl.eigs(w, k, which="LM", tol=1e-10, v0=start, maxiter=20 * n, return_eigenvectors=False)).max()
        print(f"| {seed} | {k} | {radius:.9f} | {1e3 * (time.perf_counter() - begin):.0f} |", flush=True)

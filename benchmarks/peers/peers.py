#!/usr/bin/env python3
"""Times what a user would pick instead, on named cases, and prints one JSON line per (case, peer).

Needs Debian's python3-numpy python3-scipy python3-sklearn python3-torch libopenblas0-pthread. Run it with
OPENBLAS_CORETYPE=SkylakeX (or the widest core type the processor has): the default of older OpenBLAS
releases falls back to AVX2 on new processors, which would flatter us.

    OPENBLAS_CORETYPE=SkylakeX python3 peers.py [--repeats 5] [CASE ...]

With --serve it prepares one case, prints the names of its peers as a JSON list, and then times one run for every
peer's number it reads on standard input, so that another program can interleave its own runs on the same machine.
"""
import argparse, json, sys, time, warnings
import numpy as np, scipy, scipy.linalg as sl, scipy.sparse as ss, scipy.sparse.linalg as ssl, sklearn, torch
from sklearn.decomposition import PCA

warnings.filterwarnings("ignore")
rng = np.random.default_rng(0)


def decaying(n, d, dtype, power=0.7):
    """n rows whose covariance has eigenvalues i^(-2*power) in a random basis, with a mean of 3."""
    basis = np.linalg.qr(rng.standard_normal((d, d)))[0]
    scale = np.arange(1, d + 1) ** -power
    return np.ascontiguousarray(((rng.standard_normal((n, d)) * scale) @ basis.T + 3).astype(dtype))


def symmetric(d, power=1.0):
    basis = np.linalg.qr(rng.standard_normal((d, d)))[0]
    a = (basis * np.arange(1, d + 1) ** -power) @ basis.T
    return (a + a.T) / 2


def wishart(d):
    a = rng.standard_normal((d, 2 * d))
    return a @ a.T / (2 * d)


def covariance_case(n, d, dtype):
    x = decaying(n, d, dtype)
    t = torch.from_numpy(x)
    yield "numpy.cov", lambda: np.cov(x, rowvar=False, dtype=dtype)
    yield "numpy X.T@X", lambda: x.T @ x
    yield "torch.cov", lambda: torch.cov(t.T)


def eigh_case(d):
    a = wishart(d)
    t = torch.from_numpy(a)
    yield "scipy eigh evd", lambda: sl.eigh(a, driver="evd", check_finite=False)
    yield "scipy eigh evr", lambda: sl.eigh(a, driver="evr", check_finite=False)
    yield "torch.linalg.eigh", lambda: torch.linalg.eigh(t)


def eigvals_case(d):
    a = wishart(d)
    t = torch.from_numpy(a)
    yield "scipy eigvalsh", lambda: sl.eigvalsh(a, check_finite=False)
    yield "torch.linalg.eigvalsh", lambda: torch.linalg.eigvalsh(t)


def svd_case(d):
    a = rng.standard_normal((d, d))
    t = torch.from_numpy(a)
    yield "numpy.linalg.svd", lambda: np.linalg.svd(a, full_matrices=False)
    yield "torch.linalg.svd", lambda: torch.linalg.svd(t, full_matrices=False)


def top_case(d, k, make):
    a = make(d)
    yield "scipy eigh subset", lambda: sl.eigh(a, subset_by_index=[d - k, d - 1], check_finite=False)
    yield "scipy eigsh", lambda: ssl.eigsh(a, k, tol=1e-10)


def pca_case(n, d, k, dtype):
    x = decaying(n, d, dtype)
    t = torch.from_numpy(x)
    yield "numpy.cov + eigh subset", lambda: sl.eigh(np.cov(x, rowvar=False, dtype=dtype), subset_by_index=[d - k, d - 1])
    yield "sklearn PCA randomized", lambda: PCA(k, svd_solver="randomized", random_state=0).fit(x)
    yield "torch.pca_lowrank niter=2", lambda: torch.pca_lowrank(t, k, niter=2)


def norm_case(n):
    w = torch.randn(n, n)

    def power(steps):
        u = torch.randn(n)
        for _ in range(steps):
            v = torch.nn.functional.normalize(w.T @ u, dim=0)
            u = torch.nn.functional.normalize(w @ v, dim=0)
        return u @ (w @ v)

    yield "torch power iteration, 20 steps", lambda: power(20)
    yield "scipy svds k=1 tol=1e-4", lambda: ssl.svds(w.numpy(), 1, tol=1e-4)


def mix(z):
    """SplitMix64 (Steele, Lea and Flood, 2014): the same reservoir in every language."""
    z = z + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def radius_case(n, degree):
    place = mix(np.arange(n * degree, dtype=np.uint64))
    values = (mix(place) >> np.uint64(11)).astype(float) * 2.0**-52 - 1
    columns = (place % np.uint64(n)).astype(np.int64)
    w = ss.csr_matrix(ss.coo_matrix((values, (np.repeat(np.arange(n), degree), columns)), shape=(n, n)))
    start = np.random.default_rng(0).standard_normal(n)
    # Both to the residual we ask for; 40 vectors is our basis, None is ARPACK's own choice.
    for basis in (40, None):
        yield f"scipy eigs k=1 tol=1e-10 ncv={basis}", lambda basis=basis: abs(ssl.eigs(w, 1, which="LM", tol=1e-10, ncv=basis, maxiter=20 * n, v0=start, return_eigenvectors=False)[0])


def convolution_case(inputs, outputs, kernel, size):
    w = rng.standard_normal((outputs, inputs, kernel, kernel)) * np.sqrt(2 / (inputs * kernel * kernel))

    def over_frequencies():
        # Sedghi, Gupta and Long, 2019: a two-dimensional FFT of the kernel, then the singular values of every channel matrix.
        return np.linalg.svd(np.fft.fft2(w, (size, size), axes=(2, 3)).transpose(2, 3, 0, 1), compute_uv=False).max()

    def direct():
        # The transform as the sum over the taps that it is, at the half of the frequencies that a real kernel needs.
        p = np.exp(-2j * np.pi * np.outer(np.arange(size), np.arange(kernel)) / size)
        return np.linalg.svd(np.einsum("oixy,ax,by->aboi", w, p[: size // 2 + 1], p, optimize=True), compute_uv=False).max()

    yield "numpy fft2 + svd", over_frequencies
    yield "numpy direct sum + svd, half the frequencies", direct


def fill_case(rows, cols):
    w = torch.empty(rows, cols)
    g = np.random.default_rng(0)
    out = np.empty((rows, cols), np.float32)
    yield "torch kaiming_normal_", lambda: torch.nn.init.kaiming_normal_(w)
    yield "torch kaiming_uniform_", lambda: torch.nn.init.kaiming_uniform_(w)
    yield "torch trunc_normal_", lambda: torch.nn.init.trunc_normal_(w)
    yield "numpy standard_normal", lambda: g.standard_normal(dtype=np.float32, out=out)


def orthogonal_case(rows, cols):
    w = torch.empty(rows, cols)
    yield "torch orthogonal_", lambda: torch.nn.init.orthogonal_(w)


CASES = {
    "cov-f32-60000x784": lambda: covariance_case(60000, 784, np.float32),
    "cov-f64-60000x784": lambda: covariance_case(60000, 784, np.float64),
    "cov-f64-500000x64": lambda: covariance_case(500000, 64, np.float64),
    "cov-f32-20000x2048": lambda: covariance_case(20000, 2048, np.float32),
    **{f"eigh-{d}": (lambda d=d: eigh_case(d)) for d in (64, 256, 784, 1024, 2048)},
    **{f"eigvals-{d}": (lambda d=d: eigvals_case(d)) for d in (64, 256, 784, 2048)},
    **{f"svd-{d}": (lambda d=d: svd_case(d)) for d in (512, 1024)},
    "top64-784-decaying": lambda: top_case(784, 64, symmetric),
    "top64-2048-decaying": lambda: top_case(2048, 64, symmetric),
    "top64-2048-flat": lambda: top_case(2048, 64, wishart),
    "top16-4096-decaying": lambda: top_case(4096, 16, symmetric),
    "pca128-f32-60000x784": lambda: pca_case(60000, 784, 128, np.float32),
    "pca128-f64-60000x784": lambda: pca_case(60000, 784, 128, np.float64),
    "pca64-f32-2000x20000": lambda: pca_case_wide(2000, 20000, 64),
    "norm2-f32-4096": lambda: norm_case(4096),
    "radius-10000-sparse": lambda: radius_case(10000, 10),
    "convnorm-3x3x64x64-32x32": lambda: convolution_case(64, 64, 3, 32),
    "convnorm-7x7x3x64-112x112": lambda: convolution_case(3, 64, 7, 112),
    "convnorm-3x3x256x256-14x14": lambda: convolution_case(256, 256, 3, 14),
    "fill-f32-4096x4096": lambda: fill_case(4096, 4096),
    "orthogonal-f32-1024": lambda: orthogonal_case(1024, 1024),
    "orthogonal-f32-2048": lambda: orthogonal_case(2048, 2048),
    "orthogonal-f32-4096x512": lambda: orthogonal_case(4096, 512),
}


def pca_case_wide(n, d, k):
    x = (rng.standard_normal((n, 200)).astype(np.float32) * (np.arange(1, 201) ** -0.7).astype(np.float32)) @ rng.standard_normal((200, d)).astype(np.float32)
    x += 0.01 * rng.standard_normal((n, d)).astype(np.float32)
    t = torch.from_numpy(x)

    def gram():
        c = x - x.mean(0)
        w, u = sl.eigh(c @ c.T, subset_by_index=[n - k, n - 1])
        return (c.T @ u) / np.sqrt(w)

    yield "numpy Gram + eigh subset", gram
    yield "sklearn PCA randomized", lambda: PCA(k, svd_solver="randomized", random_state=0).fit(x)
    yield "torch.pca_lowrank niter=2", lambda: torch.pca_lowrank(t, k, niter=2)


def serve(case):
    peers = list(CASES[case]())
    for _, run in peers:
        run()
    versions = {"numpy": np.__version__, "scipy": scipy.__version__, "sklearn": sklearn.__version__, "torch": torch.__version__}
    print(json.dumps({"peers": [name for name, _ in peers], "versions": versions}), flush=True)
    runs = [1] * len(peers)
    for line in sys.stdin:
        peer = int(line)
        start = time.perf_counter()
        for _ in range(runs[peer]):
            peers[peer][1]()
        seconds = (time.perf_counter() - start) / runs[peer]
        runs[peer] = int(min(1000, max(1, 0.01 / seconds)))
        print(json.dumps(seconds), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--serve", metavar="CASE")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("cases", nargs="*")
    args = parser.parse_args()
    if args.serve:
        serve(args.serve)
        return
    if args.list:
        print("\n".join(CASES))
        return
    for name in args.cases or CASES:
        for peer, run in CASES[name]():
            run()
            times = []
            for _ in range(args.repeats):
                start = time.perf_counter()
                run()
                times.append(time.perf_counter() - start)
            print(json.dumps({"case": name, "peer": peer, "median_s": sorted(times)[len(times) // 2], "best_s": min(times)}), flush=True)


if __name__ == "__main__":
    sys.exit(main())

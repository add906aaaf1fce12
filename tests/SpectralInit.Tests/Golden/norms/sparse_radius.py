"""Spectral radii of sparse random matrices (reservoirs) from all eigenvalues: numpy.linalg.eigvals (LAPACK dgeev) of the matrix written out.

Row i has ten entries, at mixed(seed, 10i + e) mod n with values in [-1, 1); two at one place add up. One line per matrix: n, seed, radius, second largest modulus off its pair.
"""
import pathlib

import numpy as np

MASK = np.uint64(0xFFFFFFFFFFFFFFFF)


def mix(z):
    z = (z + np.uint64(0x9E3779B97F4A7C15)) & MASK
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


lines = []
for n in (600, 1500):
    for seed in range(6):
        place = mix(np.arange(10 * n, dtype=np.uint64) + np.uint64(seed << 32))
        values = (mix(place) >> np.uint64(11)).astype(float) * 2.0**-52 - 1
        a = np.zeros((n, n))
        np.add.at(a, (np.repeat(np.arange(n), 10), (place % np.uint64(n)).astype(np.int64)), values)
        moduli = np.sort(np.abs(np.linalg.eigvals(a)))[::-1]
        others = moduli[moduli < moduli[0] * (1 - 1e-9)]
        lines.append(f"{n} {seed} {moduli[0]:.17g} {others[0]:.17g}")
pathlib.Path(__file__).with_suffix(".txt").write_text("\n".join(lines) + "\n")

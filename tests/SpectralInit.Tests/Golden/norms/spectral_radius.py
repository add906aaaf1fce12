"""Spectral radii of 1,000 Gaussian matrices by numpy.linalg.eigvals, for SpectralRadiusTests.

Matrix m (0 ... 999) is k x k with k = 2 + m % 49. Entry e (row-major) is sqrt(-2 ln u1) cos(2 pi u2) with
u1 = 1 - (mix(m << 32 | 2 e) >> 11) / 2^53, u2 = (mix(m << 32 | 2 e + 1) >> 11) / 2^53, mix being SplitMix64's output function:
the test draws the same matrices itself, up to the last bits of log and cos.

    python3 spectral_radius.py > spectral_radius.txt
"""
import numpy as np


def mix(z):
    z = (z + np.uint64(0x9E3779B97F4A7C15)).astype(np.uint64)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def gaussian(m, k):
    base = (np.uint64(m) << np.uint64(32)) + 2 * np.arange(k * k, dtype=np.uint64)
    unit = np.float64(1 / 2**53)
    u1 = 1 - (mix(base) >> np.uint64(11)).astype(np.float64) * unit
    u2 = (mix(base + np.uint64(1)) >> np.uint64(11)).astype(np.float64) * unit
    return (np.sqrt(-2 * np.log(u1)) * np.cos(2 * np.pi * u2)).reshape(k, k)


for m in range(1000):
    values = np.linalg.eigvals(gaussian(m, 2 + m % 49))
    top = values[np.argmax(np.abs(values))]
    print(f"{np.abs(top):.17g} {'pair' if abs(top.imag) > 1e-12 else 'real'}")

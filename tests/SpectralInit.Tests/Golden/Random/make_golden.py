#!/usr/bin/env python3
"""Random fills by docs/random.md, written again from the text: exact rational arithmetic for every fused step, NumPy scalars for the others.

    python3 make_golden.py > fills.txt

Each line: distribution type seed stream offset, then the bits of 70 consecutive elements in hexadecimal.
"""
from fractions import Fraction
import math
import numpy as np


def philox(seed, stream, block):
    m32 = 0xFFFFFFFF
    c = [block & m32, block >> 32, stream & m32, stream >> 32]
    k = [seed & m32, seed >> 32]
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(p1 >> 32) ^ c[1] ^ k[0], p1 & m32, (p0 >> 32) ^ c[3] ^ k[1], p0 & m32]
        k = [(k[0] + 0x9E3779B9) & m32, (k[1] + 0xBB67AE85) & m32]
    return c


def rounded(x, T):
    """A rational, rounded once to nearest, ties to even."""
    if T is np.float64:
        return np.float64(x.numerator / x.denominator)
    near = np.float32(float(x))
    best = min((near, np.nextafter(near, np.float32(-np.inf)), np.nextafter(near, np.float32(np.inf))),
               key=lambda v: (abs(Fraction(float(v)) - x), int(v.view(np.uint32)) & 1))
    return best


def fma(a, b, c):
    T = type(a)
    exact = Fraction(float(a)) * Fraction(float(b)) + Fraction(float(c))
    return rounded(exact, T) if exact != 0 else T(0)


def split(x):
    """x = 2^e (1 + f), 1 + f in [sqrt(1/2), sqrt(2))."""
    T = type(x)
    m, e = np.frexp(x)
    if T is np.float32:
        low = np.uint32(0x3F3504F3).view(np.float32)
    else:
        low = np.uint64(0x3FE6A09E667F3BCD).view(np.float64)
    if m < low:
        m, e = T(m + m), e - 1
    return T(int(e)), T(m - T(1))


def horner(first, rest, z):
    T = type(z)
    p = T(first)
    for c in rest:
        p = fma(p, z, T(c))
    return p


def log(e, f):
    T = type(f)
    s = T(f / T(f + T(2)))
    z = T(s * s)
    terms = [2.0 / k for k in (range(9, 2, -2) if T is np.float32 else range(21, 2, -2))]
    p = horner(terms[0], terms[1:], z)
    return fma(e, T(math.log(2)), fma(s, T(p * z), T(s + s)))


def sincos(r):
    T = type(r)
    z = T(r * r)
    single = T is np.float32
    a = [(-1) ** k / math.factorial(2 * k + 1) for k in range(4 if single else 8, 0, -1)]
    b = [(-1) ** k / math.factorial(2 * k) for k in range(5 if single else 8, 0, -1)] + [1.0]
    return fma(T(horner(a[0], a[1:], z) * z), r, r), horner(b[0], b[1:], z)


def pair(x, y, T):
    if T is np.float32:
        e, f = split(T(T(x) + T(0.5)))
        e = T(e - T(32))
        if e == 0:
            signed = x - (1 << 32) if x >> 31 else x
            f = T(T(T(signed) + T(0.5)) * T(2.0 ** -32))
        rest = (y << 2 & 0xFFFFFFFF) | 2
        rest = rest - (1 << 32) if rest >> 31 else rest
        angle = T(T(rest) * T(math.pi / 2 / 2.0 ** 32))
        quarter = (y + (1 << 29) >> 30) % 4
    else:
        e, f = split(T((2 * (x >> 12) + 1) * 2.0 ** -53))
        turn = T((2 * ((y << 2 & (1 << 64) - 1 ^ 1 << 63) >> 12) + 1 - (1 << 52)) * 2.0 ** -53)
        angle = T(turn * T(math.pi / 2))
        quarter = (y + (1 << 61) >> 62) % 4
    r = np.sqrt(T(log(e, f) * T(-2)))
    s, c = sincos(angle)
    s, c = [(s, c), (c, -s), (-s, -c), (-c, s)][quarter]
    return T(r * c), T(r * s)


def element(kind, T, seed, stream, i, a, b):
    if T is np.float32:
        tile, within = divmod(i, 64)
        word, j = divmod(within, 16)
        words = philox(seed, stream, 16 * tile + j)
    else:
        tile, within = divmod(i, 16)
        word, j = divmod(within, 8)
        x = philox(seed, stream, 8 * tile + j)
        words = [x[0] << 32 | x[1], x[2] << 32 | x[3]]
    if kind == "normal":
        even = word & ~1
        return fma(pair(words[even], words[even + 1], T)[word & 1], T(b), T(a))
    low, high = T(a), T(b)
    if T is np.float32:
        v = T((words[word] >> 8) - 8388607.5) * T(2.0 ** -23)
    else:
        v = T((2 * (words[word] >> 12) + 1 - (1 << 52)) * 2.0 ** -52)
    value = fma(T(v), T(0.5 * b - 0.5 * a), T(0.5 * a + 0.5 * b))
    return max(low, min(np.nextafter(high, T(-np.inf)), value))


np.seterr(all="ignore")
for kind, a, b in (("normal", 0.0, 1.0), ("normal", 0.25, 0.02), ("uniform", 0.0, 1.0), ("uniform", -0.05, 0.05)):
    for T in (np.float32, np.float64):
        for seed, stream, offset in ((0, 0, 0), (0x0123456789ABCDEF, 0xFEDCBA9876543210, (1 << 33) + 5)):
            U = np.uint32 if T is np.float32 else np.uint64
            bits = ["%x" % int(T(element(kind, T, seed, stream, offset + k, a, b)).view(U)) for k in range(70)]
            print(kind, T.__name__, a, b, seed, stream, offset, *bits)

"""Singular values by LAPACK (numpy) and, for matrices with graded rows or columns, to 240 digits (mpmath).

Run: python3 svd.py > svd.json. Needs numpy and mpmath.
"""
import json

import mpmath
import numpy as np

rng = np.random.default_rng(20)
mpmath.mp.dps = 240


def exact(matrix):
    return [float(value) for value in mpmath.svd_r(mpmath.matrix(matrix.tolist()), compute_uv=False)]


def case(name, matrix, values):
    return {"name": name, "rows": matrix.shape[0], "columns": matrix.shape[1], "matrix": matrix.ravel().tolist(), "values": sorted(values, reverse=True)}


def grades(count, decades):
    return 10.0 ** np.linspace(0, -decades, count)


lapack = []
for rows, columns in ((9, 9), (30, 20), (15, 40)):
    matrix = rng.standard_normal((rows, columns))
    lapack.append(case(f"random {rows}x{columns}", matrix, np.linalg.svd(matrix, compute_uv=False).tolist()))
deficient = rng.standard_normal((24, 6)) @ rng.standard_normal((6, 18))
lapack.append(case("rank 6 of 18", deficient, np.linalg.svd(deficient, compute_uv=False).tolist()))

graded = []
for decades in (14, 40, 100):
    square = rng.standard_normal((12, 12))
    graded.append(case(f"rows over {decades} decades", grades(12, decades)[:, None] * square, exact(grades(12, decades)[:, None] * square)))
    graded.append(case(f"columns over {decades} decades", square * grades(12, decades), exact(square * grades(12, decades))))
    shuffled = rng.permutation(grades(12, decades))[:, None] * square
    graded.append(case(f"shuffled rows over {decades} decades", shuffled, exact(shuffled)))
    tall = rng.standard_normal((20, 9)) * grades(9, decades)
    graded.append(case(f"columns of a tall one over {decades} decades", tall, exact(tall)))
    wide = grades(9, decades)[:, None] * rng.standard_normal((9, 20))
    graded.append(case(f"rows of a wide one over {decades} decades", wide, exact(wide)))

print(json.dumps({"lapack": lapack, "graded": graded}))

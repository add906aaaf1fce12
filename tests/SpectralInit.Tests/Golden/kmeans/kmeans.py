#!/usr/bin/env python3
"""Writes kmeans.json: rows around a few directions and the best spherical inertia scikit-learn's KMeans finds on them in 20 starts."""
import json, os
import numpy as np
from sklearn.cluster import KMeans

rng = np.random.default_rng(5)
directions = rng.standard_normal((8, 6))
rows = np.round((directions[rng.integers(8, size=400)] + 0.5 * rng.standard_normal((400, 6))) * rng.uniform(0.5, 3, (400, 1)), 4)
unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
labels = KMeans(8, n_init=20, random_state=0).fit(unit).labels_
inertia = 2 * (len(unit) - sum(np.linalg.norm(unit[labels == c].sum(0)) for c in range(8)))
json.dump({"rows": rows.ravel().tolist(), "columns": 6, "clusters": 8, "inertia": inertia}, open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "kmeans.json"), "w"))

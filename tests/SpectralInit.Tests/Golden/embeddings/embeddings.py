#!/usr/bin/env python3
"""Writes embeddings.json: co-occurrence, PPMI and its singular values by NumPy and SciPy's svds.

One text is made here and stored as word numbers; of tinyshakespeare (first argument, optional) only the results are stored.
"""
import collections, json, os, re, sys
import numpy as np, scipy.sparse as sp, scipy.sparse.linalg as ssl


def count(tokens, window, minimum, weight):
    frequency = collections.Counter(tokens)
    words = sorted((w for w in frequency if frequency[w] >= minimum), key=lambda w: (-frequency[w], w))
    number = {w: i for i, w in enumerate(words)}
    text = [number[t] for t in tokens if t in number]
    pairs = collections.defaultdict(float)
    for i, centre in enumerate(text):
        for j in range(max(0, i - window), min(len(text), i + window + 1)):
            if j != i:
                pairs[centre, text[j]] += weight(abs(i - j), window)
    rows, cols = zip(*pairs)
    return words, sp.csr_matrix((list(pairs.values()), (rows, cols)), shape=(len(words), len(words)))


def ppmi(counts, shift, smoothing):
    coo = counts.tocoo()
    total = coo.data.sum()
    word = np.asarray(counts.sum(1)).ravel() / total
    context = np.asarray(counts.sum(0)).ravel() ** smoothing
    context /= context.sum()
    values = np.log(coo.data / total / (word[coo.row] * context[coo.col])) - np.log(shift)
    keep = values > 0
    return sp.csr_matrix((values[keep], (coo.row[keep], coo.col[keep])), shape=counts.shape)


def results(tokens, window, minimum, weight, shift, smoothing, k):
    words, counts = count(tokens, window, minimum, weight)
    matrix = ppmi(counts, shift, smoothing)
    u, s, _ = ssl.svds(matrix, k, tol=1e-13, maxiter=20000, random_state=0)
    order = np.argsort(-s)
    u, s = u[:, order], s[order]
    vectors = u * np.sqrt(s)
    gram = vectors[:5] @ vectors[:5].T  # free of signs
    return {
        "words": len(words), "first": words[:10], "pairs": int(counts.nnz), "total": float(counts.sum()), "positive": int(matrix.nnz),
        "information": float(matrix.sum()), "singular": s.tolist(), "gram": gram.ravel().tolist(),
    }


harmonic = lambda distance, window: 1 / distance
linear = lambda distance, window: (window - distance + 1) / window
rng = np.random.default_rng(3)
made = (rng.zipf(1.4, 3000) % 80).tolist()
tokens = [f"w{n}" for n in made]
out = {
    "made": made,
    "harmonic": results(tokens, 4, 3, harmonic, 1, 0.75, 12),
    "linear": results(tokens, 2, 1, linear, 2, 1.0, 12),
}
if len(sys.argv) > 1:
    shakespeare = re.findall("[a-z']+", open(sys.argv[1]).read().lower())
    out["shakespeare"] = results(shakespeare, 5, 5, harmonic, 1, 0.75, 50)
json.dump(out, open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "embeddings.json"), "w"))

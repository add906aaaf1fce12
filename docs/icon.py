"""Draws icon.png, the picture of the package: a scree plot, eigenvalues falling as 1/k, the leading ones in color. Needs the standard library alone.

    python3 docs/icon.py
"""
import pathlib
import struct
import zlib

SIZE, SAMPLES = 128, 4
BACK, LEADING, REST, LINE = (22, 38, 63), (255, 176, 59), (108, 137, 178), (235, 240, 248)
BARS = [(16 + 14 * k, 26 + 14 * k, 1 / (1 + 0.9 * k) ** 0.95) for k in range(7)]
BASE, HEIGHT = 108, 86


def color(x, y):
    """What lies at a point; y runs down."""
    r = 22
    cx, cy = min(max(x, r), SIZE - r), min(max(y, r), SIZE - r)
    if (x - cx) ** 2 + (y - cy) ** 2 > r * r:
        return None
    tops = [((a + b) / 2, BASE - HEIGHT * value) for a, b, value in BARS]
    for (x0, y0), (x1, y1) in zip(tops, tops[1:]):
        t = min(max(((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / ((x1 - x0) ** 2 + (y1 - y0) ** 2), 0), 1)
        if (x - x0 - t * (x1 - x0)) ** 2 + (y - y0 - t * (y1 - y0)) ** 2 < 1.5**2:
            return LINE
    if any((x - px) ** 2 + (y - py) ** 2 < 3.4**2 for px, py in tops):
        return LINE
    for k, (a, b, value) in enumerate(BARS):
        if a <= x < b and BASE - HEIGHT * value <= y < BASE:
            return LEADING if k < 3 else REST
    return BACK


def pixel(column, row):
    points = [color(column + (i + 0.5) / SAMPLES, row + (j + 0.5) / SAMPLES) for i in range(SAMPLES) for j in range(SAMPLES)]
    inside = [p for p in points if p]
    if not inside:
        return bytes(4)
    return bytes([round(sum(p[c] for p in inside) / len(inside)) for c in range(3)] + [round(255 * len(inside) / len(points))])


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


rows = b"".join(b"\0" + b"".join(pixel(column, row) for column in range(SIZE)) for row in range(SIZE))
header = struct.pack(">IIBBBBB", SIZE, SIZE, 8, 6, 0, 0, 0)
png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")
pathlib.Path(__file__).with_name("icon.png").write_bytes(png)

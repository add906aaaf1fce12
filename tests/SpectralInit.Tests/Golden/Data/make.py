"""Writes the .npy, IDX and safetensors files that the readers are tested against. Run in this folder with NumPy."""
import gzip
import json
import struct

import numpy as np

rows = np.arange(12).reshape(4, 3) - 5
for kind in ["f8", "f4", "f2", "i1", "i2", "i4", "i8"]:
    np.save(f"{kind}.npy", rows.astype("<" + kind))
for kind in ["u1", "u2", "u4", "u8"]:
    np.save(f"{kind}.npy", (rows + 250).astype("<" + kind))
for kind in ["f4", "f8", "i2", "u4"]:
    np.save(f"big-{kind}.npy", np.abs(rows).astype(">" + kind))
np.save("bool.npy", rows > 0)
np.save("fortran.npy", np.asfortranarray(rows / 7))
np.save("fortran3.npy", np.asfortranarray(np.zeros((2, 3, 4))))
np.save("cube.npy", np.arange(24.0).reshape(2, 3, 4))
np.save("vector.npy", np.arange(5.0))
np.save("scalar.npy", np.float64(3))
np.save("empty.npy", np.zeros((0, 7), np.float32))
np.save("complex.npy", np.zeros((2, 2), complex))
np.save("structured.npy", np.zeros(3, [("x", "f4"), ("y", "f4")]))
for version in [(2, 0), (3, 0)]:
    with open(f"version{version[0]}.npy", "wb") as file:
        np.lib.format.write_array(file, rows / 7, version)

images = (np.arange(2 * 3 * 4) * 10).astype(np.uint8).reshape(2, 3, 4)
idx = struct.pack(">HBBIII", 0, 8, 3, 2, 3, 4) + images.tobytes()
open("images.idx", "wb").write(idx)
gzip.GzipFile("images.idx.gz", "wb", mtime=0).write(idx)
open("floats.idx", "wb").write(struct.pack(">HBBII", 0, 0x0D, 2, 4, 3) + (rows / 7).astype(">f4").tobytes())
open("labels.idx", "wb").write(struct.pack(">HBBI", 0, 8, 1, 5) + bytes([7, 2, 1, 0, 4]))

# As the reference implementation lays it out (https://huggingface.co/docs/safetensors).
a, b = (rows / 7).astype("<f4"), np.array([1, -2, 3], "<i8")
bf16 = (np.array([1.5, -2.0], "<f4").view("<u4") >> 16).astype("<u2")
header = {
    "__metadata__": {"format": "pt"},
    "fc1.weight": {"dtype": "F32", "shape": [4, 3], "data_offsets": [0, 48]},
    "steps": {"dtype": "I64", "shape": [3], "data_offsets": [48, 72]},
    "half": {"dtype": "BF16", "shape": [2], "data_offsets": [72, 76]},
}
text = json.dumps(header).encode()
text += b" " * (-len(text) % 8)
open("model.safetensors", "wb").write(struct.pack("<Q", len(text)) + text + a.tobytes() + b.tobytes() + bf16.tobytes())

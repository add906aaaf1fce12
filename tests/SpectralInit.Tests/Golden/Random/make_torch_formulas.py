#!/usr/bin/env python3
"""What torch.nn.init documents, computed by it: python3 make_torch_formulas.py > torch-formulas.txt"""
import math
import torch
from torch.nn import init

for name, slope in (("linear", None), ("sigmoid", None), ("tanh", None), ("relu", None), ("leaky_relu", 0.01), ("leaky_relu", 0.2), ("leaky_relu", 10.0), ("selu", None)):
    print("gain", name, slope if slope is not None else 0, repr(init.calculate_gain(name, slope)))
for dims in ((5, 3), (1, 7), (7, 1), (64, 3, 7, 7), (8, 4, 3), (6, 2, 3, 2, 5)):
    fan_in, fan_out = init._calculate_fan_in_and_fan_out(torch.empty(*dims))
    print("fan", ",".join(map(str, dims)), fan_in, fan_out)
    print("xavier", ",".join(map(str, dims)), repr(math.sqrt(2.0 / (fan_in + fan_out))), repr(math.sqrt(6.0 / (fan_in + fan_out))))
    gain = init.calculate_gain("leaky_relu", 0)
    print("he", ",".join(map(str, dims)), repr(gain / math.sqrt(fan_in)), repr(math.sqrt(3.0) * gain / math.sqrt(fan_in)))
for dims, groups in (((4, 4, 3), 1), ((6, 2, 3, 3), 2), ((2, 5, 3, 1, 2), 1), ((6, 2, 4), 3)):
    print("dirac", ",".join(map(str, dims)), groups, ",".join("%d" % v for v in init.dirac_(torch.empty(*dims), groups).flatten().tolist()))

"""What the parity scripts share: reproducible inputs, and how results are written.

Inputs come from an integer formula that the tests repeat (src/testing/suites/parity.ts), so that PyTorch and the
engine begin with the same bits; only PyTorch's results are stored.
"""

import base64
import json
from pathlib import Path

import numpy
import torch

ROOT = Path(__file__).resolve().parents[2]


def words(salt, count):
    """`count` well-mixed 32-bit words (the finaliser of MurmurHash3 over a counter)."""
    mixed = (numpy.arange(count, dtype=numpy.uint64) + numpy.uint64(salt) * numpy.uint64(0x10001) + numpy.uint64(1)) & 0xFFFFFFFF
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        mixed ^= mixed >> numpy.uint64(shift)
        mixed = (mixed * numpy.uint64(factor)) & numpy.uint64(0xFFFFFFFF)
    return (mixed ^ (mixed >> numpy.uint64(16))).astype(numpy.uint32)


def noise(salt, shape):
    """Uniform on [-0.5, 0.5), in steps of 2^-24: every value is a float32."""
    values = (words(salt, int(numpy.prod(shape))) >> 8).astype(numpy.float32) / numpy.float32(2**24) - numpy.float32(0.5)
    return torch.from_numpy(values.reshape(shape))


def byte_noise(salt, shape):
    """Uniform bytes."""
    return torch.from_numpy((words(salt, int(numpy.prod(shape))) >> 24).astype(numpy.uint8).reshape(shape))


def pcg4d(*given):
    """Four arrays of 32-bit words of four others (src/base/counter-random.ts)."""
    def mix(x, y, z, w):
        x = (x + y * w) & 0xFFFFFFFF
        y = (y + z * x) & 0xFFFFFFFF
        z = (z + x * y) & 0xFFFFFFFF
        w = (w + y * z) & 0xFFFFFFFF
        return x, y, z, w

    # Products wrap round at 2^64, which leaves their lowest 32 bits right.
    begun = [(numpy.asarray(v).astype(numpy.uint64) * 1664525 + 1013904223) & 0xFFFFFFFF for v in given]
    return mix(*(v ^ (v >> 16) for v in mix(*begun)))


def encode(tensor):
    """Base64 of a tensor's float32 values, little-endian, in PyTorch's own order."""
    values = tensor.detach().to(torch.float32).contiguous().numpy()
    return base64.b64encode(values.astype('<f4').tobytes()).decode('ascii')


def write(path, value):
    target = ROOT / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(value, indent=1, sort_keys=True) + '\n')
    print(f'{path}: {target.stat().st_size} bytes')

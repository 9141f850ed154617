"""The engine's dropout in PyTorch."""

import numpy
import torch
from torch import nn

from fixture import pcg4d


class Dropout2d(nn.Module):
    """nn.Dropout2d with the engine's draws (src/engine/dropout.ts)."""

    def __init__(self, rate, layer):
        super().__init__()
        self.rate, self.layer = rate, layer

    def draw_at(self, seed, step):
        self.seed, self.step = seed, step

    def forward(self, x):
        if not self.training:
            return x
        images, channels = x.shape[:2]
        vectors = -(-channels // 4)
        image, vector = numpy.divmod(numpy.arange(images * vectors), vectors)
        place = (self.layer << 16) | vector
        words = pcg4d(image, place, numpy.full_like(place, self.step), numpy.full_like(place, self.seed))
        words = numpy.stack(words, 1).reshape(images, 4 * vectors)[:, :channels]
        kept = torch.from_numpy(words >= int(self.rate * 2**32)).to(torch.float32)
        return x * (kept / (1 - self.rate))[:, :, None, None]

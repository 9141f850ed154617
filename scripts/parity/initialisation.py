"""Statistics of PyTorch's initialisers over many draws, for the test of src/training/initialise.ts."""

import torch
from torch import nn

from fixture import write

DRAWS = 200
SHAPES = [[16, 3, 3, 3], [32, 16, 3, 3], [64, 64, 3, 3], [10, 64]]


def kaiming_normal(shape):
    torch.manual_seed(1)
    draws = torch.stack([nn.init.kaiming_normal_(torch.empty(shape)) for _ in range(DRAWS)]).to(torch.float64)
    standard = draws / draws.std()
    return {
        'shape': shape,
        'values': draws.numel(),
        'mean': draws.mean().item(),
        'deviation': draws.std().item(),
        # Of a normal distribution: 0.6827 within one deviation, 0.9545 within two, kurtosis 3.
        'withinOne': (standard.abs() < 1).to(torch.float64).mean().item(),
        'withinTwo': (standard.abs() < 2).to(torch.float64).mean().item(),
        'kurtosis': (standard**4).mean().item(),
    }


layer = nn.BatchNorm2d(4)
write('src/testing/fixtures/initialisation.json', {
    'kaimingNormal': [kaiming_normal(shape) for shape in SHAPES],
    'batchNorm': {
        'weight': layer.weight[0].item(),
        'bias': layer.bias[0].item(),
        'runningMean': layer.running_mean[0].item(),
        'runningVariance': layer.running_var[0].item(),
        'epsilon': layer.eps,
        'momentum': layer.momentum,
    },
})

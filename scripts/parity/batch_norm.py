"""torch.nn.BatchNorm2d in training at odd shapes: output, gradients, running statistics after two batches."""

import torch

from fixture import encode, noise, write

SHAPES = [[3, 6, 5, 7], [2, 1, 3, 3], [5, 19, 1, 1], [1, 4, 9, 2]]  # [batch, channels, height, width]


def run(index, shape):
    channels = shape[1]
    layer = torch.nn.BatchNorm2d(channels)
    salt = 1000 * (index + 1)
    with torch.no_grad():
        layer.weight.copy_(1 + noise(salt, [channels]))
        layer.bias.copy_(noise(salt + 1, [channels]))
    # The mean is far from zero against the deviation, as it is after a ReLU.
    first, second = (3 * noise(salt + 2 + i, shape) + 2 for i in range(2))
    layer(first)
    x = second.requires_grad_()
    y = layer(x)
    y.backward(noise(salt + 4, shape))
    return {
        'shape': shape,
        'salt': salt,
        'output': encode(y),
        'inputGradient': encode(x.grad),
        'scaleGradient': encode(layer.weight.grad),
        'shiftGradient': encode(layer.bias.grad),
        'runningMean': encode(layer.running_mean),
        'runningVariance': encode(layer.running_var),
    }


write('src/testing/fixtures/batch-norm.json', [run(i, shape) for i, shape in enumerate(SHAPES)])

"""The exported script's batch norm in two processes (gloo) beside PyTorch's own in one: `compare_batch_norm.py train.py`.

For channels of several means and standard deviations: the largest differences of the output, the gradients and the
running statistics, relative to the largest value in float64. Prints a JSON object; ends with 1 above LIMIT.
"""

import importlib.util
import json
import os
import sys

import torch
import torch.distributed as dist
import torch.multiprocessing as multiprocessing
from torch import nn

MOMENTS = [(0, 1), (10, 0.01), (1000, 1), (-1000, 1)]
IMAGES = 32
# Uneven, as the last batch of an epoch is.
SHARES = [20, 12]
LIMIT = 1e-3


def batch():
    generator = torch.Generator().manual_seed(1)
    draw = lambda: torch.randn((IMAGES, len(MOMENTS), 16, 16), generator=generator)
    mean, sd = (torch.tensor(values).float().reshape(1, -1, 1, 1) for values in zip(*MOMENTS))
    # Of a loss: neither its sum nor its product with the input is 0.
    return draw() * sd + mean, draw() + 0.5


def results(norm, x, gradient):
    x = x.clone().requires_grad_()
    norm.weight.data = torch.linspace(0.5, 2, len(MOMENTS), dtype=x.dtype)
    norm.bias.data = torch.linspace(-1, 1, len(MOMENTS), dtype=x.dtype)
    y = norm(x)
    y.backward(gradient)
    return {
        'y': y.detach(),
        'dx': x.grad,
        'dweight': norm.weight.grad,
        'dbias': norm.bias.grad,
        'running_mean': norm.running_mean,
        'running_var': norm.running_var,
    }


def process(rank, path, port, found):
    os.environ.update(MASTER_ADDR='127.0.0.1', MASTER_PORT=str(port))
    torch.set_num_threads(1)
    dist.init_process_group('gloo', rank=rank, world_size=len(SHARES))
    x, gradient = (part.split(SHARES)[rank] for part in batch())
    part = results(load_script(path).BatchNorm(len(MOMENTS)), x, gradient)
    for name in ['dweight', 'dbias']:
        dist.all_reduce(part[name])
    torch.save(part, f'{found}.{rank}')
    dist.destroy_process_group()


def load_script(path):
    spec = importlib.util.spec_from_file_location('train', path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def by_channel(values, wanted):
    """The largest difference of each channel, relative to its largest value."""
    axes = (0, 2, 3) if wanted.dim() == 4 else ()
    largest = lambda tensor: tensor.abs().amax(axes) if axes else tensor.abs()
    return (largest(values.double() - wanted) / largest(wanted)).tolist()


def main():
    import socket
    import tempfile

    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        port = free.getsockname()[1]
    path = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        found = os.path.join(folder, 'found')
        multiprocessing.spawn(process, (path, port, found), nprocs=len(SHARES))
        parts = [torch.load(f'{found}.{rank}') for rank in range(len(SHARES))]
    together = {name: torch.cat([part[name] for part in parts]) if name in ['y', 'dx'] else parts[0][name] for name in parts[0]}
    x, gradient = batch()
    alone = results(nn.BatchNorm2d(len(MOMENTS)), x, gradient)
    exact = results(nn.BatchNorm2d(len(MOMENTS)).double(), x.double(), gradient.double())
    table = {
        'moments': MOMENTS,
        'two processes': {name: by_channel(together[name], exact[name]) for name in exact},
        'PyTorch in one': {name: by_channel(alone[name], exact[name]) for name in exact},
    }
    print(json.dumps(table))
    sys.exit(max(map(max, table['two processes'].values())) > LIMIT)


if __name__ == '__main__':
    main()

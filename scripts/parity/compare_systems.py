"""PyTorch's half of the comparison of the five systems: `compare_systems.py DATA OUT` after measure-systems.ts.

For each folder that it wrote: builds the author's network (systems.py), loads the lab's exports with strict=True, and
prints a row of relative differences as Markdown. Beside those of gradients and of 20 losses stands what PyTorch's float32
differs from its own float64: a ReLU that falls on the other side of 0, and a high learning rate, enlarge rounding errors
in any implementation. The last step is therefore repeated from the lab's own state: its loss, and how it moves weights.
"""

import json
import sys
from pathlib import Path

import numpy
import torch
from torch.nn import functional

from dropout import Dropout2d
from systems import check_counts, create, normalise, optimiser
from weights_file import load

LIMITS = {'loss': 1e-5, 'gradients': 1e-3, 'losses': 1e-3, 'last loss': 1e-5, 'last update': 1e-3, 'logits': 1e-4}


def read_images(paths):
    records = numpy.concatenate([numpy.fromfile(path, numpy.uint8).reshape(-1, 3073) for path in paths])
    return torch.from_numpy(records[:, 1:].reshape(-1, 3, 32, 32)), torch.from_numpy(records[:, 0].astype(numpy.int64))


def relative(found, wanted):
    return float((found.double() - wanted.double()).norm() / wanted.double().norm())


class Recipe:
    """A preset's network, optimiser and batches, in float32 or float64."""

    def __init__(self, metrics, weights, images, labels, dtype):
        self.preset, self.batch, self.seed = metrics['preset'], metrics['batch'], metrics['seed']
        used = len(metrics['losses']) * self.batch
        self.images, self.labels = normalise(self.preset, images[:used], images).to(dtype), labels
        self.network = create(self.preset, metrics['identity'], metrics['classes'], metrics['width'])
        self.network.load_state_dict(load(weights), strict=True)
        self.network.to(dtype)
        self.optimiser = optimiser(self.preset, self.network)

    def step(self, number):
        """Loss and gradients of a step."""
        part = slice(number * self.batch, (number + 1) * self.batch)
        self.network.train()
        for module in self.network.modules():
            if isinstance(module, Dropout2d):
                module.draw_at(self.seed, number)
        self.optimiser.zero_grad()
        loss = functional.cross_entropy(self.network(self.images[part]), self.labels[part])
        loss.backward()
        gradients = {
            name: torch.zeros_like(p) if p.grad is None else p.grad.clone()
            for name, p in self.network.named_parameters()}
        self.optimiser.step()
        return loss.item(), gradients

    def remember(self, momentum):
        for name, parameter in self.network.named_parameters():
            self.optimiser.state[parameter]['momentum_buffer'] = momentum[name]


def largest_error(found, wanted):
    """Of all tensors; one that is rounding errors of others (the gradient of a bias before a batch norm) counts as 0."""
    norms = {name: float(tensor.norm()) for name, tensor in wanted.items()}
    nothing = 1e-5 * max(norms.values())
    assert set(found) == set(wanted), 'the lab has other parameters'
    for name, norm in norms.items():
        assert norm >= nothing or float(found[name].norm()) < nothing, name
    return max(relative(found[name], wanted[name]) for name, norm in norms.items() if norm >= nothing)


def deviation(found, wanted):
    return max(abs(a - b) / b for a, b in zip(found, wanted, strict=True))


def repeat_last(metrics, folder, train, errors):
    """The last step from the lab's own state."""
    recipe = Recipe(metrics, folder / 'before-last.safetensors', *train, torch.float32)
    recipe.remember(load(folder / 'momentum.safetensors'))
    before = {name: p.detach().clone() for name, p in recipe.network.named_parameters()}
    loss, _ = recipe.step(len(metrics['losses']) - 1)
    errors['last loss'] = deviation([metrics['losses'][-1]], [loss])
    after = load(folder / 'trained.safetensors')
    named = dict(recipe.network.named_parameters())
    errors['last update'] = largest_error(
        {name: after[name] - before[name] for name in named},
        {name: p.detach() - before[name] for name, p in named.items()})


def compare(folder, train, test):
    metrics = json.loads((folder / 'metrics.json').read_text())
    errors = {}
    runs = {}
    for dtype in (torch.float32, torch.float64):
        recipe = Recipe(metrics, folder / 'initial.safetensors', *train, dtype)
        runs[dtype] = [recipe.step(number) for number in range(len(metrics['losses']))]
    single, double = runs[torch.float32], runs[torch.float64]
    errors['loss'] = deviation(metrics['losses'][:1], [single[0][0]])
    errors['gradients'] = largest_error(load(folder / 'gradients.safetensors'), single[0][1])
    errors['gradients, own'] = largest_error(single[0][1], double[0][1])
    errors['losses'] = deviation(metrics['losses'], [loss for loss, _ in single])
    errors['losses, own'] = deviation([loss for loss, _ in single], [loss for loss, _ in double])
    repeat_last(metrics, folder, train, errors)

    network = Recipe(metrics, folder / 'trained.safetensors', *train, torch.float32).network.eval()
    with torch.no_grad():
        logits = network(normalise(metrics['preset'], test[0][:metrics['batch']], train[0]))
    errors['logits'] = relative(torch.tensor(metrics['logits']).reshape(logits.shape), logits)
    return metrics, errors


COLUMNS = ['loss', 'gradients', 'gradients, own', 'losses', 'losses, own', 'last loss', 'last update', 'logits']


def main(data, out):
    check_counts()
    torch.use_deterministic_algorithms(True)
    train = read_images([Path(data) / f'data_batch_{i}.bin' for i in range(1, 6)])
    test = read_images([Path(data) / 'test_batch.bin'])
    print(f'| preset | stem channels | identity | {" | ".join(COLUMNS)} |')
    print(f'| --- | --: | --- {"| --: " * len(COLUMNS)}|')
    missed = []
    for folder in sorted(path.parent for path in Path(out).glob('*/metrics.json')):
        metrics, errors = compare(folder, train, test)
        cells = ' | '.join(f'{errors[name]:.1e}' for name in COLUMNS)
        print(f'| {metrics["preset"]} | {metrics["width"]} | {"with" if metrics["identity"] else "without"} | {cells} |', flush=True)
        missed += [f'{folder.name}: {name}' for name, limit in LIMITS.items() if not errors[name] <= limit]
    print(f'Lab: {metrics["device"]}. PyTorch {torch.__version__}, CPU, float32.')
    sys.exit(f'beyond their limits {LIMITS}: {", ".join(missed)}' if missed else 0)


if __name__ == '__main__':
    sys.dont_write_bytecode = True
    main(*sys.argv[1:])

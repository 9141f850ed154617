"""PyTorch's half of the comparison of single steps: `compare_steps.py DATA OUT` after measure-steps.ts.

Prints a row a run of relative differences: the worst of all tensors' gradients over the steps, the batch norms' running
statistics after them (of the unused ones apart), and logits of test images in eval mode. Beside each stands what PyTorch's
float32 differs from its own float64.
"""

import json
import sys
from pathlib import Path

import torch
from torch.nn import functional

from compare_systems import largest_error, read_images, relative
from systems import create, normalise
from weights_file import load


def trained(metrics, folder, images, labels, dtype):
    """The network after the steps, and the gradients of each."""
    network = create(metrics['preset'], metrics['identity'], metrics['classes'], metrics['width'])
    network.load_state_dict(load(folder / 'initial.safetensors'), strict=True)
    network.to(dtype).train()
    optimiser = torch.optim.SGD(network.parameters(), lr=metrics['rate'], momentum=metrics['momentum'])
    gradients = []
    for step in range(metrics['steps']):
        part = slice(step * metrics['batch'], (step + 1) * metrics['batch'])
        optimiser.zero_grad()
        functional.cross_entropy(network(images[part].to(dtype)), labels[part]).backward()
        gradients.append({
            name: torch.zeros_like(p) if p.grad is None else p.grad.clone() for name, p in network.named_parameters()})
        optimiser.step()
    return network.eval(), gradients


def statistics(network, unused):
    """Running means and variances: of batch norms whose parameters get no gradient, or of the others."""
    idle = {name.rpartition('.')[0] for name, p in network.named_parameters() if p.grad is None}
    return {
        name: buffer for name, buffer in network.named_buffers()
        if not name.endswith('tracked') and (name.rpartition('.')[0] in idle) == unused}


def worst(found, wanted):
    return max((relative(found[name], tensor) for name, tensor in wanted.items()), default=0.0)


def main(data, out):
    torch.use_deterministic_algorithms(True)
    train, labels = read_images([Path(data) / f'data_batch_{i}.bin' for i in range(1, 6)])
    test, _ = read_images([Path(data) / 'test_batch.bin'])
    columns = ['gradients', 'statistics', 'unused statistics', 'logits']
    print('| preset | stem channels | identity | ' + ' | '.join(f'{c} | own' for c in columns) + ' |')
    print('| --- | --: | --- ' + '| --: ' * (2 * len(columns)) + '|')
    for folder in sorted(path.parent for path in Path(out).glob('*/metrics.json')):
        metrics = json.loads((folder / 'metrics.json').read_text())
        used = normalise(metrics['preset'], train[:metrics['steps'] * metrics['batch']], train)
        single, steps = trained(metrics, folder, used, labels, torch.float32)
        double, own_steps = trained(metrics, folder, used, labels, torch.float64)
        ours = load(folder / 'trained.safetensors')
        theirs = [load(folder / f'gradients-{i}.safetensors') for i in range(metrics['steps'])]
        x = normalise(metrics['preset'], test[:metrics['batch']], train)
        with torch.no_grad():
            logits, own_logits = single(x), double(x.double())
        cells = [
            max(largest_error(a, b) for a, b in zip(theirs, steps, strict=True)),
            max(largest_error(a, b) for a, b in zip(steps, own_steps, strict=True)),
            worst(ours, statistics(single, False)),
            worst(statistics(single, False), statistics(double, False)),
            worst(ours, statistics(single, True)),
            worst(statistics(single, True), statistics(double, True)),
            relative(torch.tensor(metrics['logits']).reshape(logits.shape), logits),
            relative(logits, own_logits),
        ]
        # What gets no gradient is as it was, bit for bit.
        initial = load(folder / 'initial.safetensors')
        for name, p in single.named_parameters():
            assert p.grad is not None or torch.equal(ours[name], initial[name]), name
        row = ' | '.join(f'{cell:.1e}' for cell in cells)
        which = 'with' if metrics['identity'] else 'without'
        print(f'| {metrics["preset"]} | {metrics["width"]} | {which} | {row} |', flush=True)
        print(f'{metrics["adapter"]}', file=sys.stderr)


if __name__ == '__main__':
    sys.dont_write_bytecode = True
    main(*sys.argv[1:])

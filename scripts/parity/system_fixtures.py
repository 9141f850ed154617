"""Fixtures of the five systems (systems.py): every preset's state_dict, and what narrow members compute.

The members have one or two blocks a stage, and channels enough to tell them apart; batches are those of measure.py, and the
optimiser is each author's own but for its rate: at the full one, PyTorch in float32 and in float64 part by percents within 20 steps, at a hundredth by 2e-5
at most.
"""

import hashlib

import torch
from torch.nn import functional

from fixture import encode, noise, write
from measure import BATCH, CLASSES, DROPOUT_SEED, LOSSES, MEAN, PADDING, STD, batch, forward, set_parameters
from systems import IAVICENNA, MBSARIYILDIZ, create, optimiser

RATE_FACTOR = 0.01
HE_DEPTHS = {'akamaster': [20, 32, 44, 56, 110], 'he': [20, 32, 44, 56, 110], 'drgripa1': [20, 32, 44, 56]}
PRESETS = [
    *(f'{system}-{depth}' for system, depths in HE_DEPTHS.items() for depth in depths),
    *(f'iavicenna-{member}' for member in IAVICENNA),
    *(f'mbsariyildiz-{member}{suffix}' for suffix in ('', '-cifar100') for member in MBSARIYILDIZ),
    'zhenye-na',
]
# Preset, with identity, stem channels, blocks of each stage.
MEMBERS = [
    ('akamaster-20', True, 4, 1),
    ('he-20', True, 5, 1),
    ('drgripa1-20', True, 4, 1),
    ('iavicenna-14', True, 3, 2),
    ('iavicenna-14', False, 3, 2),
    ('mbsariyildiz-10', True, 4, 1),
    ('mbsariyildiz-50', True, 3, 1),
    ('zhenye-na', True, 4, 2),
    ('zhenye-na', False, 4, 2),
]


def digest(preset, identity):
    """SHA-256 of a line for each entry in the order of names: name, type, sides."""
    classes = 100 if preset == 'zhenye-na' or preset.endswith('-cifar100') else 10
    state = create(preset, identity, classes).state_dict()
    lines = [f'{name} {str(t.dtype).removeprefix("torch.")} {list(t.shape)}\n' for name, t in sorted(state.items())]
    return {'entries': len(lines), 'sha256': hashlib.sha256(''.join(lines).encode()).hexdigest()}


def fingerprint(salt, tensor):
    """A tensor's norm, and its product with noise. Not the noise of the weights, to which batch norm makes gradients orthogonal."""
    tensor = tensor.detach().double()
    return [float(tensor.norm()), float((tensor * noise(1000 + salt, tensor.shape).double()).sum())]


def measure(preset, identity, width, blocks):
    network = create(preset, identity, CLASSES, width, blocks)
    set_parameters(network)
    names = [name for name, _ in network.named_parameters()]
    network.eval()
    evaluation = network(batch(500)[0])
    own = optimiser(preset, network)
    for group in own.param_groups:
        group['lr'] *= RATE_FACTOR
    losses, gradients, untrained = [], [], []
    for step in range(LOSSES):
        images, labels = batch(600 + 10 * step)
        own.zero_grad()
        loss = functional.cross_entropy(forward(network, images, step), labels)
        loss.backward()
        if step == 0:
            gradients = [
                fingerprint(salt, torch.zeros_like(p) if p.grad is None else p.grad)
                for salt, p in enumerate(network.parameters())]
            untrained = [name for name, p in network.named_parameters() if p.grad is None]
        own.step()
        losses.append(loss.item())
    return {
        'preset': preset,
        'identity': identity,
        'width': width,
        'blocks': blocks,
        'names': names,
        'evaluationLogits': encode(evaluation),
        'gradients': gradients,
        'losses': losses,
        # Of what gets no gradient: iavicenna's batchNorm1, whose output nobody uses.
        'untrained': {name: encode(tensor) for name, tensor in network.state_dict().items() if name in untrained},
        'untrainedStatistics': {
            name: encode(buffer) for name, buffer in network.named_buffers()
            if f'{name.rpartition(".")[0]}.weight' in untrained and not name.endswith('tracked')},
    }


write('src/testing/fixtures/state-dicts.json', {
    preset: {'with': digest(preset, True), 'without': digest(preset, False)} for preset in PRESETS
})
write('src/testing/fixtures/systems.json', {
    'batch': BATCH,
    'normalisation': {'mean': MEAN, 'std': STD},
    'padding': PADDING,
    'dropoutSeed': DROPOUT_SEED,
    'rateFactor': RATE_FACTOR,
    'networks': [measure(*member) for member in MEMBERS],
})

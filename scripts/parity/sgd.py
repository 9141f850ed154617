"""torch.optim.SGD over several steps: plain, momentum, Nesterov, with the three groups of weight decay."""

import torch

from fixture import encode, noise, write

STEPS = 4
RATES = [0.1, 0.1, 0.05, 0.025]
PARAMETERS = [
    {'name': 'conv.weight', 'role': 'weight', 'shape': [4, 3, 3, 3]},
    {'name': 'bn.weight', 'role': 'scale', 'shape': [4]},
    {'name': 'bn.bias', 'role': 'shift', 'shape': [4]},
    {'name': 'linear.weight', 'role': 'weight', 'shape': [3, 5]},
    {'name': 'linear.bias', 'role': 'bias', 'shape': [3]},
]
DECAYING_ROLES = {
    'all': {'weight', 'bias', 'scale', 'shift'},
    'all-but-biases': {'weight', 'scale'},
    'weights-only': {'weight'},
}


def train(momentum, nesterov, weight_decay, decays):
    tensors = [torch.nn.Parameter(noise(salt, p['shape'])) for salt, p in enumerate(PARAMETERS)]
    groups = [
        {'params': [tensor], 'weight_decay': weight_decay if p['role'] in DECAYING_ROLES[decays] else 0.0}
        for tensor, p in zip(tensors, PARAMETERS)
    ]
    optimiser = torch.optim.SGD(groups, lr=RATES[0], momentum=momentum, nesterov=nesterov)
    for step in range(STEPS):
        for group in optimiser.param_groups:
            group['lr'] = RATES[step]
        for salt, tensor in enumerate(tensors):
            tensor.grad = noise(100 * (step + 1) + salt, tensor.shape)
        optimiser.step()
    buffers = [optimiser.state[t].get('momentum_buffer') for t in tensors]
    return {
        'momentum': momentum,
        'nesterov': nesterov,
        'weightDecay': weight_decay,
        'decays': decays,
        'parameters': [encode(t) for t in tensors],
        'buffers': [encode(b) for b in buffers if b is not None],
    }


write('src/engine/tfjs/fixtures/sgd.json', {
    'parameters': PARAMETERS,
    'rates': RATES,
    'runs': [
        train(0.0, False, 0.0, 'all'),
        train(0.0, False, 0.05, 'all'),
        train(0.9, False, 0.05, 'all'),
        train(0.9, False, 0.05, 'all-but-biases'),
        train(0.9, True, 0.05, 'weights-only'),
    ],
})

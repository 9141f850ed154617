"""torch.optim and Lion over 20 steps, in float64: every kind, with and without momentum, with the three groups of weight decay."""

import torch

from fixture import encode, noise, write

# The learning rate of each step, as a share of the first's.
FACTORS = [1] * 10 + [0.5] * 5 + [0.25] * 5
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
# Ours for PyTorch's names of what an optimiser keeps.
SLOTS = {'momentum_buffer': 'momentum'}


class Lion(torch.optim.Optimizer):
    """Algorithm 2 of arXiv:2302.06675, line by line; torch.optim has none."""

    def __init__(self, groups, lr, betas):
        super().__init__(groups, {'lr': lr, 'betas': betas, 'weight_decay': 0.0})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            eta, (beta1, beta2), decay = group['lr'], group['betas'], group['weight_decay']
            for theta in group['params']:
                m = self.state[theta].get('exp_avg', torch.zeros_like(theta))
                c = beta1 * m + (1 - beta1) * theta.grad
                theta -= eta * (torch.sign(c) + decay * theta)
                self.state[theta]['exp_avg'] = beta2 * m + (1 - beta2) * theta.grad


def construct(config, groups):
    rate, kind = config['learningRate'], config['kind']
    if kind == 'sgd':
        return torch.optim.SGD(groups, lr=rate, momentum=config['momentum'], nesterov=config['nesterov'])
    if kind == 'rmsprop':
        return torch.optim.RMSprop(
            groups, lr=rate, alpha=config['alpha'], eps=config['epsilon'], momentum=config['momentum'])
    if kind == 'adagrad':
        return torch.optim.Adagrad(groups, lr=rate, eps=config['epsilon'])
    if kind == 'lion':
        return Lion(groups, rate, (config['beta1'], config['beta2']))
    adam = {'adam': torch.optim.Adam, 'adamw': torch.optim.AdamW}[kind]
    return adam(groups, lr=rate, betas=(config['beta1'], config['beta2']), eps=config['epsilon'])


def train(**config):
    tensors = [torch.nn.Parameter(noise(salt, p['shape']).double()) for salt, p in enumerate(PARAMETERS)]
    decaying = DECAYING_ROLES[config['decays']]
    groups = [
        {'params': [tensor], 'weight_decay': config['weightDecay'] if p['role'] in decaying else 0.0}
        for tensor, p in zip(tensors, PARAMETERS)
    ]
    optimiser = construct(config, groups)
    for step, factor in enumerate(FACTORS):
        for group in optimiser.param_groups:
            group['lr'] = config['learningRate'] * factor
        for salt, tensor in enumerate(tensors):
            tensor.grad = noise(100 * (step + 1) + salt, tensor.shape).double()
        optimiser.step()
    kept = {
        SLOTS.get(name, name)
        for name, value in optimiser.state[tensors[0]].items()
        if value is not None and name != 'step'
    }
    torch_names = {ours: theirs for theirs, ours in SLOTS.items()}
    return {
        'optimiser': config,
        'parameters': [encode(t) for t in tensors],
        'slots': {
            name: [encode(optimiser.state[t][torch_names.get(name, name)]) for t in tensors] for name in kept
        },
    }


def sgd(momentum, nesterov, **decay):
    return train(kind='sgd', learningRate=0.1, momentum=momentum, nesterov=nesterov, **decay)


def rmsprop(momentum, **decay):
    return train(kind='rmsprop', learningRate=0.01, alpha=0.99, momentum=momentum, epsilon=1e-8, **decay)


NO_DECAY = {'weightDecay': 0.0, 'decays': 'all'}
DECAY = {'weightDecay': 0.05, 'decays': 'all'}
ADAM = {'learningRate': 0.01, 'beta1': 0.9, 'beta2': 0.999, 'epsilon': 1e-8}

write('src/testing/fixtures/optimisers.json', {
    'parameters': PARAMETERS,
    'factors': FACTORS,
    'runs': [
        sgd(0.0, False, **NO_DECAY),
        sgd(0.0, False, **DECAY),
        sgd(0.9, False, **DECAY),
        sgd(0.9, False, weightDecay=0.05, decays='all-but-biases'),
        sgd(0.9, True, weightDecay=0.05, decays='weights-only'),
        train(kind='adam', **ADAM, **NO_DECAY),
        train(kind='adam', **ADAM, weightDecay=0.05, decays='all-but-biases'),
        train(kind='adamw', **ADAM, weightDecay=0.5, decays='weights-only'),
        rmsprop(0.0, **DECAY),
        rmsprop(0.9, **DECAY),
        train(kind='adagrad', learningRate=0.05, epsilon=1e-10, **DECAY),
        train(kind='lion', learningRate=0.01, beta1=0.9, beta2=0.99, **NO_DECAY),
        train(kind='lion', learningRate=0.01, beta1=0.9, beta2=0.99, weightDecay=0.5, decays='weights-only'),
    ],
})

"""Small networks of the He family in PyTorch: logits, losses, gradients, and the state after a few steps."""

import torch
from torch import nn
from torch.nn import functional

from fixture import byte_noise, encode, noise, write

WIDTH, CLASSES, BATCH = 4, 10, 4
MEAN, STD = [0.4914, 0.4822, 0.4465], [0.247, 0.2435, 0.2616]
PADDING = 4
SMOOTHING = 0.1
OPTIMISER = {'learningRate': 0.05, 'momentum': 0.9, 'nesterov': False, 'weightDecay': 1e-3}
STEPS, LOSSES = 3, 10


class Block(nn.Module):
    """conv - BN - ReLU - conv - BN, plus the shortcut if any, ReLU (akamaster's block, with conv1x1-bn as an option)."""

    def __init__(self, inputs, outputs, stride, variant):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.identity = variant['identity']
        missing = outputs - inputs
        self.before = missing // 2 if variant['padding'] == 'centre' else 0
        self.after = missing - self.before
        self.changes = stride != 1 or missing != 0
        if variant['identity'] and self.changes and variant['shortcut'] == 'conv1x1-bn':
            self.shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))
        else:
            self.shortcut = None

    def forward(self, x):
        y = functional.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        if self.identity:
            y = y + self.bypass(x)
        return functional.relu(y)

    def bypass(self, x):
        if not self.changes:
            return x
        if self.shortcut is not None:
            return self.shortcut(x)
        return functional.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.before, self.after))


class Network(nn.Module):
    def __init__(self, variant):
        super().__init__()
        self.conv1 = nn.Conv2d(3, WIDTH, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(WIDTH)
        self.layer1 = nn.Sequential(Block(WIDTH, WIDTH, 1, variant))
        self.layer2 = nn.Sequential(Block(WIDTH, 2 * WIDTH, 2, variant))
        self.layer3 = nn.Sequential(Block(2 * WIDTH, 4 * WIDTH, 2, variant))
        self.linear = nn.Linear(4 * WIDTH, CLASSES)

    def forward(self, x):
        x = functional.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.linear(x.mean((2, 3)))


def set_parameters(network):
    """Kaiming-like weights, and batch-norm scales and shifts that are not 1 and 0."""
    with torch.no_grad():
        for salt, (name, parameter) in enumerate(network.named_parameters()):
            values = noise(salt, parameter.shape)
            if parameter.dim() > 1:
                fan = parameter[0].numel()
                values = values * torch.tensor((24 / fan) ** 0.5, dtype=torch.float32)
            elif name.endswith('.weight'):
                values = 1 + 0.5 * values
            parameter.copy_(values)


def batch(salt):
    """Decoded images and labels: crop, then mirror, then normalise."""
    pixels = byte_noise(salt, [BATCH, 3, 32, 32])
    draws = byte_noise(salt + 1, [BATCH, 3]).to(torch.int64)
    padded = functional.pad(pixels, (PADDING, PADDING, PADDING, PADDING))
    images = []
    for image, (left, top, flip) in zip(padded, draws.tolist()):
        left, top = left % (2 * PADDING + 1), top % (2 * PADDING + 1)
        cropped = image[:, top:top + 32, left:left + 32]
        images.append(cropped.flip(2) if flip % 2 else cropped)
    decoded = torch.stack(images).to(torch.float32) / 255
    mean, std = (torch.tensor(v, dtype=torch.float32).reshape(3, 1, 1) for v in (MEAN, STD))
    labels = byte_noise(salt + 2, [BATCH]).to(torch.int64) % CLASSES
    return (decoded - mean) / std, labels


def encode_all(named):
    return {name: encode(tensor) for name, tensor in named if not name.endswith('num_batches_tracked')}


def measure(variant):
    torch.manual_seed(0)
    network = Network(variant)
    set_parameters(network)
    names = [name for name, _ in network.named_parameters()]
    network.eval()
    images, labels = batch(500)
    evaluation = network(images)

    network.train()
    logits = network(images)
    functional.cross_entropy(logits, labels, label_smoothing=SMOOTHING).backward()
    gradients = encode_all((n, p.grad) for n, p in network.named_parameters())
    smoothed = functional.cross_entropy(logits, labels, label_smoothing=SMOOTHING).item()
    plain = functional.cross_entropy(logits, labels).item()
    correct = int((logits.argmax(1) == labels).sum())
    return {
        'variant': variant,
        'names': names,
        'evaluationLogits': encode(evaluation),
        'correct': correct,
        'loss': {'plain': plain, 'smoothed': smoothed},
        'gradients': gradients,
        'training': train(variant),
    }


def train(variant):
    network = Network(variant)
    set_parameters(network)
    optimiser = torch.optim.SGD(
        network.parameters(),
        lr=OPTIMISER['learningRate'],
        momentum=OPTIMISER['momentum'],
        nesterov=OPTIMISER['nesterov'],
        weight_decay=OPTIMISER['weightDecay'],
    )
    result = {}
    losses = []
    for step in range(LOSSES):
        images, labels = batch(600 + 10 * step)
        network.train()
        optimiser.zero_grad()
        loss = functional.cross_entropy(network(images), labels)
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
        if step == STEPS - 1:
            result['parameters'] = encode_all(network.named_parameters())
            result['statistics'] = encode_all(network.named_buffers())
            result['momentum'] = encode_all(
                (n, optimiser.state[p]['momentum_buffer']) for n, p in network.named_parameters())
            network.eval()
            result['evaluationLogits'] = encode(network(batch(500)[0]))
    result['losses'] = losses
    return result


VARIANTS = [
    {'shortcut': 'subsample-pad', 'padding': 'centre', 'identity': True},
    {'shortcut': 'subsample-pad', 'padding': 'end', 'identity': True},
    {'shortcut': 'conv1x1-bn', 'padding': 'end', 'identity': True},
    {'shortcut': 'subsample-pad', 'padding': 'centre', 'identity': False},
]

write('src/engine/tfjs/fixtures/networks.json', {
    'width': WIDTH,
    'batch': BATCH,
    'normalisation': {'mean': MEAN, 'std': STD},
    'padding': PADDING,
    'smoothing': SMOOTHING,
    'optimiser': OPTIMISER,
    'steps': STEPS,
    'networks': [measure(variant) for variant in VARIANTS],
})

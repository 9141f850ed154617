"""How a small network is measured in PyTorch: logits, losses, gradients, and the state after a few steps."""

import torch
from torch.nn import functional

from fixture import byte_noise, encode, noise, write

CLASSES, BATCH = 10, 4
MEAN, STD = [0.4914, 0.4822, 0.4465], [0.247, 0.2435, 0.2616]
PADDING = 4
SMOOTHING = 0.1
OPTIMISER = {'learningRate': 0.05, 'momentum': 0.9, 'nesterov': False, 'weightDecay': 1e-3}
STEPS, LOSSES = 3, 20
DROPOUT_SEED = 7


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


def forward(network, images, step):
    """Logits of one training step; dropouts draw by its number."""
    network.train()
    for module in network.modules():
        if hasattr(module, 'draw_at'):
            module.draw_at(DROPOUT_SEED, step)
    return network(images)


def measure(create):
    """What `create()` computes."""
    network = create()
    set_parameters(network)
    names = [name for name, _ in network.named_parameters()]
    network.eval()
    images, labels = batch(500)
    evaluation = network(images)

    logits = forward(network, images, 0)
    functional.cross_entropy(logits, labels, label_smoothing=SMOOTHING).backward()
    gradients = encode_all((n, p.grad) for n, p in network.named_parameters())
    smoothed = functional.cross_entropy(logits, labels, label_smoothing=SMOOTHING).item()
    plain = functional.cross_entropy(logits, labels).item()
    correct = int((logits.argmax(1) == labels).sum())
    return {
        'names': names,
        'evaluationLogits': encode(evaluation),
        'correct': correct,
        'loss': {'plain': plain, 'smoothed': smoothed},
        'gradients': gradients,
        'training': train(create),
    }


def train(create):
    network = create()
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
        optimiser.zero_grad()
        loss = functional.cross_entropy(forward(network, images, step), labels)
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


def write_measured(path, settings, networks):
    """A fixture of these measurements, with what the engine needs to repeat them."""
    write(path, {
        **settings,
        'batch': BATCH,
        'normalisation': {'mean': MEAN, 'std': STD},
        'padding': PADDING,
        'smoothing': SMOOTHING,
        'optimiser': OPTIMISER,
        'dropoutSeed': DROPOUT_SEED,
        'steps': STEPS,
        'networks': networks,
    })

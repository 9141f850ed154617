"""torch.nn.functional.cross_entropy with and without label smoothing: loss and gradient of the logits."""

import torch

from fixture import encode, noise, write

BATCH, CLASSES = 7, 11


def run(smoothing, scale):
    logits = (scale * noise(5, [BATCH, CLASSES])).requires_grad_()
    labels = torch.arange(BATCH) * 3 % CLASSES
    loss = torch.nn.functional.cross_entropy(logits, labels, label_smoothing=smoothing)
    loss.backward()
    return {
        'smoothing': smoothing,
        'scale': scale,
        'loss': loss.item(),
        'correct': int((logits.argmax(1) == labels).sum()),
        'gradient': encode(logits.grad),
    }


# A scale of 400 overflows exp() unless the largest logit is subtracted first.
write('src/testing/fixtures/cross-entropy.json', {
    'batch': BATCH,
    'classes': CLASSES,
    'runs': [run(0.0, 8), run(0.1, 8), run(0.5, 8), run(0.0, 400)],
})

"""Small networks of the He family."""

from torch import nn
from torch.nn import functional

from measure import CLASSES, measure, write_measured

WIDTH = 4


class Block(nn.Module):
    """conv - BN - ReLU - conv - BN, plus the shortcut if any, ReLU (akamaster's block, with conv1x1-bn as an option)."""

    def __init__(self, inputs, outputs, stride, variant):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.identity = variant['identity']
        self.factor = variant.get('factor', 1)
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
            y = y + self.factor * self.bypass(x)
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


VARIANTS = [
    {'shortcut': 'subsample-pad', 'padding': 'centre', 'identity': True},
    {'shortcut': 'subsample-pad', 'padding': 'end', 'identity': True},
    {'shortcut': 'conv1x1-bn', 'padding': 'end', 'identity': True},
    {'shortcut': 'subsample-pad', 'padding': 'centre', 'identity': False},
    {'shortcut': 'scaled', 'padding': 'centre', 'factor': 0.3, 'identity': True},
]

write_measured(
    'src/testing/fixtures/networks.json',
    {'width': WIDTH},
    [{'variant': variant, **measure(lambda: Network(variant))} for variant in VARIANTS],
)

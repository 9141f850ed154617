"""The five published systems in PyTorch, from their descriptions, in their authors' parameter names.

`create(preset, identity, classes)` builds one; `width` is the stem's channels and `blocks` the blocks of every stage where
they are not the author's.
"""

import math

import torch
from torch import nn
from torch.nn import functional

from dropout import Dropout2d


def conv(inputs, outputs, kernel, stride=1, bias=False):
    return nn.Conv2d(inputs, outputs, kernel, stride, (kernel - 1) // 2, bias=bias)


def zero_channels(x, before, after):
    return functional.pad(x, (0, 0, 0, 0, before, after))


class Module(nn.Module):
    """Whether shortcuts are there is said once, and kept from the state_dict."""

    def __init__(self, identity):
        super().__init__()
        self.identity = identity


# 1. iavicenna -------------------------------------------------------------------------------------------------------


class IavicennaTransition(Module):
    def __init__(self, inputs, outputs, stride, identity):
        super().__init__(identity)
        self.conv1 = conv(inputs, outputs, 3, stride)
        self.batchNorm1 = nn.BatchNorm2d(outputs)
        self.conv2 = conv(outputs, outputs, 3)
        if identity:
            self.downsample = conv(inputs, outputs, 1, stride)

    def forward(self, x):
        y = self.conv2(functional.relu(self.batchNorm1(self.conv1(x))))
        return y + self.downsample(x) if self.identity else y


class IavicennaExtra(Module):
    def __init__(self, width, identity):
        super().__init__(identity)
        self.conv1, self.batchNorm1 = conv(width, width, 3), nn.BatchNorm2d(width)
        self.conv2, self.batchNorm2 = conv(width, width, 3), nn.BatchNorm2d(width)
        self.batchNorm3 = nn.BatchNorm2d(width)

    def forward(self, x):
        # As the author's code: the pre-activation is computed, and overwritten by the convolution of x.
        y = functional.relu(self.batchNorm1(x))
        y = self.conv1(x)
        y = self.conv2(functional.relu(self.batchNorm2(y)))
        return functional.relu(self.batchNorm3(y + x if self.identity else y))


class Iavicenna(nn.Module):
    def __init__(self, extra, width, classes, identity):
        super().__init__()
        self.conv1, self.batchNorm1 = conv(3, width, 3), nn.BatchNorm2d(width)
        for stage, blocks in enumerate(extra, 1):
            outputs = width * 2**stage
            first = IavicennaTransition(outputs // 2, outputs, 1 if stage == 1 else 2, identity)
            if identity:
                # One module under two names.
                setattr(self, f'downsample{stage}', first.downsample)
            others = [IavicennaExtra(outputs, identity) for _ in range(blocks)]
            setattr(self, f'resLayer{stage}', nn.Sequential(first, *others))
        self.full1 = nn.Linear(8 * width, classes)

    def forward(self, x):
        x = functional.relu(self.batchNorm1(self.conv1(x)))
        x = self.resLayer3(self.resLayer2(self.resLayer1(x)))
        return self.full1(functional.avg_pool2d(x, 8).flatten(1))


# 2. mbsariyildiz ----------------------------------------------------------------------------------------------------


def average_and_pad(x, outputs, stride):
    x = functional.avg_pool2d(x, 2) if stride == 2 else x
    return zero_channels(x, 0, outputs - x.shape[1])


class MbsariyildizBasic(Module):
    expansion = 1

    def __init__(self, inputs, planes, stride, identity):
        super().__init__(identity)
        self.outputs, self.stride = planes, stride
        self.block = nn.Sequential(
            conv(inputs, planes, 3, stride), nn.BatchNorm2d(planes), nn.ReLU(),
            conv(planes, planes, 3), nn.BatchNorm2d(planes))

    def forward(self, x):
        y = self.block(x)
        return functional.relu(y + average_and_pad(x, self.outputs, self.stride) if self.identity else y)


class MbsariyildizBottleneck(Module):
    expansion = 4

    def __init__(self, inputs, planes, stride, identity):
        super().__init__(identity)
        self.outputs, self.stride = 4 * planes, stride
        self.conv1, self.bn1 = conv(inputs, planes, 1, bias=True), nn.BatchNorm2d(planes)
        self.conv2, self.bn2 = conv(planes, planes, 3, stride), nn.BatchNorm2d(planes)
        self.conv3, self.bn3 = conv(planes, self.outputs, 1, bias=True), nn.BatchNorm2d(self.outputs)

    def forward(self, x):
        y = functional.relu(self.bn1(self.conv1(x)))
        y = self.bn3(self.conv3(functional.relu(self.bn2(self.conv2(y)))))
        return functional.relu(y + average_and_pad(x, self.outputs, self.stride) if self.identity else y)


class Mbsariyildiz(nn.Module):
    def __init__(self, blocks, block, width, classes, identity):
        super().__init__()
        self.layer0 = nn.Sequential(conv(3, width, 3), nn.BatchNorm2d(width), nn.ReLU())
        inputs = width
        for stage, count in enumerate(blocks):
            planes, layers = width * 2**stage, []
            for i in range(count):
                layers.append(block(inputs, planes, 2 if stage > 0 and i == 0 else 1, identity))
                inputs = planes * block.expansion
            setattr(self, f'layer{stage + 1}', nn.Sequential(*layers))
        self.fc = nn.Linear(inputs, classes, bias=False)

    def forward(self, x):
        x = self.layer4(self.layer3(self.layer2(self.layer1(self.layer0(x)))))
        return self.fc(x.mean((2, 3)))


# 3. zhenye-na -------------------------------------------------------------------------------------------------------


class ZhenyeNaBlock(Module):
    def __init__(self, inputs, outputs, stride, identity):
        super().__init__(identity)
        self.conv1, self.bn1 = conv(inputs, outputs, 3, stride), nn.BatchNorm2d(outputs)
        self.conv2, self.bn2 = conv(outputs, outputs, 3), nn.BatchNorm2d(outputs)
        self.changes = stride != 1 or inputs != outputs
        if identity and self.changes:
            self.downsample = nn.Sequential(conv(inputs, outputs, 3, stride), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.bn2(self.conv2(functional.relu(self.bn1(self.conv1(x)))))
        if not self.identity:
            return y
        return y + (self.downsample(x) if self.changes else x)


class ZhenyeNa(nn.Module):
    def __init__(self, blocks, width, classes, identity):
        super().__init__()
        self.conv1, self.bn = conv(3, width, 3), nn.BatchNorm2d(width)
        self.dropout = Dropout2d(0.02, 0)
        inputs = width
        for stage, count in enumerate(blocks):
            outputs = width * 2**stage
            layers = []
            for i in range(count):
                layers.append(ZhenyeNaBlock(inputs, outputs, 2 if stage > 0 and i == 0 else 1, identity))
                inputs = outputs
            setattr(self, f'conv{stage + 2}_x', nn.Sequential(*layers))
        self.fc_layer = nn.Linear(8 * width, classes)

    def forward(self, x):
        x = self.dropout(functional.relu(self.bn(self.conv1(x))))
        x = self.conv5_x(self.conv4_x(self.conv3_x(self.conv2_x(x))))
        return self.fc_layer(functional.max_pool2d(x, 4).flatten(1))


# 4. drgripa1, and 5. He et al. in akamaster's names -----------------------------------------------------------------


class HeBlock(Module):
    def __init__(self, inputs, outputs, stride, identity, bias, centre):
        super().__init__(identity)
        self.conv1, self.bn1 = conv(inputs, outputs, 3, stride, bias), nn.BatchNorm2d(outputs)
        self.conv2, self.bn2 = conv(outputs, outputs, 3, 1, bias), nn.BatchNorm2d(outputs)
        missing = outputs - inputs
        self.stride, self.before = stride, missing // 2 if centre else 0
        self.after = missing - self.before

    def forward(self, x):
        y = self.bn2(self.conv2(functional.relu(self.bn1(self.conv1(x)))))
        if self.identity:
            y = y + zero_channels(x[:, :, ::2, ::2] if self.stride == 2 else x, self.before, self.after)
        return functional.relu(y)


def he_stages(n, width, **options):
    inputs = width
    for stage in range(3):
        outputs = width * 2**stage
        blocks = []
        for i in range(n):
            blocks.append(HeBlock(inputs, outputs, 2 if stage > 0 and i == 0 else 1, **options))
            inputs = outputs
        yield nn.Sequential(*blocks)


class Drgripa1(nn.Module):
    def __init__(self, n, width, classes, identity):
        super().__init__()
        self.conv, self.bn = conv(3, width, 3, bias=True), nn.BatchNorm2d(width)
        stages = he_stages(n, width, identity=identity, bias=True, centre=False)
        self.block1, self.block2, self.block3 = stages
        self.fc = nn.Linear(4 * width, classes)

    def forward(self, x):
        x = functional.relu(self.bn(self.conv(x)))
        return self.fc(self.block3(self.block2(self.block1(x))).mean((2, 3)))


class He(nn.Module):
    """`centre`: akamaster's placement of zero channels; the lab's reading of the paper puts them at the end."""

    def __init__(self, n, width, classes, identity, centre):
        super().__init__()
        self.conv1, self.bn1 = conv(3, width, 3), nn.BatchNorm2d(width)
        self.layer1, self.layer2, self.layer3 = he_stages(n, width, identity=identity, bias=False, centre=centre)
        self.linear = nn.Linear(4 * width, classes)

    def forward(self, x):
        x = functional.relu(self.bn1(self.conv1(x)))
        return self.linear(self.layer3(self.layer2(self.layer1(x))).mean((2, 3)))


# --------------------------------------------------------------------------------------------------------------------

IAVICENNA = {
    '14': ([1, 1, 1], 16), '18': ([1, 2, 2], 16), '32': ([4, 4, 4], 16),
    '14-wide': ([1, 1, 1], 32), '18-wide': ([1, 2, 2], 32),
}
MBSARIYILDIZ = {
    '10': ([1, 1, 1, 1], MbsariyildizBasic), '18': ([2, 2, 2, 2], MbsariyildizBasic),
    '34': ([3, 4, 6, 3], MbsariyildizBasic), '50': ([3, 4, 6, 3], MbsariyildizBottleneck),
}


def create(preset, identity, classes, width=None, blocks=None):
    """A network in the lab's name for it, "drgripa1-20", with PyTorch's default initial values."""
    system, _, member = preset.partition('-')
    if system == 'iavicenna':
        extra, default = IAVICENNA[member]
        return Iavicenna([blocks - 1] * 3 if blocks else extra, width or default, classes, identity)
    if system == 'mbsariyildiz':
        counts, block = MBSARIYILDIZ[member.removesuffix('-cifar100')]
        return Mbsariyildiz([blocks] * 4 if blocks else counts, block, width or 64, classes, identity)
    if preset == 'zhenye-na':
        return ZhenyeNa([blocks] * 4 if blocks else [2, 4, 4, 2], width or 32, classes, identity)
    n = blocks or (int(member) - 2) // 6
    if system == 'drgripa1':
        return Drgripa1(n, width or 16, classes, identity)
    return He(n, width or 16, classes, identity, centre=system == 'akamaster')


def optimiser(preset, network):
    """Each author's own, at its first learning rate."""
    system = preset.partition('-')[0]
    if system == 'iavicenna':
        decayed = [p for name, p in network.named_parameters() if not name.endswith('bias')]
        others = [p for name, p in network.named_parameters() if name.endswith('bias')]
        groups = [{'params': decayed, 'weight_decay': 5e-4}, {'params': others, 'weight_decay': 0.0}]
        return torch.optim.SGD(groups, lr=0.1, momentum=0.9, nesterov=True)
    rate, decay = {'mbsariyildiz': (0.1, 5e-4), 'zhenye': (0.01, 1e-5)}.get(system, (0.1, 1e-4))
    return torch.optim.SGD(network.parameters(), lr=rate, momentum=0.9, weight_decay=decay)


def normalise(preset, images, training):
    """Decoded images of a preset's pipeline without augmentation. `images`: uint8 [n, 3, 32, 32]; `training`: all of the set's."""
    x = images.to(torch.float64) / 255
    system = preset.partition('-')[0]
    if system == 'iavicenna':
        values = training.to(torch.float64) / 255
        mean, std = values.mean((0, 2, 3)), values.std((0, 2, 3), correction=0)
    elif system == 'drgripa1':
        return (x - x.mean((1, 2, 3), keepdim=True)).to(torch.float32)
    elif system == 'he':
        return (x - training.to(torch.float64).mean(0) / 255).to(torch.float32)
    elif preset.endswith('-cifar100'):
        mean, std = torch.tensor([0.5071, 0.4867, 0.4408]), torch.tensor([0.2675, 0.2565, 0.2761])
    elif system == 'mbsariyildiz':
        mean, std = torch.tensor([0.4914, 0.4822, 0.4465]), torch.tensor([0.2023, 0.1994, 0.201])
    elif system == 'zhenye':
        mean, std = torch.tensor([0.507, 0.487, 0.441]), torch.tensor([0.267, 0.256, 0.276])
    else:
        mean, std = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    return ((x - mean.reshape(3, 1, 1)) / std.reshape(3, 1, 1)).to(torch.float32)


PARAMETERS = {
    'iavicenna-14': (691_674, 680_922), 'iavicenna-18': (1_061_466, 1_050_714), 'iavicenna-32': (1_856_922, 1_846_170),
    'iavicenna-14-wide': (2_759_594, 2_716_586), 'iavicenna-18-wide': (4_236_458, 4_193_450),
    'mbsariyildiz-10': (4_729_408,) * 2, 'mbsariyildiz-18': (11_000_128,) * 2, 'mbsariyildiz-34': (21_108_288,) * 2,
    'mbsariyildiz-50': (20_763_136,) * 2, 'zhenye-na': (3_903_620, 3_515_652),
    'drgripa1-20': (270_410,) * 2, 'drgripa1-32': (465_290,) * 2, 'drgripa1-44': (660_170,) * 2, 'drgripa1-56': (855_050,) * 2,
    'akamaster-20': (269_722,) * 2, 'akamaster-110': (1_727_962,) * 2,
}


def check_counts():
    for preset, counts in PARAMETERS.items():
        classes = 100 if preset == 'zhenye-na' else 10
        for identity, count in zip((True, False), counts):
            network = create(preset, identity, classes)
            found = sum(math.prod(p.shape) for p in network.parameters())
            assert found == count, (preset, identity, found, count)


if __name__ == '__main__':
    check_counts()
    print('every parameter count is the published one')

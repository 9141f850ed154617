"""Networks of what the He family lacks: biases, bottlenecks, other shortcuts, pools, dropout; a network for each author's block."""

from torch import nn
from torch.nn import functional

from dropout import Dropout2d
from measure import CLASSES, measure, write_measured


def conv(inputs, outputs, kernel, stride=1, bias=False):
    return nn.Conv2d(inputs, outputs, kernel, stride, (kernel - 1) // 2, bias=bias)


def pad_channels(x, before, after):
    return functional.pad(x, (0, 0, 0, 0, before, after))


class Bottleneck(nn.Module):
    """conv 1×1 with bias, 3×3, 1×1 with bias to four times the width; average pool and zero channels at the end; ReLU."""

    def __init__(self, inputs, width, stride):
        super().__init__()
        self.conv1 = conv(inputs, width, 1, bias=True)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = conv(width, width, 3, stride)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = conv(width, 4 * width, 1, bias=True)
        self.bn3 = nn.BatchNorm2d(4 * width)
        self.stride, self.missing = stride, 4 * width - inputs

    def forward(self, x):
        y = functional.relu(self.bn1(self.conv1(x)))
        y = functional.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        shortcut = functional.avg_pool2d(x, 2) if self.stride == 2 else x
        return functional.relu(y + pad_channels(shortcut, 0, self.missing))


class BottleneckNetwork(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = conv(3, 4, 3)
        self.bn1 = nn.BatchNorm2d(4)
        self.layer1 = Bottleneck(4, 2, 1)
        self.layer2 = Bottleneck(8, 3, 2)
        self.fc = nn.Linear(12, CLASSES, bias=False)

    def forward(self, x):
        x = functional.relu(self.bn1(self.conv1(x)))
        return self.fc(self.layer2(self.layer1(x)).mean((2, 3)))


class Transition(nn.Module):
    """conv 3×3 stride 2 - BN - ReLU - conv 3×3, plus a conv 1×1 stride 2; nothing normalises or cuts the sum."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.conv1 = conv(inputs, outputs, 3, 2)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = conv(outputs, outputs, 3)
        self.downsample = conv(inputs, outputs, 1, 2)

    def forward(self, x):
        return self.conv2(functional.relu(self.bn1(self.conv1(x)))) + self.downsample(x)


class Extra(nn.Module):
    """BN - ReLU - conv 3×3, twice, plus the input; then BN - ReLU."""

    def __init__(self, width):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(width)
        self.conv1 = conv(width, width, 3)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv2 = conv(width, width, 3)
        self.bn3 = nn.BatchNorm2d(width)

    def forward(self, x):
        y = self.conv1(functional.relu(self.bn1(x)))
        y = self.conv2(functional.relu(self.bn2(y)))
        return functional.relu(self.bn3(x + y))


class Linear(nn.Module):
    """conv 3×3 - BN - ReLU - conv 3×3 - BN, plus the input, through conv 3×3 - BN where its shape changes; no ReLU after."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = conv(inputs, outputs, 3, stride)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = conv(outputs, outputs, 3)
        self.bn2 = nn.BatchNorm2d(outputs)
        changes = stride != 1 or inputs != outputs
        self.downsample = nn.Sequential(conv(inputs, outputs, 3, stride), nn.BatchNorm2d(outputs)) if changes else None

    def forward(self, x):
        y = functional.relu(self.bn1(self.conv1(x)))
        return self.bn2(self.conv2(y)) + (x if self.downsample is None else self.downsample(x))


class ProjectionNetwork(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = conv(3, 4, 3)
        self.bn1 = nn.BatchNorm2d(4)
        self.transition = Transition(4, 6)
        self.extra = Extra(6)
        self.linear1 = Linear(6, 8, 2)
        self.linear2 = Linear(8, 8, 1)
        self.fc = nn.Linear(8, CLASSES)

    def forward(self, x):
        x = functional.relu(self.bn1(self.conv1(x)))
        x = self.extra(self.transition(x))
        return self.fc(self.linear2(self.linear1(x)).mean((2, 3)))


class PoolNetwork(nn.Module):
    """Dropout, an average-pool shortcut with zero channels on both sides, and a max pool before a linear layer."""

    def __init__(self):
        super().__init__()
        self.conv1 = conv(3, 6, 3, 2, bias=True)
        self.dropout1 = Dropout2d(0.25, 0)
        self.conv2 = conv(6, 9, 3, 2, bias=True)
        self.bn2 = nn.BatchNorm2d(9)
        self.conv3 = conv(9, 9, 3, bias=True)
        self.dropout2 = Dropout2d(0.1, 1)
        self.fc = nn.Linear(9, CLASSES, bias=False)

    def forward(self, x):
        x = self.dropout1(functional.relu(self.conv1(x)))
        y = self.bn2(self.conv2(x))
        x = functional.relu(y + pad_channels(functional.avg_pool2d(x, 2), 1, 2))
        x = self.conv3(functional.avg_pool2d(x, 2))
        x = functional.max_pool2d(self.dropout2(x), 4)
        return self.fc(x.flatten(1))


NETWORKS = {'bottleneck': BottleneckNetwork, 'projection': ProjectionNetwork, 'pools': PoolNetwork}

write_measured(
    'src/testing/fixtures/blocks.json',
    {},
    [{'name': name, **measure(create)} for name, create in NETWORKS.items()],
)

"""How hard the built-in set is: the numbers of docs/builtin-set.md, by PyTorch on the CPU.

    npx tsx scripts/evidence/dump-builtin-set.ts DIR
    python3 scripts/evidence/builtin_set.py DIR {linear,tiny,resnet,depth}
"""

import argparse
import math
import pathlib

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

CLASSES = 10
CHECKS = {}


def check(run):
    CHECKS[run.__name__] = run
    return run


def read(path):
    records = np.fromfile(path, np.uint8).reshape(-1, 1 + 3 * 32 * 32)
    pixels = torch.tensor(records[:, 1:].reshape(-1, 3, 32, 32)).float() / 255
    return pixels, torch.tensor(records[:, 0].astype(np.int64))


class Block(nn.Module):
    """conv - BN - ReLU - conv - BN, plus every second pixel and zero channels half on each side, ReLU."""

    def __init__(self, width_in, width, stride, identity):
        super().__init__()
        self.conv1 = nn.Conv2d(width_in, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.stride, self.before = stride, (width - width_in) // 2
        self.after = width - width_in - self.before
        self.identity = identity

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        if self.identity:
            y = y + F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, self.before, self.after))
        return F.relu(y)


def he_network(n, width, identity):
    """The CIFAR network of arXiv:1512.03385, section 4.2, with 6n + 2 weight layers."""
    layers = [nn.Conv2d(3, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU()]
    width_in = width
    for stage in range(3):
        for i in range(n):
            layers.append(Block(width_in, width << stage, 2 if stage and i == 0 else 1, identity))
            width_in = width << stage
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(width_in, CLASSES)]
    for layer in nn.Sequential(*layers).modules():
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            nn.init.kaiming_normal_(layer.weight)
    nn.init.zeros_(layers[-1].bias)
    return nn.Sequential(*layers)


def augment(x):
    """A 32 x 32 crop of the image padded by 4, mirrored half of the time."""
    padded = F.pad(x, (4, 4, 4, 4))
    crops = []
    for image in padded:
        top, left = torch.randint(0, 9, (2,)).tolist()
        crop = image[:, top : top + 32, left : left + 32]
        crops.append(crop.flip(2) if torch.rand(()) < 0.5 else crop)
    return torch.stack(crops)


@torch.no_grad()
def accuracy(net, split):
    net.eval()
    correct = sum((net(x).argmax(1) == y).sum().item() for x, y in zip(*(part.split(250) for part in split)))
    net.train()
    return correct / len(split[1])


def train(net, data, images, batch, rate, decay=0.0, augmented=False, each_epoch=None):
    """SGD with momentum 0.9, the rate falling to 0 by half a cosine; `images` seen in all."""
    pixels, labels = data
    optimiser = torch.optim.SGD(net.parameters(), rate, momentum=0.9, weight_decay=decay)
    steps, per_epoch, order = images // batch, len(labels) // batch, None
    for step in range(steps):
        at = step % per_epoch
        if at == 0:
            order = torch.randperm(len(labels))
        chosen = order[at * batch : (at + 1) * batch]
        for group in optimiser.param_groups:
            group["lr"] = rate * 0.5 * (1 + math.cos(math.pi * step / steps))
        x = augment(pixels[chosen]) if augmented else pixels[chosen]
        loss = F.cross_entropy(net(x), labels[chosen])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if each_epoch and at == per_epoch - 1:
            each_epoch((step + 1) // per_epoch)


@check
def linear(train_set, test_set):
    """Softmax regression on the normalised pixels, 20 epochs of Adam, three strengths of weight decay."""
    pixels, labels = train_set
    for decay in (0.0, 1e-3, 3e-2):
        torch.manual_seed(0)
        net = nn.Sequential(nn.Flatten(), nn.Linear(3 * 32 * 32, CLASSES))
        optimiser = torch.optim.Adam(net.parameters(), 3e-4)
        for _ in range(20):
            for chosen in torch.randperm(len(labels)).split(128):
                loss = F.cross_entropy(net(pixels[chosen]), labels[chosen]) + decay * net[1].weight.square().sum()
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
        print(f"linear, decay {decay}: train {accuracy(net, train_set):.3f}, test {accuracy(net, test_set):.3f}")


@check
def tiny(train_set, test_set):
    """Smallest pairs (n = 1, width 4): the end-to-end test's, and the page's without a GPU."""
    for first, epochs, batch in ((3000, 1, 16), (3000, 1, 32), (1500, 4, 16)):
        images = tuple(part[:first] for part in train_set)
        for identity in (True, False):
            scores = []
            for seed in range(10):
                torch.manual_seed(seed)
                net = he_network(1, 4, identity)
                train(net, images, images=epochs * first, batch=batch, rate=0.05)
                scores.append(accuracy(net, test_set))
            print(
                f"{first} images x {epochs}, batch {batch}, {'with' if identity else 'without'} identity: "
                f"min {min(scores):.3f}, mean {np.mean(scores):.3f}, max {max(scores):.3f} of {len(scores)} seeds",
                flush=True,
            )


@check
def resnet(train_set, test_set):
    """ResNet-20, six epochs."""
    torch.manual_seed(0)
    net = he_network(3, 16, True)
    train(
        net,
        train_set,
        images=6 * 5000,
        batch=64,
        rate=0.1,
        decay=1e-4,
        augmented=True,
        each_epoch=lambda epoch: print(f"ResNet-20, epoch {epoch}: test {accuracy(net, test_set):.3f}", flush=True),
    )


@check
def depth(train_set, test_set):
    """Deeper networks of width 8 with and without identity, four epochs each, three seeds."""
    for n in (1, 3, 9):
        for identity in (True, False):
            scores = []
            for seed in range(3):
                torch.manual_seed(seed)
                net = he_network(n, 8, identity)
                train(net, train_set, images=4 * 5000, batch=64, rate=0.1, decay=1e-4, augmented=True)
                scores.append(accuracy(net, test_set))
            print(
                f"width 8, {6 * n + 2} layers, {'with' if identity else 'without'} identity: "
                + " ".join(f"{score:.3f}" for score in scores),
                flush=True,
            )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("check", choices=CHECKS)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    pixels, labels = read(arguments.directory / "train.bin")
    test_pixels, test_labels = read(arguments.directory / "test.bin")
    std, mean = torch.std_mean(pixels, (0, 2, 3), keepdim=True)
    CHECKS[arguments.check](((pixels - mean) / std, labels), ((test_pixels - mean) / std, test_labels))


if __name__ == "__main__":
    main()

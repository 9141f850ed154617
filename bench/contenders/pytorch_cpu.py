"""Trains a network of the benchmark in PyTorch on the CPU, for pytorch.ts.

A request a line on stdin, a reply a line on stdout, both JSON: open (threads), prepare (a Graph, its values, images),
train (steps), release. Arrays of float32 are base64, images NHWC.
"""

import base64
import json
import math
import platform
import signal
import sys

try:
    import torch
    import torch.nn.functional as F
    from torch import nn
except ModuleNotFoundError:
    print(json.dumps({'kind': 'absent'}), flush=True)
    sys.exit()

SIDE, CHANNELS = 32, 3

# 5 to 12 % faster than contiguous at batches of 32 and 128, no slower at 8 (ResNet-20, PyTorch 1.13).
LAYOUT = torch.channels_last


def float32(text, shape):
    return torch.frombuffer(bytearray(base64.b64decode(text)), dtype=torch.float32).reshape(shape)


def layer_of(node, inputs):
    """The module of a node; its parameters still have PyTorch's own initial values."""
    op, attrs, channels = node['op'], node.get('attrs'), node['shape']['channels']
    if op == 'conv2d':
        kernel, stride = attrs['kernel'], attrs['stride']
        return nn.Conv2d(inputs, channels, kernel, stride, kernel // 2, bias=attrs['bias'] is not None)
    if op == 'batchNorm':
        return nn.BatchNorm2d(channels, eps=attrs['epsilon'], momentum=attrs['momentum'])
    if op == 'dense':
        return nn.Linear(inputs, channels, bias=attrs['bias'] is not None)
    return None


def function_of(node):
    """What a node without parameters computes."""
    op, attrs = node['op'], node.get('attrs')
    if op == 'padChannels':
        return lambda x: F.pad(x, (0, 0, 0, 0, attrs['before'], attrs['after']))
    functions = {
        'relu': F.relu,
        'add': torch.add,
        'subsample2': lambda x: x[:, :, ::2, ::2],
        'globalAvgPool': lambda x: x.mean((2, 3)),
    }
    if op not in functions:
        raise ValueError(f'no network of the benchmark has {op}')
    return functions[op]


class Network(nn.Module):
    def __init__(self, nodes, output, values):
        super().__init__()
        self.output = output
        self.layers = nn.ModuleDict()
        self.steps = []
        last_use = {i: node['id'] for node in nodes for i in node['inputs']}
        for node in nodes:
            if node['op'] == 'input':
                continue
            place, inputs = node['id'], node['inputs']
            layer = layer_of(node, nodes[inputs[0]]['shape']['channels'])
            if layer is not None:
                self.layers[str(place)] = layer
                self.load(layer, node['attrs'], values)
            unused = [i for i in inputs if last_use[i] == place and i != output]
            self.steps.append((place, inputs, function_of(node) if layer is None else layer, unused))

    @staticmethod
    @torch.no_grad()
    def load(layer, attrs, values):
        names = {'weight': attrs.get('weight', attrs.get('scale')), 'bias': attrs.get('bias', attrs.get('shift'))}
        for name, parameter in layer.named_parameters():
            parameter.copy_(float32(values[names[name]], parameter.shape))

    def forward(self, images):
        values = {0: images}
        for place, inputs, layer, unused in self.steps:
            values[place] = layer(*(values[i] for i in inputs))
            # As in a forward written by hand, where a variable is overwritten: memory is used again while it is cached.
            for i in unused:
                values.pop(i, None)
        return values[self.output]


class Training:
    def __init__(self, request):
        self.model = Network(request['nodes'], request['output'], request['parameters']).train()
        self.model.to(memory_format=LAYOUT)
        nhwc = float32(request['images'], (-1, SIDE, SIDE, CHANNELS))
        self.images = nhwc.permute(0, 3, 1, 2).contiguous(memory_format=LAYOUT)
        self.labels = torch.tensor(request['labels'])
        self.optimiser = torch.optim.SGD(self.model.parameters(), **request['optimiser'])

    def train(self, steps):
        for _ in range(steps):
            self.optimiser.zero_grad(set_to_none=True)
            loss = F.cross_entropy(self.model(self.images), self.labels)
            loss.backward()
            self.optimiser.step()
        value = loss.item()
        return value if math.isfinite(value) else None


class Service:
    def __init__(self):
        self.training = None

    def answer(self, request):
        kind = request['kind']
        if kind == 'open':
            torch.set_num_threads(request['threads'])
            return {
                'kind': 'opened',
                'torch': torch.__version__,
                'python': platform.python_version(),
                'threads': torch.get_num_threads(),
            }
        if kind == 'prepare':
            self.training = Training(request)
        elif kind == 'train':
            return {'kind': 'trained', 'loss': self.training.train(request['steps'])}
        elif kind == 'release':
            self.training = None
        else:
            raise ValueError(f'no request is called {kind}')
        return {'kind': 'done'}


def main():
    # Ctrl-C ends the benchmark, and this process without a traceback.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    replies, sys.stdout = sys.stdout, sys.stderr
    service = Service()
    for line in sys.stdin:
        try:
            reply = service.answer(json.loads(line))
        except Exception as error:
            reply = {'kind': 'failed', 'reason': f'PyTorch: {error}'}
        print(json.dumps(reply), file=replies, flush=True)


if __name__ == '__main__':
    main()

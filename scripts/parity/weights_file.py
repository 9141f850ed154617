"""PyTorch's side of the weights file.

Without arguments: writes the state_dict of a small network as a safetensors file, with a writer of our own, for the test
of src/transfer/weights-file.ts. With the path of a file that the lab exported from the same network
(n = 1, width 2, conv1x1-bn, 10 classes): loads it with strict=True.
"""

import json
import sys

import numpy
import torch
from torch import nn

from fixture import ROOT, noise

FIXTURE = 'src/testing/fixtures/he-n1-w2-conv1x1.safetensors'
WIDTH, CLASSES, STEPS = 2, 10, 1234
TYPES = {torch.int64: ('I64', '<i8'), torch.float32: ('F32', '<f4')}


def conv_bn(inputs, outputs, kernel):
    return nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, bias=False), nn.BatchNorm2d(outputs)


def block(inputs, outputs):
    conv1, bn1 = conv_bn(inputs, outputs, 3)
    conv2, bn2 = conv_bn(outputs, outputs, 3)
    parts = nn.ModuleDict({'conv1': conv1, 'bn1': bn1, 'conv2': conv2, 'bn2': bn2})
    if inputs != outputs:
        parts['shortcut'] = nn.Sequential(*conv_bn(inputs, outputs, 1))
    return nn.Sequential(parts)


def network():
    """Only names and shapes matter here, so there is no forward pass."""
    conv1, bn1 = conv_bn(3, WIDTH, 3)
    return nn.ModuleDict({
        'conv1': conv1,
        'bn1': bn1,
        'layer1': block(WIDTH, WIDTH),
        'layer2': block(WIDTH, 2 * WIDTH),
        'layer3': block(2 * WIDTH, 4 * WIDTH),
        'linear': nn.Linear(4 * WIDTH, CLASSES),
    })


def fill(state):
    """Counters take STEPS; the other tensors, by name, take noise salted with their place."""
    floats = sorted(name for name, tensor in state.items() if tensor.dtype == torch.float32)
    return {
        name: noise(floats.index(name), tensor.shape) if name in floats else torch.tensor(STEPS)
        for name, tensor in state.items()
    }


def save(path, state):
    header, values = {'__metadata__': {'format': 'pt'}}, b''
    for name, tensor in sorted(state.items(), key=lambda item: (item[1].dtype != torch.int64, item[0])):
        dtype, layout = TYPES[tensor.dtype]
        encoded = tensor.contiguous().numpy().astype(layout).tobytes()
        offsets = [len(values), len(values) + len(encoded)]
        header[name] = {'dtype': dtype, 'shape': list(tensor.shape), 'data_offsets': offsets}
        values += encoded
    text = json.dumps(header, separators=(',', ':')).encode()
    text += b' ' * (-len(text) % 8)
    path.write_bytes(len(text).to_bytes(8, 'little') + text + values)
    print(f'{FIXTURE}: {path.stat().st_size} bytes')


def load(path):
    content = open(path, 'rb').read()
    start = 8 + int.from_bytes(content[:8], 'little')
    header = json.loads(content[8:start])
    header.pop('__metadata__', None)
    layouts = dict(TYPES.values())
    state = {}
    for name, entry in header.items():
        begin, end = entry['data_offsets']
        values = numpy.frombuffer(content[start + begin:start + end], layouts[entry['dtype']])
        state[name] = torch.tensor(values).reshape(entry['shape'])
    return state


def main():
    if len(sys.argv) > 1:
        print(network().load_state_dict(load(sys.argv[1]), strict=True))
        return
    target = ROOT / FIXTURE
    target.parent.mkdir(parents=True, exist_ok=True)
    save(target, fill(network().state_dict()))


if __name__ in ('__main__', '<run_path>'):
    main()

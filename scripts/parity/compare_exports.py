"""PyTorch's half of the comparison of what the lab takes out: `compare_exports.py DATA OUT` after measure-exports.ts.

For each folder: loads the exported script's own network with strict=True for the logits of 64 test images, runs the
script with torch.distributed.run in two processes (gloo) for 5 steps, and prints a row of relative differences.
"""

import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import torch

LIMIT = 1e-4


def relative(found, wanted):
    found, wanted = torch.tensor(found).double(), torch.tensor(wanted).double()
    return float((found - wanted).norm() / wanted.norm())


def load_script(folder):
    spec = importlib.util.spec_from_file_location('train', folder / 'train.py')
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def logits(folder, data):
    script = load_script(folder)
    network = script.Network()
    network.load_state_dict(script.load_safetensors(folder / 'weights.safetensors'), strict=True)
    network.eval()
    constants = script.statistics(script.read_images(data, script.TRAIN_FILES, None)[0])
    images, _ = script.read_images(data, script.TEST_FILES, 64)
    with torch.no_grad():
        return network(script.normalise(images, *constants)).flatten().tolist()


def losses(folder, data):
    """Of 5 steps in two processes."""
    # PyTorch 1.13 does not know its own default of --redirects and --tee under Python 3.11 and later.
    launcher = ['-m', 'torch.distributed.run', '--nproc_per_node', '2', '--redirects', '1', '--tee', '1']
    command = [sys.executable, *launcher, folder / 'train.py', '--data', data]
    options = ['--steps', '5', '--sequential', '--no-augmentation', '--from-step', '0', '--out', folder / 'trained.safetensors']
    environment = {**os.environ, 'OMP_NUM_THREADS': '1'}
    done = subprocess.run([*command, *options], check=True, capture_output=True, text=True, env=environment)
    return [float(loss) for loss in re.findall(r'loss ([\d.]+)', done.stdout)]


def main():
    data, out = sys.argv[1:]
    print('| run | ONNX logits | tfjs logits | PyTorch logits | first loss, lab | PyTorch, two processes | difference |')
    print('| --- | --: | --: | --: | --: | --: | --: |')
    failed = False
    for path in sorted(Path(out).glob('*/metrics.json')):
        folder = path.parent
        metrics = json.loads(path.read_text())
        found = losses(folder, data)
        assert len(found) == 5, found
        differences = [relative(values, metrics['logits']) for values in (metrics['onnx'], metrics['tfjs'], logits(folder, data))]
        differences.append(abs(found[0] - metrics['loss']))
        failed |= max(differences) > LIMIT
        shown = ['%.1e' % value for value in differences]
        print('|', ' | '.join([folder.name, *shown[:3], '%.6f' % metrics['loss'], '%.6f' % found[0], shown[3]]), '|', flush=True)
    sys.exit(failed)


if __name__ == '__main__':
    main()

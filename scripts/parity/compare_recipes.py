"""PyTorch's half of the comparison of exported recipes: `compare_recipes.py DATA OUT` after measure-recipes.ts.

For each folder: the exported script's learning rate at every step beside the lab's, its losses of 2 and of 5 steps
beside the lab's, and its augmentation of 256 training images beside torchvision's with the same draws, pixel by pixel.

Needs Debian's python3-torchvision beside python3-torch.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import torch
from torchvision.transforms import functional

from compare_exports import load_script

RATE_LIMIT = 1e-12
LOSS_LIMIT = 1e-4
IMAGES = 256
SEED = 7


def rate_difference(script, recipe):
    base = script.RATE
    differences = [
        abs(script.rate_at(step, recipe['perEpoch'], recipe['total'], base) - rate) / max(rate, 1e-30)
        for step, rate in enumerate(recipe['rates'])
    ]
    return max(differences)


def losses(folder, data, recipe):
    options = ['--steps', str(len(recipe['losses'])), '--from-step', str(recipe['from']), '--sequential']
    quiet = ['--no-augmentation', '--no-evaluation', '--out', folder / 'trained.safetensors']
    command = [sys.executable, folder / 'train.py', '--data', data, *options, *quiet]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return [float(loss) for loss in re.findall(r'loss ([\d.]+)', done.stdout)]


def draws(script, generator):
    """What `augment` draws, in its order: edges of the crop from the image's own, mirrored or not, degrees."""
    left, top = (torch.randint(script.CROP_OFFSETS, (IMAGES, 1, 1), generator=generator).flatten() for _ in 'xy')
    flip = torch.randint(2, (IMAGES, 1, 1), generator=generator).flatten().bool() if script.FLIP else torch.zeros(IMAGES).bool()
    degrees = (2 * torch.rand((IMAGES, 1, 1), generator=generator, dtype=torch.float64).flatten() - 1) * script.ROTATION
    return zip(left.tolist(), top.tolist(), flip.tolist(), degrees.tolist())


def torchvision_image(image, padding, left, top, flip, degrees):
    """Rotate, mirror, crop from the padding: iavicenna's order. The others crop, then mirror: the same where nothing is rotated."""
    if degrees:
        image = functional.rotate(image, degrees)
    padded = functional.pad(image, padding)
    cropped = functional.crop(padded, top, left, 32, 32)
    return functional.hflip(cropped) if flip else cropped


def pixels_that_differ(script, images):
    found = script.augment(images, torch.Generator().manual_seed(SEED))
    wanted = [
        torchvision_image(image, script.CROP_PADDING, *chosen)
        for image, chosen in zip(images, draws(script, torch.Generator().manual_seed(SEED)))
    ]
    return int((found != torch.stack(wanted)).any(1).sum())


def main():
    data, out = sys.argv[1:]
    print('| preset, recipe | learning rates | 2 losses | 5 losses | augmented pixels that differ |')
    print('| --- | --: | --: | --: | --: |')
    failed = False
    for path in sorted(Path(out).glob('*/recipe.json')):
        folder = path.parent
        recipe = json.loads(path.read_text())
        script = load_script(folder)
        rates = rate_difference(script, recipe)
        found = losses(folder, data, recipe)
        assert len(found) == len(recipe['losses']), found
        differences = [abs(one - other) / other for one, other in zip(found, recipe['losses'])]
        # One step of the optimiser lies behind the second; what rounding adds grows with each further one.
        second = max(differences[:2])
        images, _ = script.read_images(data, script.TRAIN_FILES, IMAGES)
        pixels = pixels_that_differ(script, images)
        failed |= rates > RATE_LIMIT or second > LOSS_LIMIT
        print('|', ' | '.join([folder.name, '%.1e' % rates, '%.1e' % second, '%.1e' % max(differences), '%d of %d' % (pixels, IMAGES * 1024)]), '|', flush=True)
    sys.exit(failed)


if __name__ == '__main__':
    main()

"""torchvision's augmentations of one image: rotation, mirroring and a crop from padding, each alone and in the systems' orders.

Needs Debian's python3-torchvision beside python3-torch.
"""

import hashlib

import numpy
from PIL import Image
from torchvision.transforms import functional

from fixture import byte_noise, write

SALT = 900
# torchvision's transforms in their order: 'rotate' by degrees counter-clockwise (each a float32), 'mirror', and 'crop'
# from a padding at a left and top edge.
CASES = [
    # One at a time.
    [('rotate', 5.0)],
    [('rotate', -5.0)],
    [('rotate', 0.25)],
    [('rotate', 90.0)],
    [('mirror',)],
    *[[('crop', 4, left, top)] for left, top in ((4, 4), (0, 0), (8, 8), (0, 8), (7, 0), (3, 5))],
    [('crop', 1, 2, 0)],
    [('crop', 16, 32, 1)],
    # Crop, then mirror: mbsariyildiz, zhenye-na, drgripa1, akamaster.
    [('crop', 4, 0, 8), ('mirror',)],
    [('crop', 4, 7, 2), ('mirror',)],
    # Rotate, mirror, crop: iavicenna.
    [('rotate', 0.0), ('crop', 4, 4, 4)],
    [('rotate', -3.4375), ('mirror',), ('crop', 4, 7, 2)],
    [('rotate', 2.78125), ('mirror',), ('crop', 4, 3, 5)],
    [('rotate', 0.25), ('mirror',), ('crop', 4, 0, 8)],
    [('rotate', 37.5), ('crop', 4, 1, 6)],
    [('rotate', 90.0), ('mirror',), ('crop', 4, 4, 4)],
]


def crop(image, padding, left, top):
    return functional.crop(functional.pad(image, padding), top, left, 32, 32)


STEPS = {'rotate': functional.rotate, 'mirror': functional.hflip, 'crop': crop}


def augment(image, steps):
    for name, *arguments in steps:
        image = STEPS[name](image, *arguments)
    return numpy.asarray(image).transpose(2, 0, 1).tobytes()


planes = byte_noise(SALT, [3, 32, 32]).numpy()
image = Image.fromarray(numpy.ascontiguousarray(planes.transpose(1, 2, 0)))
write('src/testing/fixtures/augmentation.json', {
    'salt': SALT,
    'cases': [
        {'steps': [list(step) for step in steps], 'sha256': hashlib.sha256(augment(image, steps)).hexdigest()}
        for steps in CASES
    ],
})

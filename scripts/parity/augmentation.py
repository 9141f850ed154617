"""torchvision's augmentations of one image, in the order of the systems that rotate: rotate, mirror, crop from padding.

Needs Debian's python3-torchvision beside python3-torch.
"""

import base64

import numpy
from PIL import Image
from torchvision.transforms import functional

from fixture import byte_noise, write

PADDING = 4
SALT = 900
# Degrees counter-clockwise, each a float32; mirrored or not; left and top edge of the crop.
CASES = [
    (0.0, False, 4, 4),
    (5.0, False, 4, 4),
    (-5.0, False, 4, 4),
    (0.25, True, 0, 8),
    (-3.4375, True, 7, 2),
    (2.78125, True, 3, 5),
    (37.5, False, 1, 6),
    (90.0, True, 4, 4),
]


def augment(image, angle, mirrored, left, top):
    image = functional.rotate(image, angle)
    if mirrored:
        image = functional.hflip(image)
    image = functional.crop(functional.pad(image, PADDING), top, left, 32, 32)
    planes = numpy.asarray(image).transpose(2, 0, 1)
    return base64.b64encode(planes.tobytes()).decode('ascii')


planes = byte_noise(SALT, [3, 32, 32]).numpy()
image = Image.fromarray(numpy.ascontiguousarray(planes.transpose(1, 2, 0)))
write('src/engine/fixtures/augmentation.json', {
    'salt': SALT,
    'padding': PADDING,
    'cases': [
        {'angle': angle, 'mirrored': mirrored, 'left': left, 'top': top,
         'pixels': augment(image, angle, mirrored, left, top)}
        for angle, mirrored, left, top in CASES
    ],
})

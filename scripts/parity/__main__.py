"""Writes every fixture again: `python3 scripts/parity` (Debian's python3-torch, python3-torchvision, python3-scipy and python3-numpy will do; depth_slopes wants statsmodels)."""

import runpy
import sys
from pathlib import Path

sys.dont_write_bytecode = True
for script in (
    'augmentation',
    'schedules',
    'optimisers',
    'batch_norm',
    'cross_entropy',
    'networks',
    'blocks',
    'initialisation',
    'weights_file',
    'system_fixtures',
    'welch',
    'paired',
    'depth_slopes',
):
    runpy.run_path(str(Path(__file__).parent / f'{script}.py'))

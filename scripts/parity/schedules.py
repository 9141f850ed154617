"""torch.optim.lr_scheduler's rates step by step (or epoch by epoch), for src/config/schedule.test.ts."""

import math
import warnings

import torch
from torch.optim import lr_scheduler

from fixture import noise, write

RATE = 0.1
# SequentialLR itself does what PyTorch warns of.
warnings.filterwarnings('ignore', message='The epoch parameter')


def rates(steps, construct):
    optimiser = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=RATE)
    scheduler = construct(optimiser)
    found = []
    for _ in range(steps):
        found.append(optimiser.param_groups[0]['lr'])
        optimiser.step()
        scheduler.step()
    return found


def ramp(optimiser, length):
    return lr_scheduler.LinearLR(optimiser, start_factor=1 / length, total_iters=length - 1)


def after_ramp(optimiser, length, then):
    return lr_scheduler.SequentialLR(optimiser, [ramp(optimiser, length), then], milestones=[length])


def with_ramp(optimiser, length, beside):
    return lr_scheduler.ChainedScheduler([ramp(optimiser, length), beside])


def case(schedule, warmup, steps, construct):
    return {'schedule': schedule, 'warmup': warmup, 'rates': rates(steps, construct)}


def linear(length):
    return {'kind': 'linear', 'unit': 'epoch', 'length': length}


def one_cycle(steps, rise=0.3, start=25.0, end=1e4):
    schedule = {'kind': 'one-cycle', 'rise': rise, 'startDivisor': start, 'endDivisor': end}
    return case(schedule, None, steps, lambda o: lr_scheduler.OneCycleLR(
        o, max_lr=RATE, total_steps=steps, pct_start=rise, div_factor=start, final_div_factor=end, cycle_momentum=False))


def constant(length, factor):
    return {'kind': 'constant', 'unit': 'epoch', 'length': length, 'factor': factor}


def with_constant(optimiser, length, factor, beside):
    first = lr_scheduler.ConstantLR(optimiser, factor=factor, total_iters=length)
    return lr_scheduler.ChainedScheduler([first, beside])


STEP = {'kind': 'step', 'unit': 'epoch', 'milestones': [6, 12, 16], 'factor': 0.2}
EXPONENTIAL = {'kind': 'exponential', 'unit': 'epoch', 'rate': 0.01}
COSINE = {'kind': 'cosine', 'unit': 'epoch'}


def multi_step(optimiser):
    return lr_scheduler.MultiStepLR(optimiser, milestones=STEP['milestones'], gamma=STEP['factor'])


def exponential(optimiser):
    return lr_scheduler.ExponentialLR(optimiser, gamma=math.exp(-EXPONENTIAL['rate']))


def plateau(metrics, watches, **options):
    optimiser = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=RATE)
    settings = {'factor': 0.1, 'patience': 10, 'threshold': 1e-4, 'cooldown': 0, 'minRate': 0.0, **options}
    torch_names = {'minRate': 'min_lr'}
    scheduler = lr_scheduler.ReduceLROnPlateau(
        optimiser, mode='min' if watches == 'loss' else 'max',
        **{torch_names.get(name, name): value for name, value in settings.items()})
    found = []
    for metric in metrics:
        scheduler.step(metric)
        found.append(optimiser.param_groups[0]['lr'])
    return {'schedule': {'kind': 'plateau', 'watches': watches, **settings}, 'metrics': metrics, 'rates': found}


EPOCHS = 60
# Falling (rising) for a third of the epochs, then noise around a level.
wobble = (noise(700, [EPOCHS]) * 0.02).double().tolist()
losses = [0.4 + 2 * max(0.0, 1 - epoch / 20) + wobble[epoch] for epoch in range(EPOCHS)]
accuracies = [0.9 - 0.8 * max(0.0, 1 - epoch / 20) + wobble[epoch] for epoch in range(EPOCHS)]

write('src/testing/fixtures/schedules.json', {
    'rate': RATE,
    'cases': [
        case(STEP, None, 20, multi_step),
        case(STEP, linear(4), 20, lambda o: with_ramp(o, 4, multi_step(o))),
        case(STEP, constant(1, 0.1), 20, lambda o: with_constant(o, 1, 0.1, multi_step(o))),
        case(EXPONENTIAL, constant(3, 0.25), 20, lambda o: with_constant(o, 3, 0.25, exponential(o))),
        case(EXPONENTIAL, None, 20, exponential),
        case(EXPONENTIAL, linear(5), 20, lambda o: with_ramp(o, 5, exponential(o))),
        case(COSINE, None, 20, lambda o: lr_scheduler.CosineAnnealingLR(o, T_max=20)),
        case(COSINE, linear(4), 20, lambda o: after_ramp(o, 4, lr_scheduler.CosineAnnealingLR(o, T_max=16))),
        one_cycle(20),
        one_cycle(37, rise=0.45, start=10.0, end=100.0),
        one_cycle(3),
    ],
    'plateaus': [
        plateau(losses, 'loss'),
        plateau(losses, 'loss', patience=3, cooldown=2, factor=0.5),
        plateau(losses, 'loss', patience=2, minRate=0.004, factor=0.3),
        plateau(accuracies, 'accuracy', patience=4, threshold=0.01),
    ],
})

// What every PyTorch script says alike, around a run's network and recipe.

export const IMPORTS = `import argparse
import json
import math
import os

import numpy as np
import torch
import torch.distributed as dist
import torch.distributed.nn
from torch import nn
from torch.nn import functional`

export const LAYERS = `def processes():
    return dist.get_world_size() if dist.is_initialized() else 1


def conv(inputs, outputs, kernel, stride=1, bias=False):
    return nn.Conv2d(inputs, outputs, kernel, stride, (kernel - 1) // 2, bias=bias)


class BatchNorm(nn.BatchNorm2d):
    """With the statistics of the batch of all processes together, so that their number changes nothing."""

    def forward(self, x):
        if not self.training or processes() == 1:
            return super().forward(x)
        channels = lambda vector: vector.reshape(1, -1, 1, 1)
        with torch.no_grad():
            total = torch.cat([x.sum((0, 2, 3)), x.new_tensor([x.numel() / x.shape[1]])])
            dist.all_reduce(total)
            count = total[-1]
            centre = total[:-1] / count
        # The corrected two-pass algorithm (Chan, Golub, LeVeque, 1983): E[x^2] - E[x]^2 loses the variance of
        # channels far from 0.
        centred = x - channels(centre)
        sums = torch.cat([centred.sum((0, 2, 3)), (centred * centred).sum((0, 2, 3))])
        offset, square = (torch.distributed.nn.all_reduce(sums) / count).chunk(2)
        variance = square - offset * offset
        with torch.no_grad():
            self.num_batches_tracked += 1
            self.running_mean.lerp_(centre + offset, self.momentum)
            self.running_var.lerp_(variance * count / (count - 1), self.momentum)
        scale = self.weight * torch.rsqrt(variance + self.eps)
        return centred * channels(scale) + channels(self.bias - offset * scale)`

export const TRAINING = `def channel_statistics(images):
    """Mean and population standard deviation of each channel of 0 to 1."""
    counts = torch.stack([images[:, channel].flatten().bincount(minlength=256) for channel in range(3)]).double()
    values = torch.arange(256).double() / 255
    mean = (counts * values).sum(1) / counts.sum(1)
    variance = (counts * (values - mean[:, None]) ** 2).sum(1) / counts.sum(1)
    return mean.float().reshape(3, 1, 1), variance.sqrt().float().reshape(3, 1, 1)


def read_images(folder, files, limit):
    """CIFAR's binary records: labels, then 3,072 bytes in planes of red, green and blue."""
    parts = [np.fromfile(os.path.join(folder, name), np.uint8) for name in files]
    records = np.concatenate(parts).reshape(-1, LABEL_BYTES + 3072)[:limit]
    images = torch.from_numpy(records[:, LABEL_BYTES:].reshape(-1, 3, 32, 32).copy())
    return images, torch.from_numpy(records[:, LABEL_BYTES - 1].astype(np.int64))


def read_held_out(path):
    """Numbers of the training images that the lab set aside for validation, one a line; none where there is no file."""
    if not os.path.exists(path):
        return []
    with open(path) as file:
        return [int(line) for line in file]


def augment(x, generator):
    """Rotation (nearest pixel), crop from a padded image, flip; what shows no pixel is 0. \`x\`: [n, 3, 32, 32]."""
    n = len(x)
    draw = lambda below: torch.randint(below, (n, 1, 1), generator=generator)
    left, top = draw(CROP_OFFSETS) - CROP_PADDING, draw(CROP_OFFSETS) - CROP_PADDING
    flip = draw(2).bool() if FLIP else torch.zeros(n, 1, 1, dtype=torch.bool)
    angle = (2 * torch.rand((n, 1, 1), generator=generator, dtype=torch.float64) - 1) * -ROTATION * math.pi / 180
    row, column = torch.arange(32).reshape(1, 32, 1), torch.arange(32).reshape(1, 1, 32)
    x0, y0 = left + torch.where(flip, 31 - column, column), (top + row).expand(n, 32, 32)
    u, v = x0 + 0.5 - 16, y0 + 0.5 - 16
    x1 = torch.floor(16 + angle.cos() * u + angle.sin() * v).long()
    y1 = torch.floor(16 - angle.sin() * u + angle.cos() * v).long()
    inside = lambda i: (i >= 0) & (i < 32)
    shown = inside(x0) & inside(y0) & inside(x1) & inside(y1)
    source = (y1.clamp(0, 31) * 32 + x1.clamp(0, 31)).reshape(n, 1, -1).expand(n, 3, -1)
    pixels = x.reshape(n, 3, -1).gather(2, source).reshape(n, 3, 32, 32)
    return torch.where(shown[:, None], pixels, torch.zeros((), dtype=x.dtype))


def load_safetensors(path):
    """8 bytes with the header's length, a header in JSON, the values."""
    with open(path, 'rb') as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), 'little')))
        data = file.read()
    header.pop('__metadata__', None)
    types = {'F32': np.float32, 'I64': np.int64}
    return {
        name: torch.from_numpy(
            np.frombuffer(data[slice(*entry['data_offsets'])], types[entry['dtype']]).reshape(entry['shape']).copy())
        for name, entry in header.items()
    }


def save_safetensors(path, tensors):
    """As the lab reads them: the page's Import weights, or lab evaluate --weights."""
    header, end = {}, 0
    arrays = {name: tensor.cpu().contiguous().numpy() for name, tensor in tensors.items()}
    for name, array in sorted(arrays.items(), key=lambda item: -item[1].itemsize):
        kind = 'I64' if array.dtype == np.int64 else 'F32'
        header[name] = {'dtype': kind, 'shape': list(array.shape), 'data_offsets': [end, end + array.nbytes]}
        end += array.nbytes
    text = json.dumps(header).encode()
    text += b' ' * (-len(text) % 8)
    with open(path, 'wb') as file:
        file.write(len(text).to_bytes(8, 'little') + text)
        for name in header:
            file.write(arrays[name].tobytes())


def total_of(values, device):
    """Sums over all processes."""
    sums = torch.tensor(values, dtype=torch.float64, device=device)
    if processes() > 1:
        dist.all_reduce(sums)
    return sums.tolist()


def evaluate(network, images, labels, prepared, rank, device):
    """Mean loss and accuracy with the running statistics; every process takes its share."""
    network.eval()
    loss = right = 0.0
    with torch.no_grad():
        for chosen in torch.arange(rank, len(images), processes()).split(500):
            logits, label = network(prepared(images[chosen]).to(device)), labels[chosen].to(device)
            loss += functional.cross_entropy(logits, label, reduction='sum').item()
            right += (logits.argmax(1) == label).sum().item()
    network.train()
    loss, right = total_of([loss, right], device)
    return loss / len(images), right / len(images)


def parse_options():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--data', required=True, help='the folder of the binary files')
    parser.add_argument('--weights', default=os.path.join(here, 'weights.safetensors'))
    parser.add_argument('--held-out', default=os.path.join(here, 'validation.txt'))
    parser.add_argument('--out', default='trained.safetensors', help='where the trained weights go')
    parser.add_argument('--from-step', type=int, default=STEPS_TAKEN, help='where in the schedule to begin')
    parser.add_argument('--steps', type=int, help='take so many; without it, to the end of the budget')
    parser.add_argument('--sequential', action='store_true', help="the images in the files' order")
    parser.add_argument('--no-augmentation', action='store_true')
    parser.add_argument('--no-evaluation', action='store_true')
    return parser.parse_args()


def main():
    options = parse_options()
    if 'RANK' in os.environ:
        dist.init_process_group('nccl' if torch.cuda.is_available() else 'gloo')
    rank = dist.get_rank() if dist.is_initialized() else 0
    say = print if rank == 0 else lambda *words, **more: None
    device = torch.device('cuda', int(os.environ.get('LOCAL_RANK', 0))) if torch.cuda.is_available() else torch.device('cpu')
    if device.type == 'cuda':
        torch.cuda.set_device(device)
    torch.manual_seed(SEED + rank)

    images, labels = read_images(options.data, TRAIN_FILES, TRAIN_IMAGES)
    test_images, test_labels = read_images(options.data, TEST_FILES, TEST_IMAGES)
    held_out = torch.zeros(len(images), dtype=torch.bool)
    held_out[read_held_out(options.held_out)] = True
    checks = {'test': (test_images, test_labels)}
    if held_out.any():
        checks = {'validation': (images[held_out], labels[held_out]), **checks}
    images, labels = images[~held_out], labels[~held_out]
    mean, std = statistics(images)
    prepared = lambda batch: normalise(batch, mean, std)

    def trained_on(batch, generator, share):
        if options.no_augmentation:
            return prepared(batch[share])
        if NORMALISE_FIRST:
            return augment(prepared(batch), generator)[share]
        return prepared(augment(batch, generator)[share])

    network = Network().to(device)
    network.load_state_dict(load_safetensors(options.weights), strict=True)
    optimiser = make_optimiser(network)
    plateau = make_plateau() if make_plateau else None
    model = network
    if processes() > 1:
        ids = [device.index] if device.type == 'cuda' else None
        model = nn.parallel.DistributedDataParallel(network, device_ids=ids, broadcast_buffers=False)
    model.train()

    per_epoch = max(1, math.ceil(len(images) / BATCH))
    total = BUDGET if BUDGET_UNIT == 'iteration' else BUDGET * per_epoch
    end = total if options.steps is None else options.from_step + options.steps
    for step in range(options.from_step, end):
        epoch, place = divmod(step, per_epoch)
        generator = torch.Generator().manual_seed(SEED * 1_000_003 + epoch)
        order = torch.arange(len(images)) if options.sequential else torch.randperm(len(images), generator=generator)
        chosen = order[place * BATCH:(place + 1) * BATCH]
        generator.manual_seed(SEED * 1_000_003 + 500_000 + step)
        share = slice(rank, None, processes())
        x, y = trained_on(images[chosen], generator, share).to(device), labels[chosen][share].to(device)

        base = plateau.optimizer.param_groups[0]['lr'] if plateau else RATE
        for group in optimiser.param_groups:
            group['lr'] = rate_at(step, per_epoch, total, base)
        optimiser.zero_grad()
        loss = functional.cross_entropy(model(x), y, label_smoothing=LABEL_SMOOTHING, reduction='sum') / len(chosen)
        # DistributedDataParallel takes the mean of the processes' gradients, and the batch's is their sum.
        (loss * processes()).backward()
        optimiser.step()
        say('step %d of %d: loss %.6f' % (step + 1, total, total_of([loss.item()], device)[0]), flush=True)

        if place == per_epoch - 1 and not options.no_evaluation:
            for name, (of_images, of_labels) in reversed(checks.items()):
                result = evaluate(network, of_images, of_labels, prepared, rank, device)
                say('epoch %d: %s loss %.4f, accuracy %.2f %%' % (epoch + 1, name, result[0], 100 * result[1]), flush=True)
            if plateau:
                plateau.step(result[0] if WATCHES == 'loss' else result[1])
    if rank == 0:
        save_safetensors(options.out, network.state_dict())
        say('weights in', options.out)


if __name__ == '__main__':
    main()`

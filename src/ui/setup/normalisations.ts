import type { Normalisation } from '../../contract/run-config.ts'

type Named = {
  readonly id: string
  readonly text: string
  readonly note: string
  readonly normalisation: Normalisation
}

/** Channel statistics in common use, red, green, blue, of pixel values ÷ 255. */
export const NORMALISATIONS: readonly Named[] = [
  named('imagenet', 'ImageNet, as akamaster does', [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
  named('cifar10', 'CIFAR-10’s training pixels', [0.4914, 0.4822, 0.4465], [0.247, 0.2435, 0.2616]),
  named('cifar100', 'CIFAR-100’s training pixels', [0.5071, 0.4867, 0.4408], [0.2675, 0.2565, 0.2761]),
]

/** The id of one of `NORMALISATIONS`; null for other figures. */
export function nameOfNormalisation(normalisation: Normalisation): string | null {
  const figures = JSON.stringify([normalisation.mean, normalisation.std])
  const found = NORMALISATIONS.find(
    ({ normalisation: { mean, std } }) => JSON.stringify([mean, std]) === figures,
  )
  return found?.id ?? null
}

function named(id: string, text: string, mean: Normalisation['mean'], std: Normalisation['std']): Named {
  return {
    id,
    text,
    note: `mean ${mean.join(' ')} · deviation ${std.join(' ')}`,
    normalisation: { mean, std },
  }
}

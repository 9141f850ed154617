// Configs of earlier versions, rewritten as today's before they are checked.

export function migrateRunConfig(value: unknown): unknown {
  return [fromVersion1, fromVersion2].reduce((config, migrate) => migrate(config), value)
}

/**
 * What version 2 called a transition is pre-activated: it was taken for iavicenna's, whose code does not do so. A linear
 * layer's bias always began at 0.
 */
function fromVersion2(value: unknown): unknown {
  if (!isRecord(value) || value['version'] !== 2 || !isRecord(value['network'])) return value
  const { block, initialisation, ...network } = value['network']
  const wasTransition = isRecord(block) && block['kind'] === 'transition'
  const isIavicennas = String(value['preset']).startsWith('iavicenna-')
  return {
    ...value,
    version: 3,
    preset: wasTransition && isIavicennas ? null : value['preset'],
    network: {
      ...network,
      block: wasTransition ? { ...block, kind: 'transition-pre-activated' } : block,
      initialisation: isRecord(initialisation) ? { ...initialisation, linearBias: 'zero' } : initialisation,
    },
  }
}

/**
 * Version 1 knew one family, the CIFAR networks of arXiv:1512.03385, by blocks a stage and width; of its schedules only
 * the cosine could warm up.
 */
function fromVersion1(value: unknown): unknown {
  if (!isRecord(value) || value['version'] !== 1 || !isRecord(value['network'])) return value
  const { n, width, shortcut, padding, identity } = value['network']
  const network = {
    stem: { channels: width, dropout: 0 },
    stages: [1, 2, 4].map((factor) => ({ blocks: n, channels: Number(width) * factor })),
    block: { kind: 'basic', reluAfterAdd: true },
    shortcut: shortcut === 'subsample-pad' ? { kind: shortcut, padding } : { kind: shortcut },
    convolutionBias: 'none',
    head: { pool: 'average', bias: true },
    initialisation: {
      weights: 'kaiming-normal-fan-in',
      linear: 'as-convolutions',
      scale: 'one',
      runningVariance: 1,
    },
    identity,
  }
  return { ...value, version: 2, network, ...warmupApart(value['schedule']) }
}

function warmupApart(schedule: unknown): Record<string, unknown> {
  if (!isRecord(schedule) || schedule['kind'] !== 'cosine') return {}
  const { warmup: length, ...rest } = schedule
  return { schedule: rest, warmup: length === 0 ? null : { kind: 'linear', unit: rest['unit'], length } }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

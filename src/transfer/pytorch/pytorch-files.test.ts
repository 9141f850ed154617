// What can be said of the script without PyTorch; scripts/parity/compare_exports.py runs it.
import { describe, expect, test } from 'vitest'
import { PARAMETER_NAMINGS } from '../../network/parameter-namings.ts'
import { namingsOf } from '../../network/rename-parameters.ts'
import { findPreset, PRESETS, preferredNaming } from '../../presets/presets.ts'
import { withBlocks, withWidth } from '../../network/resize-network.ts'
import { type Checkpoint, firstCheckpoint } from '../../training/checkpoint.ts'
import { readSafetensors } from '../safetensors.ts'
import { pytorchFiles } from './pytorch-files.ts'

function checkpointOf(id: string, changes: Partial<Checkpoint['config']> = {}): Checkpoint {
  const preset = findPreset(id)
  if (!preset) throw new Error(`no preset ${id}`)
  const network = withWidth(withBlocks(preset.config.network, 1), 4)
  return firstCheckpoint({ ...preset.config, network, ...changes })
}

function scriptOf(checkpoint: Checkpoint, naming = preferredNaming(checkpoint.config)): string {
  const script = pytorchFiles(checkpoint, naming).get('train.py')
  if (typeof script !== 'string') throw new Error('the script is text')
  return script
}

describe('a run as a PyTorch script', () => {
  test.each(PRESETS.map(({ id }) => id))('%s: every module of the weights is made by the script', (id) => {
    const checkpoint = checkpointOf(id)
    for (const naming of namingsOf(checkpoint.config.network)) {
      const weights = pytorchFiles(checkpoint, naming).get('weights.safetensors')
      if (!(weights instanceof Uint8Array)) throw new Error('the weights are bytes')
      const script = scriptOf(checkpoint, naming)
      for (const name of readSafetensors(weights, 'weights').tensors.keys()) {
        for (const module of name
          .split('.')
          .slice(0, -1)
          .filter((part) => !/^\d+$/.test(part))) {
          expect(script).toContain(`self.${module} = `)
        }
      }
    }
  })

  test('every author’s names are preferred by some preset', () => {
    const preferred = new Set(PRESETS.map(({ config }) => preferredNaming(config)))
    expect([...preferred].toSorted()).toEqual([...PARAMETER_NAMINGS].toSorted())
  })

  test('without identity there is no shortcut', () => {
    const { config } = checkpointOf('he-20')
    const plain = checkpointOf('he-20', { network: { ...config.network, identity: false } })
    expect(scriptOf(checkpointOf('he-20'))).toContain('y = y + shortcut(x, self.outputs, self.stride)')
    expect(scriptOf(plain)).not.toContain('shortcut(')
  })

  test('what is not carried is said', () => {
    const whitened = checkpointOf('iavicenna-14', { whitening: { kind: 'author' } })
    expect(scriptOf(whitened)).toContain('whitened its images')
    expect(scriptOf(checkpointOf('iavicenna-14'))).not.toContain('whitened its images')
  })

  test('images set aside come as a file of their numbers', () => {
    const { config } = checkpointOf('he-20')
    const files = pytorchFiles(
      checkpointOf('he-20', { data: { ...config.data, limitTrain: 50, validation: { images: 3 } } }),
      'akamaster',
    )
    const held = String(files.get('validation.txt')).trim().split('\n').map(Number)
    expect(held).toHaveLength(3)
    expect(held.every((number) => number >= 0 && number < 50)).toBe(true)
    expect(pytorchFiles(checkpointOf('he-20'), 'akamaster').has('validation.txt')).toBe(false)
  })
})

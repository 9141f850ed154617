// Heads as the programs write them, which is all that a kind is known by.
import { expect, test } from 'vitest'
import { defaultSetup } from '../client/setup/default-setup.ts'
import { buildGraph } from '../network/build-graph.ts'
import { heNetwork } from '../presets/he.ts'
import { initialState } from '../training/initialise.ts'
import { writeOnnx } from '../transfer/onnx.ts'
import { fileKindOf } from './file-kinds.ts'
import { writeZip } from './zip.ts'

const config = { ...defaultSetup(null), network: heNetwork({ n: 1, width: 1 }) }
const OWN_ONNX = writeOnnx(initialState(buildGraph(config), 1), config)

const latin1 = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'))
const zipOf = (...names: string[]) => writeZip(new Map(names.map((name) => [name, Uint8Array.of(1, 2)])))

test.each([
  ['empty', new Uint8Array()],
  ['safetensors', latin1('\u0010\0\0\0\0\0\0\0{"__metadata__":{}}')],
  ['git-lfs-pointer', latin1('version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 1093480\n')],
  ['html', latin1('\u00ef\u00bb\u00bf\n<!DOCTYPE html><html lang="en">')],
  ['pytorch-zip', zipOf('resnet20/data.pkl', 'resnet20/version')],
  ['pytorch-zip', zipOf('archive/.format_version')],
  ['npz', zipOf('conv1.weight.npy')],
  ['cifar-zip', zipOf('cifar-10-batches-bin/data_batch_1.bin')],
  ['zip', zipOf('a/run.json')],
  ['gzip', latin1('\u001f\u008b\b\0')],
  ['tar', latin1(`${'cifar-10-batches-bin/'.padEnd(257, '\0')}ustar\u000000`)],
  ['cifar-python', latin1('\u0080\u0002}q\u0001(U\u000bbatch_labelq\u0002U\u0015training batch 1 of 5')],
  [
    'cifar-python',
    latin1("\u0080\u0002}q\u0001(U\u0013num_cases_per_batchq\u0002M\u0010'U\u000blabel_names"),
  ],
  ['matlab', latin1('MATLAB 5.0 MAT-file, Platform: GLNX86')],
  [
    'pytorch-pickle',
    latin1('\u0080\u0002\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019.\u0080\u0002M\u00e9\u0003.'),
  ],
  ['pickle', latin1('\u0080\u0004\u0095\u0010\0\0\0')],
  ['hdf5', latin1('\u0089HDF\r\n\u001a\n\0')],
  ['npy', latin1("\u0093NUMPY\u0001\0v\0{'descr': '<f4'")],
  ['onnx', latin1('\b\u0007\u0012\u0007pytorch\u001a\u00032.1')],
  ['onnx', OWN_ONNX],
  ['png', latin1('\u0089PNG\r\n\u001a\n')],
  ['jpeg', latin1('\u00ff\u00d8\u00ff\u00e0')],
  ['rar', latin1('Rar!\u001a\u0007\u0001\0')],
  ['7z', latin1("7z\u00bc\u00af'\u001c\0\u0004")],
  ['xz', latin1('\u00fd7zXZ\0')],
  ['zstandard', latin1('(\u00b5/\u00fd$')],
  ['json', latin1('\u00ef\u00bb\u00bf {"version": 2}')],
  ['text', new TextEncoder().encode('Größe: 3\n')],
  [undefined, Uint8Array.from({ length: 3073 }, (_, i) => (i * 7919) >>> 3)],
])('%s is known by its first bytes', (id, file) => {
  expect(fileKindOf(file)?.id).toBe(id)
})

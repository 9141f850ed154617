// What a file is, by its first bytes: every reader asks here before it says what is wrong with a file, so that a wrong
// file is called by its name.

/** What is looked at; a tar's mark is at byte 257. */
export const HEAD_BYTES = 1024

/** Which reader takes such files, or says best what to do instead. */
export type Reader = 'weights' | 'images' | 'runs' | 'setup'

export type FileKind = {
  readonly id: string
  /** Completes "it is …". */
  readonly title: string
  /** Null where the first bytes do not tell: then its name does. */
  readonly reader: Reader | null
  /** @param text the head, a character for each byte */
  readonly matches: (head: Uint8Array, text: string) => boolean
  /** What to do with it, where that does not depend on what was wanted. */
  readonly remedy?: (fileName: string) => string
}

const startsWith =
  (...bytes: readonly number[]) =>
  (head: Uint8Array) =>
    bytes.every((byte, i) => head[i] === byte)

/** The name of a zip's first file; null for what is no zip. */
function firstZipName(head: Uint8Array, text: string): string | null {
  if (!isZip(head)) return null
  return text.slice(30, 30 + (head[26] ?? 0) + 256 * (head[27] ?? 0))
}
const isZip = startsWith(0x50, 0x4b, 0x03, 0x04)
const zipOf = (name: RegExp) => (head: Uint8Array, text: string) => name.test(firstZipName(head, text) ?? '')

const isPickle = (head: Uint8Array) => head[0] === 0x80 && (head[1] ?? 0) >= 2 && (head[1] ?? 0) <= 5

/** Eight bytes with a header's length, which is below 2^40 in any file there is, then the header's brace. */
const isSafetensors = (head: Uint8Array) =>
  head[5] === 0 && head[6] === 0 && head[7] === 0 && head[8] === 0x7b

function isText(head: Uint8Array): boolean {
  if (head.some((byte) => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d)) return false
  try {
    // The head may end within a character.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
    return true
  } catch {
    return false
  }
}

const stem = (fileName: string) => fileName.replace(/\.[^.]*$/, '')

const pytorchRemedy = (fileName: string) =>
  'It can run code when it is opened, so it is not read here; two lines of Python save its weights as safetensors:\n' +
  `import torch; from safetensors.torch import save_file; d = torch.load('${fileName}', map_location='cpu'); d = d.get('state_dict', d)\n` +
  `save_file({k: v.clone().contiguous() for k, v in d.items()}, '${stem(fileName)}.safetensors')`

/** The first that matches is it. */
const FILE_KINDS: readonly FileKind[] = [
  { id: 'empty', title: 'empty', reader: null, matches: (head) => head.length === 0 },
  {
    id: 'lab-checkpoint',
    title: 'a checkpoint of this lab',
    reader: null,
    matches: (head, text) => isSafetensors(head) && text.includes('"format":"residual-lab-checkpoint"'),
  },
  {
    id: 'safetensors',
    title: 'a safetensors file',
    reader: 'weights',
    matches: isSafetensors,
    remedy: () => 'It can be imported as weights.',
  },
  {
    id: 'git-lfs-pointer',
    title: 'a Git LFS pointer, which stands for a file that is kept elsewhere',
    reader: null,
    matches: (_head, text) => text.startsWith('version https://git-lfs.github.com/'),
    remedy: () => 'Run git lfs pull where it came from, or download the file itself from its web page.',
  },
  {
    id: 'html',
    title: 'a web page, such as a login page or an error',
    reader: null,
    matches: (_head, text) => /^(\u00ef\u00bb\u00bf)?\s*<(!doctype|html|head|body|\?xml)/i.test(text),
    remedy: () =>
      'Open its address in the browser, sign in where it asks for that, and download the file again.',
  },
  {
    id: 'pytorch-zip',
    title: 'a PyTorch checkpoint',
    reader: 'weights',
    matches: zipOf(/(^|\/)(data\.pkl|version|byteorder|\.format_version|\.data\/.*|constants\.pkl)$/),
    remedy: pytorchRemedy,
  },
  {
    id: 'npz',
    title: 'a NumPy archive',
    reader: 'weights',
    matches: zipOf(/\.npy$/),
    remedy: (fileName) =>
      'Two lines of Python save its arrays as safetensors:\n' +
      `import numpy; from safetensors.numpy import save_file; d = numpy.load('${fileName}')\n` +
      `save_file({k: numpy.ascontiguousarray(v) for k, v in d.items()}, '${stem(fileName)}.safetensors')`,
  },
  {
    id: 'cifar-zip',
    title: 'a zip of CIFAR files',
    reader: 'images',
    matches: zipOf(/cifar|data_batch_\d|test_batch|(^|\/)(train|test)\.bin$/i),
  },
  { id: 'zip', title: 'a zip archive', reader: 'runs', matches: isZip },
  { id: 'gzip', title: 'a gzip archive', reader: 'images', matches: startsWith(0x1f, 0x8b) },
  {
    id: 'tar',
    title: 'a tar archive',
    reader: 'images',
    matches: (_head, text) => text.slice(257, 262) === 'ustar',
  },
  {
    id: 'cifar-python',
    title: 'of the Python version of CIFAR',
    reader: 'images',
    matches: (head, text) =>
      isPickle(head) &&
      /batch_label|label_names|num_cases_per_batch|(fine|coarse)_labels|filenames/.test(text),
    remedy: () =>
      'Get the binary version: cifar-10-binary.tar.gz for CIFAR-10, cifar-100-binary.tar.gz for CIFAR-100.',
  },
  {
    id: 'matlab',
    title: 'a MATLAB file',
    reader: 'images',
    matches: (_head, text) => text.startsWith('MATLAB '),
    remedy: () => 'Of CIFAR, get the binary version: cifar-10-binary.tar.gz or cifar-100-binary.tar.gz.',
  },
  {
    id: 'pytorch-pickle',
    title: 'a PyTorch checkpoint',
    reader: 'weights',
    matches: startsWith(0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19),
    remedy: pytorchRemedy,
  },
  { id: 'pickle', title: 'a Python pickle', reader: 'weights', matches: isPickle, remedy: pytorchRemedy },
  {
    id: 'hdf5',
    title: 'an HDF5 file, as Keras writes them',
    reader: 'weights',
    matches: startsWith(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a),
    remedy: () => 'Weights are read from safetensors files with PyTorch’s names and layouts.',
  },
  {
    id: 'npy',
    title: 'a NumPy array',
    reader: 'weights',
    matches: startsWith(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59),
    remedy: () => 'It is one array without a name; weights are read from safetensors files.',
  },
  {
    id: 'onnx',
    title: 'an ONNX model',
    reader: 'weights',
    // A protobuf message: ir_version, then who produced it; or the opsets, as this lab and others write them.
    matches: (head, text) => head[0] === 0x08 && (head[1] ?? 0) < 0x20 && '\u0012:B'.includes(text[2] ?? '-'),
    remedy: () =>
      'Weights are read from safetensors files: save the state_dict that the model was exported from.',
  },
  image('PNG', 0x89, 0x50, 0x4e, 0x47),
  image('JPEG', 0xff, 0xd8, 0xff),
  image('GIF', 0x47, 0x49, 0x46, 0x38),
  { id: 'pdf', title: 'a PDF', reader: null, matches: (_head, text) => text.startsWith('%PDF') },
  packed('a RAR', 0x52, 0x61, 0x72, 0x21, 0x1a, 0x07),
  packed('a 7z', 0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c),
  packed('an xz', 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00),
  packed('a bzip2', 0x42, 0x5a, 0x68),
  packed('a Zstandard', 0x28, 0xb5, 0x2f, 0xfd),
  {
    id: 'json',
    title: 'a JSON file',
    reader: 'setup',
    matches: (head, text) => isText(head) && /^(\u00ef\u00bb\u00bf)?\s*[[{]/.test(text),
    remedy: () => 'If it is a set-up, it can be opened as one.',
  },
  { id: 'text', title: 'a text file', reader: null, matches: isText },
]

function image(name: string, ...bytes: readonly number[]): FileKind {
  return { id: name.toLowerCase(), title: `a ${name} image`, reader: 'images', matches: startsWith(...bytes) }
}

function packed(name: string, ...bytes: readonly number[]): FileKind {
  return {
    id: name.replace(/^an? /, '').toLowerCase(),
    title: `${name} archive`,
    reader: 'images',
    matches: startsWith(...bytes),
    remedy: () => 'Unpack it, then give what is in it.',
  }
}

/** What a file is; null where its first bytes are nobody's. @param head `HEAD_BYTES` of them, or all that there are */
export function fileKindOf(head: Uint8Array): FileKind | null {
  const start = head.subarray(0, HEAD_BYTES)
  const text = Array.from(start, (byte) => String.fromCharCode(byte)).join('')
  return FILE_KINDS.find(({ matches }) => matches(start, text)) ?? null
}

/** A sentence on a file that a reader does not take. @param instead what to give it, where the kind does not say */
export function describeWrongFile(kind: FileKind, fileName: string, wanted: string, instead: string): string {
  return `${fileName} is ${kind.title}, not ${wanted}. ${kind.remedy?.(fileName) ?? instead}`
}

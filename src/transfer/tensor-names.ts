// A file's tensors under the names that a network has for them. What training scripts wrap around a network stands in
// every name, and is no part of it: `module.` of DataParallel, `_orig_mod.` of torch.compile, `model.` of Lightning.
import type { StoredTensor } from './safetensors.ts'

export type NamedTensor = StoredTensor & { readonly nameInFile: string }

/** The tensors under one prefix, by the rest of their names, and those outside it. */
export type NamesUnder = {
  readonly tensors: ReadonlyMap<string, NamedTensor>
  readonly outside: readonly NamedTensor[]
}

/** Modules that PyTorch puts around others, anywhere in a network. */
const WRAPPERS: ReadonlySet<string> = new Set([
  'module',
  '_orig_mod',
  '_fsdp_wrapped_module',
  '_checkpoint_wrapped_module',
])

/** Counts that PyTorch keeps beside the weights, of batches and of averaged steps. */
const COUNTERS = /(^|\.)(num_batches_tracked|n_averaged)$/

export const isCounter = (name: string): boolean => COUNTERS.test(name)

/**
 * The ways in which a file's names can be read: each has left out a prefix that its tensors share, or that stands before
 * one of `landmarks`.
 * @param landmarks names of one tensor of the network, in every author's naming
 */
export function readingsOf(
  tensors: ReadonlyMap<string, StoredTensor>,
  landmarks: readonly string[],
): NamesUnder[] {
  const named = [...tensors].map(([nameInFile, { dtype, shape, bytes }]) => ({
    nameInFile,
    dtype,
    shape,
    bytes,
  }))
  const bare = new Map(named.map((tensor) => [withoutWrappers(tensor.nameInFile), tensor]))
  // Where the wrappers tell two tensors apart they stay.
  const unwrapped =
    bare.size === named.length ? bare : new Map(named.map((tensor) => [tensor.nameInFile, tensor]))
  const names = [...unwrapped.keys()]
  const prefixes = names.flatMap((name) =>
    landmarks.flatMap((landmark) => (name.endsWith(`.${landmark}`) ? [name.slice(0, -landmark.length)] : [])),
  )
  return [...new Set(['', sharedPrefix(names.filter((name) => !isCounter(name))), ...prefixes])].map(
    (prefix) => ({
      tensors: new Map(
        [...unwrapped].flatMap(([name, tensor]) =>
          name.startsWith(prefix) ? [[name.slice(prefix.length), tensor] as const] : [],
        ),
      ),
      outside: [...unwrapped].flatMap(([name, tensor]) =>
        name.startsWith(prefix) || isCounter(name) ? [] : [tensor],
      ),
    }),
  )
}

const withoutWrappers = (name: string) =>
  name
    .split('.')
    .filter((part) => !WRAPPERS.has(part))
    .join('.')

/** The longest one that ends in a dot. */
function sharedPrefix([first = '', ...others]: readonly string[]): string {
  let end = first.lastIndexOf('.')
  while (end >= 0 && !others.every((name) => name.startsWith(first.slice(0, end + 1))))
    end = end === 0 ? -1 : first.lastIndexOf('.', end - 1)
  return first.slice(0, end + 1)
}

import { AppError } from '../../base/app-error.ts'
import { DATA_SETS, type DataSetId } from '../../base/data-set.ts'
import { type ImageSource, openImageSource } from '../image-source.ts'
import { text } from '../options/option-values.ts'
import type { Values, Verb } from '../options/options.ts'
import { UsageError } from '../options/usage.ts'

/**
 * The images that a folder's run trains on; only those from elsewhere must be named again.
 * @throws UsageError, and AppError `checkpoint-mismatch` where `--data` names another set
 */
export async function openRunImages(
  verb: Verb,
  values: Values,
  folder: string,
  set: DataSetId,
): Promise<ImageSource> {
  const place = text(values, 'data') ?? (set === 'builtin' ? 'builtin' : null)
  if (place === null) {
    throw new UsageError(`${verb}: --data is missing; the run in ${folder} trains on ${DATA_SETS[set].title}`)
  }
  const source = await openImageSource(place)
  if (source.set === set) return source
  throw new AppError(
    'checkpoint-mismatch',
    `The run in ${folder} trains on ${DATA_SETS[set].title}, and ${place} is ${DATA_SETS[source.set].title}; give --data the images that it was trained on.`,
  )
}

// A set-up from a file, as far as a person can be expected to drop one: the JSON that the page saves.
import { AppError } from '../../base/app-error.ts'
import { bytesOfFile, sourceOfFile } from '../../files/byte-source.ts'
import { describeWrongFile, fileKindOf, HEAD_BYTES } from '../../files/file-kinds.ts'
import { parseRunConfig, type RunConfig } from '../../config/run-config.ts'

/** A config takes 2 kB; one with 50 stages and schedules by hand stays far below. */
const MOST_BYTES = 1_000_000

/** @throws AppError `config-invalid` naming the file and what is wrong with it */
export async function readSetupFile(file: File): Promise<RunConfig> {
  const kind = fileKindOf(await sourceOfFile(file).read(0, HEAD_BYTES))
  if (kind && kind.id !== 'json') {
    throw new AppError(
      'config-invalid',
      describeWrongFile(kind, file.name, 'a set-up', 'Open a JSON file from “Save set-up”.'),
    )
  }
  if (file.size > MOST_BYTES) {
    throw new AppError(
      'config-invalid',
      `${file.name} is too large for a set-up (${file.size} bytes). Open a JSON file from “Save set-up”.`,
    )
  }
  const text = new TextDecoder().decode(await bytesOfFile(file))
  return parseRunConfig(parseJson(text, file.name), file.name)
}

function parseJson(text: string, fileName: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new AppError('config-invalid', `${fileName} isn’t valid JSON. Open a file from “Save set-up”.`, {
      cause,
    })
  }
}

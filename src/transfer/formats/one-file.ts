import type { Content, Exported, FormatFacts } from './format.ts'

/** An export as one file: a folder becomes a zip. @param name of what is exported, without an extension */
export async function oneFile(
  { id, extension, fileName }: Pick<FormatFacts, 'id' | 'extension' | 'fileName'>,
  name: string,
  exported: Exported,
  at = 0,
): Promise<{ readonly fileName: string; readonly bytes: Uint8Array<ArrayBuffer> }> {
  if (typeof exported === 'string' || exported instanceof Uint8Array) {
    return { fileName: fileName?.(name, at) ?? `${name}.${extension}`, bytes: asBytes(exported) }
  }
  const { writeZip } = await import('../../files/zip.ts')
  const files = new Map([...exported].map(([path, content]) => [path, asBytes(content)]))
  return { fileName: `${name}-${id}.zip`, bytes: writeZip(files) }
}

const asBytes = (content: Content) =>
  typeof content === 'string' ? new TextEncoder().encode(content) : Uint8Array.from(content)

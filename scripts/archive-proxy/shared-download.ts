// One download of an archive into a file, read by many while it arrives.
import { createReadStream } from 'node:fs'
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import {
  readVersion,
  requestUpstream,
  type Upstream,
  UpstreamAnswer,
  type Version,
  writeVersion,
} from './upstream.ts'

export type OpenArchive = {
  readonly version: Version
  /**
   * Bytes `from` up to, not including, `to` (null: to the end), as they arrive.
   * @throws Error where the download ends before them
   */
  read(from: number, to: number | null): AsyncGenerator<Uint8Array, void, undefined>
}

/** Calls `stop` after a while; what it returns prevents that. */
export type AfterIdle = (stop: () => void) => () => void

const READ_BYTES = 256 * 1024
/** An archive has 170 MB. Whatever is much more is none, and is not to fill the disk. */
export const MOST_BYTES = 256 * 1024 * 1024

/**
 * Begins or continues the download of `url` into `path`, where it is once it is whole and its gzip checksum is right.
 * Without readers for a while it stops; its bytes stay beside `path` for the next.
 * @param onEnd called when it has ended, well or not
 * @throws UpstreamAnswer
 */
export async function shareDownload(
  url: string,
  path: string,
  afterIdle: AfterIdle,
  onEnd: () => void,
  mostBytes: number,
): Promise<OpenArchive> {
  const partial = partialOf(path)
  const controller = new AbortController()
  const known = await readVersion(partial)
  const kept = known?.url === url ? await sizeOf(partial) : 0
  const upstream = await requestUpstream(url, kept, known, controller.signal)
  if ((upstream.version.totalBytes ?? 0) > mostBytes) {
    controller.abort()
    throw tooLarge(url, mostBytes)
  }
  await writeVersion(partial, upstream.version)
  const file = await open(partial, upstream.from > 0 ? 'r+' : 'w')
  const arrival = createArrival(upstream.from)
  let readers = 0
  let keepGoing = afterIdle(stopWhenIdle)

  function stopWhenIdle() {
    if (readers === 0) controller.abort(new Error('nobody reads it'))
  }

  receive(file, path, upstream, mostBytes, (bytes) => arrival.advance(bytes))
    .then(
      () => arrival.end(null),
      (error: unknown) => arrival.end(error),
    )
    .finally(() => {
      keepGoing()
      onEnd()
    })

  return {
    version: upstream.version,
    async *read(from, to) {
      readers++
      keepGoing()
      try {
        yield* readArriving(path, from, to, arrival)
      } finally {
        readers--
        keepGoing()
        keepGoing = afterIdle(stopWhenIdle)
      }
    },
  }
}

/** An archive that is whole. */
export function openWhole(path: string, version: Version & { totalBytes: number }): OpenArchive {
  const arrival = createArrival(version.totalBytes)
  arrival.end(null)
  return { version, read: (from, to) => readArriving(path, from, to, arrival) }
}

async function receive(
  file: FileHandle,
  path: string,
  { version, from, body }: Upstream,
  mostBytes: number,
  advance: (bytes: number) => void,
): Promise<void> {
  let at = from
  let isTooLarge = false
  try {
    for await (const piece of body) {
      isTooLarge = at + piece.length > mostBytes
      if (isTooLarge) break
      await file.write(piece, 0, piece.length, at)
      at += piece.length
      advance(piece.length)
    }
  } finally {
    await file.close()
  }
  if (isTooLarge) {
    await discard(path)
    throw tooLarge(version.url, mostBytes)
  }
  if (version.totalBytes !== null && at < version.totalBytes) throw new Error(`${version.url} was cut`)
  await finish(path, version).catch(async (error: unknown) => {
    // Damaged on the way: of no use to the next download either.
    await discard(path)
    throw error
  })
}

async function discard(path: string): Promise<void> {
  await rm(partialOf(path), { force: true })
  await rm(`${partialOf(path)}.json`, { force: true })
}

function tooLarge(url: string, mostBytes: number): UpstreamAnswer {
  const most = Math.round(mostBytes / 1e6)
  return new UpstreamAnswer(
    502,
    'text/plain; charset=utf-8',
    `${url} is larger than an archive can be (${most} MB).\n`,
  )
}

async function finish(path: string, version: Version): Promise<void> {
  const partial = partialOf(path)
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  await pipeline(createReadStream(partial), createGunzip(), nowhere)
  await writeVersion(path, version)
  await rename(partial, path)
  await rm(`${partial}.json`, { force: true })
}

/** How far a download is, and what waits for it. */
type Arrival = {
  readonly bytes: number
  readonly ended: boolean
  readonly error: unknown
  advance(bytes: number): void
  end(error: unknown): void
  change(): Promise<void>
}

function createArrival(from: number): Arrival {
  let waiting: (() => void)[] = []
  const wake = () => {
    const woken = waiting
    waiting = []
    for (const resolve of woken) resolve()
  }
  const arrival = {
    bytes: from,
    ended: false,
    error: null as unknown,
    advance(bytes: number) {
      arrival.bytes += bytes
      wake()
    },
    end(error: unknown) {
      arrival.ended = true
      arrival.error = error
      wake()
    },
    change: () => new Promise<void>((resolve) => waiting.push(resolve)),
  }
  return arrival
}

async function* readArriving(
  path: string,
  from: number,
  to: number | null,
  arrival: Arrival,
): AsyncGenerator<Uint8Array, void, undefined> {
  // Whole by now, or not yet.
  const file = await open(partialOf(path)).catch(() => open(path))
  try {
    const end = to ?? Infinity
    let at = from
    while (at < end) {
      const ready = Math.min(arrival.bytes, end) - at
      if (ready > 0) {
        const { bytesRead, buffer } = await file.read(Buffer.alloc(Math.min(ready, READ_BYTES)), {
          position: at,
        })
        yield buffer.subarray(0, bytesRead)
        at += bytesRead
      } else if (arrival.ended) {
        if (arrival.error !== null) throw arrival.error
        return
      } else {
        await arrival.change()
      }
    }
  } finally {
    await file.close()
  }
}

/** Where a download is kept until it is whole. */
export function partialOf(path: string): string {
  return `${path}.partial`
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  )
}

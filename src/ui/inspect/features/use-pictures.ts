import { useEffect, useState } from 'react'
import { type Failure, toFailure } from '../../../base/app-error.ts'
import { PLANE_BYTES } from '../../../base/data-set.ts'

const RGBA_BYTES = PLANE_BYTES * 4

/** 32 × 32 RGBA pixels, by an image's place. */
export type Pictures = ReadonlyMap<number, Uint8Array>
export type FetchPictures = (indices: number[]) => Promise<{ indices: number[]; rgba: Uint8Array }>

type Answer = { readonly pictures: Pictures; readonly failure: Failure | null }

/**
 * The pictures of these images; those before until they have come.
 * @param indices must keep its identity while it asks for the same
 */
export function usePictures(fetchPictures: FetchPictures, indices: readonly number[]): Answer {
  const [answer, setAnswer] = useState<Answer>({ pictures: new Map(), failure: null })
  useEffect(() => {
    let stale = false
    const tell = (pictures: Pictures, failure: Failure | null) => {
      if (!stale) setAnswer({ pictures, failure })
    }
    fetchPictures([...indices]).then(
      (reply) => tell(byPlace(reply), null),
      (error: unknown) => tell(new Map(), toFailure(error)),
    )
    return () => {
      stale = true
    }
  }, [fetchPictures, indices])
  return answer
}

function byPlace({ indices, rgba }: Awaited<ReturnType<FetchPictures>>): Pictures {
  return new Map(indices.map((index, at) => [index, rgba.subarray(at * RGBA_BYTES, (at + 1) * RGBA_BYTES)]))
}

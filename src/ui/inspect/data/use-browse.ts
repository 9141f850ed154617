import { useEffect, useState } from 'react'
import { toFailure, type Failure } from '../../../base/app-error.ts'
import type { BrowsePage, BrowseQuery } from '../inspect-types.ts'

export type Browsing = {
  /** The last page that came; while another is awaited, still the one before. */
  readonly page: BrowsePage | null
  readonly failure: Failure | null
  readonly loading: boolean
}

type Answer = {
  readonly query: BrowseQuery
  readonly page: BrowsePage | null
  readonly failure: Failure | null
}

/**
 * One page of images.
 * @param query must keep its identity while it asks the same
 */
export function useBrowse(browse: (query: BrowseQuery) => Promise<BrowsePage>, query: BrowseQuery): Browsing {
  const [answer, setAnswer] = useState<Answer | null>(null)
  useEffect(() => {
    let stale = false
    const tell = (page: BrowsePage | null, failure: Failure | null) => {
      if (!stale) setAnswer({ query, page, failure })
    }
    browse(query).then(
      (page) => tell(page, null),
      (error: unknown) => tell(null, toFailure(error)),
    )
    return () => {
      stale = true
    }
  }, [browse, query])
  return { page: answer?.page ?? null, failure: answer?.failure ?? null, loading: answer?.query !== query }
}

// Parts of the page that its first paint does without. Each is a chunk of its own, fetched when the page is idle, so that
// it is there by the time it is asked for. One that cannot be fetched is its panel's failure, and is fetched again there.
import { type ComponentType, createElement, useEffect, useState } from 'react'
import { AppError } from '../../base/app-error.ts'

/** Each fetches a part, once; after a failure, again. */
const parts: (() => Promise<unknown>)[] = []

/**
 * A component whose module `load` imports. It shows nothing until then.
 * @throws AppError `part-unreachable` where it is shown and cannot be fetched
 */
export function lazyPart<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): ComponentType<Props> {
  let loaded: ComponentType<Props> | null = null
  let fetching: Promise<void> | null = null
  async function fetchPart(): Promise<void> {
    try {
      loaded = await load()
    } catch (cause) {
      fetching = null
      throw new AppError('part-unreachable', 'a part of the page could not be fetched', { cause })
    }
  }
  const fetchOnce = () => (fetching ??= fetchPart())
  parts.push(fetchOnce)

  return function LazyPart(props: Props) {
    const [part, setPart] = useState<{ readonly component: typeof loaded; readonly failure: unknown }>({
      component: loaded,
      failure: null,
    })
    useEffect(() => {
      let isShown = true
      const settle = (failure: unknown) => {
        if (isShown) setPart({ component: loaded, failure })
      }
      if (!part.component) fetchOnce().then(() => settle(null), settle)
      return () => {
        isShown = false
      }
    }, [part.component])
    if (part.failure) throw part.failure
    return part.component && createElement(part.component, props)
  }
}

/**
 * Fetches every part, one after another, each when the page has nothing else to do. What fails is fetched again when it
 * is shown.
 */
export async function fetchPartsWhenIdle(idle: () => Promise<void>): Promise<void> {
  for (const fetchPart of parts) {
    await idle()
    await fetchPart().catch(() => undefined)
  }
}

// The Data tab: the stored images by data set, split and class, a page at a time.
import { useMemo, useState, useEffect } from 'react'
import { DATA_SETS, SPLITS, type DataSetId, type Split } from '../../../base/data-set.ts'
import type { CommandOf, ReplyOf } from '../../../contract/commands.ts'
import type { StoredDataSet } from '../../../contract/events.ts'
import { count } from '../../charts/curve-values.ts'
import { Segmented } from '../../charts/segmented.tsx'
import { ActionButton } from '../../foundation/controls/action-button.tsx'
import { FailureNotice } from '../../foundation/controls/notice.tsx'
import { SelectField } from '../../foundation/controls/select-field.tsx'
import { classNamesOf } from '../class-names.ts'
import { Gallery } from './gallery.tsx'
import styles from './data-browser.module.css'
import { toFailure, type Failure } from '../../../base/app-error.ts'

const PAGE = 48
const EVERY_CLASS = { id: 'all', text: 'All classes' }

const SPLIT_TEXT: Readonly<Record<Split, string>> = { train: 'Train', test: 'Test' }
const SPLIT_OPTIONS = SPLITS.map((id) => ({ id, text: SPLIT_TEXT[id] }))

type BrowseQuery = Omit<CommandOf<'browse'>, 'kind'>
type BrowsePage = ReplyOf<'browse'>

export type DataBrowserProps = {
  readonly dataSets: readonly StoredDataSet[]
  /** The set shown at first, where it is stored. */
  readonly preferred: DataSetId
  readonly browse: (query: BrowseQuery) => Promise<BrowsePage>
}

export function DataBrowser({ dataSets, preferred, browse }: DataBrowserProps) {
  const [chosen, setChosen] = useState<DataSetId | null>(null)
  const stored = dataSets.filter(({ state }) => state === 'ready').map((status) => status.set)
  const set = [chosen, preferred, stored[0]].find((id) => id && stored.includes(id))
  if (!set) return <p className={styles.note}>No data set is stored yet. Get one under Data in Set-up.</p>
  return (
    <div className={styles.panel}>
      <SelectField
        label="Data set"
        options={stored.map((id) => ({ id, text: DATA_SETS[id].title }))}
        value={set}
        onChange={setChosen}
      />
      <SetBrowser key={set} {...{ set, dataSets, browse }} />
    </div>
  )
}

function SetBrowser({
  set,
  dataSets,
  browse,
}: Omit<DataBrowserProps, 'preferred'> & { readonly set: DataSetId }) {
  const [split, setSplit] = useState<Split>('train')
  /** Null: every class. */
  const [label, setLabel] = useState<number | null>(null)
  const [offset, setOffset] = useState(0)
  const query = useMemo(() => ({ set, split, label, offset, count: PAGE }), [set, split, label, offset])
  const { page, failure, loading } = useBrowse(browse, query)
  const classNames = useMemo(() => classNamesOf(set, dataSets), [set, dataSets])
  const classes = [EVERY_CLASS, ...classNames.map((text, i) => ({ id: String(i), text }))]

  return (
    <>
      <SelectField
        label="Class"
        options={classes}
        value={label === null ? EVERY_CLASS.id : String(label)}
        onChange={(id) => {
          setLabel(id === EVERY_CLASS.id ? null : Number(id))
          setOffset(0)
        }}
      />
      <Segmented
        label="Split"
        options={SPLIT_OPTIONS}
        value={split}
        onChange={(id) => {
          setSplit(id)
          setOffset(0)
        }}
      />
      <div className={styles.images}>
        {DATA_SETS[set].synthetic && (
          <p className={styles.note}>Synthetic images, generated in your browser.</p>
        )}
        <FailureNotice failure={failure} />
        {page && (
          <>
            <Pager
              {...{ offset, loading }}
              shown={page.indices.length}
              total={page.total}
              onOffset={setOffset}
            />
            <Gallery page={page} classNames={classNames} />
          </>
        )}
      </div>
    </>
  )
}

function Pager(props: {
  readonly offset: number
  readonly shown: number
  readonly total: number
  readonly loading: boolean
  readonly onOffset: (offset: number) => void
}) {
  const { offset, shown, total, loading, onOffset } = props
  const range = shown === 0 ? 'No images' : `${count(offset + 1)}–${count(offset + shown)}`
  return (
    <div className={styles.pager}>
      <ActionButton
        label="Previous page"
        disabled={offset === 0}
        onPress={() => onOffset(Math.max(0, offset - PAGE))}
      >
        ←
      </ActionButton>
      <ActionButton
        label="Next page"
        disabled={offset + PAGE >= total}
        onPress={() => onOffset(offset + PAGE)}
      >
        →
      </ActionButton>
      <output>{loading ? 'Loading…' : `${range} of ${count(total)} images`}</output>
    </div>
  )
}

type Browsing = {
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
function useBrowse(browse: (query: BrowseQuery) => Promise<BrowsePage>, query: BrowseQuery): Browsing {
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

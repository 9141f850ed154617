import type { Comparison } from './comparison.ts'
import styles from './compare-view.module.css'

/** What tests find, in sentences; where they find nothing to say, when they would. */
export function Findings({ findings, groups }: Pick<Comparison, 'findings' | 'groups'>) {
  if (findings.length === 0) return <p className={styles.note}>{silence(groups)}</p>
  return (
    <section aria-label="What tests find">
      <ul className={styles.findings}>
        {findings.map((finding) => (
          <li key={finding}>{finding.charAt(0).toUpperCase() + finding.slice(1)}</li>
        ))}
      </ul>
      {findings.length > 2 && (
        <p className={styles.note}>
          {findings.length} tests: of twenty at 5 %, one finds a difference where there is none.
        </p>
      )}
    </section>
  )
}

function silence(groups: Comparison['groups']): string {
  const seeds = groups.map((group) => group.seeds.length)
  return groups.length > 1 && Math.min(...seeds) < 3
    ? 'Tests over seeds begin with three runs a group; of two runs that differ in identity only, or of two in all, the answers to each test image are compared where they are kept.'
    : 'These runs give no test anything to say.'
}

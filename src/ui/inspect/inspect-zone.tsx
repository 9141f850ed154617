// The Inspect zone: what the networks have learnt, what they were shown, what they are made of, what happened.
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import { useLab } from '../foundation/lab-context.tsx'
import { PanelBoundary } from '../foundation/panel-boundary.tsx'
import { INSPECT_TABS } from './index.ts'
import type { InspectTab } from './inspect-tab.ts'
import styles from './inspect-zone.module.css'

export function InspectZone() {
  return (
    <Tabs className={styles.zone ?? ''}>
      <TabList aria-label="Inspect" className={styles.tabs ?? ''}>
        {INSPECT_TABS.map(({ id, title }) => (
          <Tab key={id} id={id} className={styles.tab ?? ''}>
            {title}
          </Tab>
        ))}
      </TabList>
      {INSPECT_TABS.map((tab) => (
        <TabPanel key={tab.id} id={tab.id} className={styles.panel ?? ''}>
          <PanelBoundary name={tab.title}>
            <Content tab={tab} />
          </PanelBoundary>
        </TabPanel>
      ))}
    </Tabs>
  )
}

function Content({ tab: { applies, Panel, Empty } }: { readonly tab: InspectTab }) {
  if (useLab(applies)) return <Panel />
  return Empty ? <Empty /> : null
}

// The Look zone: what the networks have learnt, what they were shown, what they are made of, what happened.
import type { ReactNode } from 'react'
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import { PanelBoundary } from '../foundation/panel-boundary.tsx'
import { ClassesPanel } from './classes/classes-panel.tsx'
import { ConfusionPanel } from './confusion/confusion-panel.tsx'
import { DataBrowser } from './data/data-browser.tsx'
import { LogPanel } from './log/log-panel.tsx'
import type { InspectZoneProps } from './inspect-types.ts'
import { NetworkPanel } from './network/network-panel.tsx'
import styles from './look-zone.module.css'

export function InspectZone(props: InspectZoneProps) {
  const { evaluations, dataSets, browse, config, features, log, onConfusionCell } = props
  const scored = evaluations.length > 0
  return (
    <Tabs className={styles.zone ?? ''}>
      <TabList aria-label="Look" className={styles.tabs ?? ''}>
        {['Confusion', 'Classes', 'Features', 'Data', 'Network', 'Log'].map((name) => (
          <Tab key={name} id={name} className={styles.tab ?? ''}>
            {name}
          </Tab>
        ))}
      </TabList>
      <Panel name="Confusion">
        {scored ? <ConfusionPanel {...{ evaluations, dataSets }} onCell={onConfusionCell} /> : <NoScore />}
      </Panel>
      <Panel name="Classes">{scored ? <ClassesPanel {...{ evaluations, dataSets }} /> : <NoScore />}</Panel>
      <Panel name="Features">{features}</Panel>
      <Panel name="Data">
        <DataBrowser {...{ dataSets, browse }} preferred={config.data.set} />
      </Panel>
      <Panel name="Network">
        <NetworkPanel config={config} />
      </Panel>
      <Panel name="Log">
        <LogPanel log={log} />
      </Panel>
    </Tabs>
  )
}

function Panel({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <TabPanel id={name} className={styles.panel ?? ''}>
      <PanelBoundary name={name}>{children}</PanelBoundary>
    </TabPanel>
  )
}

function NoScore() {
  return (
    <div className={styles.empty}>
      <p>Nothing has been tested yet.</p>
      <p>Each run is tested on the test images at the end of every epoch; imported weights at once.</p>
    </div>
  )
}

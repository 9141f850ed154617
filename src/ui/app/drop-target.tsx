import { useEffect, useState } from 'react'
import { useActions, useLab } from '../foundation/lab-context.tsx'
import styles from './app.module.css'

/** The whole page takes files: each is opened as what its name says it is, anything else is tried as a data set. */
export function DropTarget() {
  const { importData, evaluateWeights, importRuns, openSetup } = useActions()
  const { set, limitTest } = useLab((state) => state.setup.data)
  const [over, setOver] = useState(false)

  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
    const enter = (event: DragEvent) => {
      if (!hasFiles(event)) return
      // Without this the browser would open the file in place of the page.
      event.preventDefault()
      setOver(true)
    }
    const leave = (event: DragEvent) => {
      // Null when the pointer has left the window, not just an element.
      if (event.relatedTarget === null) setOver(false)
    }
    const drop = (event: DragEvent) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      setOver(false)
      const files = [...(event.dataTransfer?.files ?? [])]
      const named = (ending: string) => files.filter(({ name }) => name.toLowerCase().endsWith(ending))
      const weights = named('.safetensors')
      const runs = named('.zip')
      const setups = named('.json')
      const data = files.filter((file) => ![...weights, ...runs, ...setups].includes(file))
      if (data.length > 0) void importData(data)
      for (const file of weights) void evaluateWeights(file, set, limitTest)
      for (const file of runs) void importRuns(file)
      for (const file of setups) void openSetup(file)
    }
    const listening = new AbortController()
    const options = { signal: listening.signal }
    addEventListener('dragover', enter, options)
    addEventListener('dragleave', leave, options)
    addEventListener('drop', drop, options)
    return () => listening.abort()
  }, [importData, evaluateWeights, importRuns, openSetup, set, limitTest])

  if (!over) return null
  return (
    <div className={styles.drop}>
      <p>Drop a CIFAR archive or its .bin files, .safetensors weights, a .zip of runs, or a .json set-up.</p>
    </div>
  )
}

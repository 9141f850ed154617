import { useEffect, useState } from 'react'
import { useActions, useLab } from './lab-context.tsx'
import styles from './app.module.css'

/** The whole page takes files: weights are scored, anything else is tried as a data set. */
export function DropTarget() {
  const { importData, evaluateWeights } = useActions()
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
      const weights = files.filter(({ name }) => name.endsWith('.safetensors'))
      const data = files.filter((file) => !weights.includes(file))
      if (data.length > 0) void importData(data)
      for (const file of weights) void evaluateWeights(file, set, limitTest)
    }
    const listening = new AbortController()
    const options = { signal: listening.signal }
    addEventListener('dragover', enter, options)
    addEventListener('dragleave', leave, options)
    addEventListener('drop', drop, options)
    return () => listening.abort()
  }, [importData, evaluateWeights, set, limitTest])

  if (!over) return null
  return (
    <div className={styles.drop}>
      <p>Drop the CIFAR archive or its .bin files to store them, or a .safetensors file to score it.</p>
    </div>
  )
}

import { useEffect, useState } from 'react'
import { filesOfDrop } from '../../client/open-files.ts'
import { useActions } from '../foundation/lab-context.tsx'
import styles from './app.module.css'

/** The whole page takes files and folders: each file is opened as what it is, anything else is tried as a data set. */
export function DropTarget() {
  const { openFiles } = useActions()
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
      if (event.dataTransfer) void openFiles(filesOfDrop(event.dataTransfer.items))
    }
    const listening = new AbortController()
    const options = { signal: listening.signal }
    addEventListener('dragover', enter, options)
    addEventListener('dragleave', leave, options)
    addEventListener('drop', drop, options)
    return () => listening.abort()
  }, [openFiles])

  if (!over) return null
  return (
    <div className={styles.drop}>
      <p>
        Drop a CIFAR archive, its .bin files or their folder, .safetensors weights, a .zip of runs, or a .json
        set-up.
      </p>
    </div>
  )
}

/** Hands a file to the person's downloads. */
export function saveFile(fileName: string, content: Uint8Array<ArrayBuffer> | string, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = fileName
  link.click()
  // The browser has taken the Blob by the next task.
  setTimeout(() => URL.revokeObjectURL(url))
}

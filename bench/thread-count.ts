export function formatThreads(count: number): string {
  return `${count} ${count === 1 ? 'thread' : 'threads'}`
}

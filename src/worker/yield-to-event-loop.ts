const channel = new MessageChannel()
let waiting: (() => void)[] = []

channel.port1.addEventListener('message', () => {
  const woken = waiting
  waiting = []
  for (const resolve of woken) resolve()
})
channel.port1.start()

/** Gives the event loop a turn. Unlike a timer or an animation frame, a message is not slowed in a hidden tab. */
export function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve)
    if (waiting.length === 1) channel.port2.postMessage(null)
  })
}

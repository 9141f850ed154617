import { expect, test } from 'vitest'
import { startJsonProcess } from './json-process.ts'

/** A process of Node's that is told each line as `request`. */
const node = (body: string) =>
  startJsonProcess('The process', process.execPath, [
    '-e',
    `require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
      const request = JSON.parse(line)
      const say = (reply) => console.log(JSON.stringify(reply))
      ${body}
    })`,
  ])

test('replies belong to their requests', async () => {
  const child = node('say(request.value * 2)')
  const replies = await Promise.all([1, 2, 3].map((value) => child.ask({ value })))
  child.stop()
  expect(replies).toEqual([2, 4, 6])
})

test('a process that ends has one sentence, with the last line of its stderr', async () => {
  const child = node(
    'process.stderr.write("Traceback\\nMemoryError: out of memory\\n", () => process.exit(3))',
  )
  const sentence = 'The process ended with exit code 3: MemoryError: out of memory'
  await expect(Promise.all([child.ask({}), child.ask({})])).rejects.toThrow(sentence)
  await expect(child.ask({})).rejects.toThrow(sentence)
})

test('a process that is killed says by what', async () => {
  const child = node('process.kill(process.pid, "SIGKILL")')
  await expect(child.ask({})).rejects.toThrow('The process was ended by SIGKILL.')
})

test('a program that is not there is named', async () => {
  const child = startJsonProcess('The process', '/no/such/program', [])
  await expect(child.ask({})).rejects.toThrow(/^The process did not start: .*\/no\/such\/program.*\.$/)
})

test('what is no JSON ends the process', async () => {
  const child = node('console.log("hello")')
  await expect(child.ask({})).rejects.toThrow('The process said "hello", which is no reply.')
})

test('stopping fails what is not answered', async () => {
  const child = node('')
  const asked = child.ask({})
  child.stop()
  await expect(asked).rejects.toThrow('The process was stopped.')
})

import { expect, test } from 'vitest'
import { serve } from '../testing/local-server.ts'
import { listen } from './listen.ts'

test('a port that is in use ends in a sentence that names it, and what to do', async () => {
  await using other = await serve((_, response) => response.end())
  const port = Number(new URL(other.base).port)
  await expect(listen(() => undefined, port, '127.0.0.1')).rejects.toThrow(
    `Port ${port} is in use, perhaps by a lab that is running already: http://127.0.0.1:${port}/. Otherwise choose another with --port`,
  )
})

test('an address that this machine has not ends in a sentence', async () => {
  await expect(listen(() => undefined, 0, '192.0.2.1')).rejects.toThrow(
    'This machine has no address 192.0.2.1',
  )
})

test('a server on localhost is reached by this machine alone', async () => {
  const server = await listen((_, response) => response.end('here'), 0, 'localhost')
  try {
    const address = server.address()
    if (typeof address !== 'object' || !address) throw new Error('the server has no address')
    expect(['127.0.0.1', '::1']).toContain(address.address)
  } finally {
    server.close()
  }
})

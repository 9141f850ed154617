// A real forward proxy on this machine: tunnels (CONNECT) and forwards, and finds every host on this machine.
import { createServer, type IncomingMessage, request as httpRequest } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'

export type ForwardProxy = {
  /** "127.0.0.1:PORT" */
  readonly address: string
  /** "CONNECT host:port" and "GET http://host/path", in order. */
  readonly requests: readonly string[]
  readonly close: () => Promise<void>
}

/** @param credentials "user:password" that it asks for; none by default */
export async function startForwardProxy(credentials: string | null = null): Promise<ForwardProxy> {
  const requests: string[] = []
  const sockets = new Set<Duplex>()
  const wanted = credentials === null ? null : `Basic ${Buffer.from(credentials).toString('base64')}`
  const isAllowed = ({ headers }: IncomingMessage) =>
    wanted === null || headers['proxy-authorization'] === wanted

  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    const { port, pathname } = new URL(request.url ?? '')
    const onward = httpRequest(
      { host: '127.0.0.1', port, path: pathname, headers: request.headers, method: request.method },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      },
    )
    request.pipe(onward)
  })
  server.on('connection', (socket: Socket) => sockets.add(socket))
  server.on('connect', (request: IncomingMessage, client: Duplex, head: Buffer) => {
    requests.push(`CONNECT ${request.url}`)
    if (!isAllowed(request)) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
      return
    }
    const target = connect(Number(request.url?.split(':')[1]), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      target.write(head)
      target.pipe(client).pipe(target)
    })
    sockets.add(target)
    for (const end of [target, client]) end.on('error', () => client.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `127.0.0.1:${portOf(server.address())}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port')
  return address.port
}

import { createServer, type RequestListener, type Server } from 'node:http'

/** Its message is for the person who started us. */
export class ListenError extends Error {}

/** @throws ListenError where the port cannot be had */
export async function listen(listener: RequestListener, port: number, host: string): Promise<Server> {
  const server = createServer(listener)
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new ListenError(sentence(error, port, host))),
    )
    server.listen(port, host, resolve)
  })
  return server
}

function sentence({ code, message }: NodeJS.ErrnoException, port: number, host: string): string {
  switch (code) {
    case 'EADDRINUSE':
      // Another port is another origin to the browser, with a storage of its own: nobody is sent there unasked.
      return (
        `Port ${port} is in use, perhaps by a lab that is running already: http://${host}:${port}/. Otherwise choose ` +
        'another with --port; runs and images are kept for each address by itself.'
      )
    case 'EACCES':
      return `Port ${port} may not be used without the system's leave; choose one from 1024 on with --port.`
    case 'ENOTFOUND':
    case 'EADDRNOTAVAIL':
      return `This machine has no address ${host}; leave out --host to serve to this machine alone.`
    default:
      return `The server cannot be started: ${message}`
  }
}

// The proxy that this computer's environment names, as curl and npm read it: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and
// NO_PROXY, in either case.
import { type Dispatcher, EnvHttpProxyAgent } from 'undici'

type Environment = Readonly<Record<string, string | undefined>>

/** What connects a request: through the proxy that its address is to go through, or without one. @throws Error for a proxy's address that is none */
export function environmentProxy(environment: Environment = process.env): Dispatcher {
  const named = (name: string) => {
    const value = environment[name] || environment[name.toUpperCase()]
    // "proxy:3128" is how many write it.
    return value && !value.includes('://') ? `http://${value}` : value
  }
  const everything = named('all_proxy')
  const [httpProxy, httpsProxy] = [named('http_proxy') ?? everything, named('https_proxy') ?? everything]
  return new EnvHttpProxyAgent({
    // Left out, undici would look by itself. Without one for HTTPS it takes that of HTTP.
    httpProxy: httpProxy ?? '',
    httpsProxy: httpsProxy ?? '',
    // No proxy can reach this computer by these names.
    noProxy: [environment['no_proxy'] || environment['NO_PROXY'], 'localhost,127.0.0.1,[::1]'].join(','),
    // A tunnel for HTTPS alone: many proxies allow none to port 80.
    proxyTunnel: false,
  })
}

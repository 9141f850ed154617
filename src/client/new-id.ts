/** 64 random bits as text. Unlike `crypto.randomUUID`, also there when the page is served without TLS on a local network. */
export function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(2)), (word) => word.toString(36)).join('')
}

/**
 * The first key that the outermost object of a JSON text has twice; null where each is there once. `JSON.parse` keeps the
 * last of them without a word.
 * @param json valid JSON
 */
export function firstDuplicateKey(json: string): string | null {
  const seen = new Set<string>()
  let depth = 0
  for (let at = 0; at < json.length; at++) {
    const character = json[at]
    if (character === '{' || character === '[') depth++
    else if (character === '}' || character === ']') depth--
    else if (character === '"') {
      const end = endOfString(json, at)
      if (depth === 1 && isFollowedByColon(json, end)) {
        const key = String(JSON.parse(json.slice(at, end)))
        if (seen.has(key)) return key
        seen.add(key)
      }
      at = end - 1
    }
  }
  return null
}

/** Index after the closing quote of the string that opens at `start`. */
function endOfString(json: string, start: number): number {
  let at = start + 1
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1
  return at + 1
}

function isFollowedByColon(json: string, from: number): boolean {
  let at = from
  while (json[at] === ' ' || json[at] === '\n' || json[at] === '\r' || json[at] === '\t') at++
  return json[at] === ':'
}

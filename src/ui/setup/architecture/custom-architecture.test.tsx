import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { configOf } from '../../../base/kinds.ts'
import { shortcutKind, SHORTCUTS } from '../../../network/shortcuts/index.ts'
import { everyArchitecture } from '../../../testing/network/every-architecture.ts'
import { fieldName } from '../field-names.ts'
import { CustomArchitecture } from './custom-architecture.tsx'

test.each(SHORTCUTS)('$kind has a field for each of its numbers, and a name for it', (kind) => {
  const [{ network } = { network: null }] = everyArchitecture({ identity: true })
  if (!network) throw new Error('there is no architecture')
  const shortcut = configOf(shortcutKind(kind), {})
  const markup = renderToStaticMarkup(
    <CustomArchitecture network={{ ...network, shortcut }} change={() => {}} />,
  )
  expect(markup).toContain('Shortcut where the shape changes')
  for (const { numbers = {} } of SHORTCUTS) {
    for (const [name, { label }] of Object.entries(numbers)) {
      expect(markup.includes(label)).toBe(name in shortcut)
      expect(fieldName(`network.shortcut.${name}`).toLowerCase()).toBe(label.toLowerCase())
    }
  }
})

import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { fieldForms } from '../../../base/kind-fields.ts'
import { blockKind } from '../../../network/blocks/index.ts'
import { shortcutKind } from '../../../network/shortcuts/index.ts'
import { everyArchitecture } from '../../../testing/network/every-architecture.ts'
import { CustomArchitecture } from './custom-architecture.tsx'

test.each(everyArchitecture({ identity: true }))(
  'the form of $title has a labelled control for each of their fields, and says what they leave no choice in',
  ({ network }) => {
    const { block, shortcut } = network
    const markup = renderToStaticMarkup(<CustomArchitecture network={network} change={() => {}} />)
    const forms = [blockKind(block), shortcutKind(shortcut)].flatMap(({ fields }) => fieldForms(fields))
    for (const [, { label }] of forms) expect(markup).toContain(label)
    expect(markup.includes('(built into these blocks)')).toBe(!('reluAfterAdd' in block))
    expect(markup.includes('None needed')).toBe(!('padding' in shortcut))
  },
)

import { parseSync } from 'vite'
import { expect, test } from 'vitest'
import { textsOf } from './texts-of.ts'

function texts(source: string, isWholly = true): string[] {
  return textsOf(parseSync('page.tsx', source).program, source, { isWholly }).map(({ text }) => text)
}

test('an element’s words are one line, with a mark for what is filled in', () => {
  expect(texts('const a = <p>{n} of {total} runs,\n   seed <b>{seed}</b></p>')).toEqual([
    '<> {…} of {…} runs, seed {…}',
  ])
})

test('words of attributes, fields and branches are found; class names, paths and codes are not', () => {
  const source = `
    import { Panel } from './the panel.tsx'
    type Kind = 'Not for people'
    const field = <Field label={isOn ? 'on' : 'off'} className="wide title" aria-label="size" />
    const option = { id: 'f16', note: 'half' }
    throw new AppError('storage-full', \`\${size} bytes do not fit\`)
  `
  expect(texts(source)).toEqual(['on', 'off', 'size', 'half', '${size} bytes do not fit'])
})

test('outside the page a literal is words only where it is an error’s or a field’s', () => {
  const source = `const kernel = 'conv forward'; throw new Error('no step was compiled'); const a = { title: 'A' }`
  expect(texts(source, false)).toEqual(['no step was compiled', 'A'])
  expect(texts(source)).toContain('conv forward')
})

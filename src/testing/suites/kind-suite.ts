// What every kind (an optimiser, a schedule, a shortcut) is held to.
import { expect, test } from 'vitest'
import type { z } from 'zod'
import { fieldForms } from '../../base/kind-fields.ts'
import type { Kind } from '../../base/kinds.ts'

/** @param schema of any kind of this sort @param defaults of this kind */
export function describeKind<Config extends { readonly kind: string }>(
  kind: Kind<string, Config> & { readonly source?: string },
  defaults: Config,
  schema: z.ZodType<Config>,
): void {
  test('says what it is and where that is from', () => {
    expect(kind.label).not.toBe('')
    expect(kind.source ?? 'https://').toMatch(/^https:\/\//)
  })

  test('has defaults that a config may have', () => {
    expect(defaults.kind).toBe(kind.kind)
    expect(schema.parse(defaults)).toEqual(defaults)
  })

  test('has a form for each field, whose value comes back from JSON as it was', () => {
    const forms = fieldForms(kind.fields)
    expect(['kind', ...forms.map(([name]) => name)]).toEqual(Object.keys(defaults))
    for (const [name, form] of forms) {
      expect(form.name).not.toBe('')
      const context = { values: defaults, isValidated: false }
      expect(typeof form.label === 'string' ? form.label : form.label(context)).not.toBe('')
      const values = form.control.kind === 'number' ? [form.control.min, form.control.max] : [form.initial]
      for (const value of values) {
        const changed = kind.withField(defaults, name, value)
        expect(changed).toMatchObject({ [name]: value })
        expect(schema.parse(JSON.parse(JSON.stringify(changed)))).toEqual(changed)
      }
      expect(() => kind.withField(defaults, name, {})).toThrow(name)
    }
  })
}

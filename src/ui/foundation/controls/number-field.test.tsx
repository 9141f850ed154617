// @vitest-environment happy-dom
import { screen } from '@testing-library/react'
import { useState } from 'react'
import { expect, test, vi } from 'vitest'
import { mount } from '../../../testing/ui/mount-in-lab.tsx'
import { FieldScope } from './invalid-fields.tsx'
import { NumberField } from './number-field.tsx'

/** A field over a value that is kept, as the set-up keeps it. */
function field({ value = 20, whole = true, step = 1, min = 1 } = {}) {
  const onChange = vi.fn<(value: number) => void>()
  const onInvalid = vi.fn<(labels: readonly string[]) => void>()
  function Kept() {
    const [kept, setKept] = useState(value)
    return (
      <FieldScope onChange={onInvalid}>
        <NumberField
          label="Batch size"
          value={kept}
          onChange={(next) => {
            onChange(next)
            setKept(next)
          }}
          max={4096}
          {...{ whole, step, min }}
        />
        <button onClick={() => setKept(64)}>Use 64</button>
      </FieldScope>
    )
  }
  const user = mount(<Kept />)
  return {
    user,
    onChange,
    onInvalid,
    box: screen.getByRole<HTMLInputElement>('textbox', { name: 'Batch size' }),
  }
}

test('a number takes effect while it is typed', async () => {
  const { user, onChange, box } = field()
  await user.clear(box)
  await user.type(box, '128')
  expect(onChange.mock.calls).toEqual([[1], [12], [128]])
  expect(box.value).toBe('128')
})

test.each(['abc', '-1', '0', '1.5', '5000'])(
  '"%s" stays in the box while a person is in it, is explained there, and changes nothing',
  async (typed) => {
    const { user, onChange, box } = field()
    await user.clear(box)
    // What is readable on the way, such as 1 of 1.5, has taken effect.
    await user.paste(typed)
    expect(box.value).toBe(typed)
    expect(box.getAttribute('aria-invalid')).toBe('true')
    expect(screen.getByText('Enter a whole number from 1 to 4,096.')).toBeDefined()
    expect(onChange).not.toHaveBeenCalled()
  },
)

test('on leaving, what cannot be read stays with its explanation and is reported, until it is corrected', async () => {
  const { user, box, onInvalid } = field()
  await user.clear(box)
  await user.paste('abc')
  await user.tab()
  expect(box.value).toBe('abc')
  expect(box.getAttribute('aria-invalid')).toBe('true')
  expect(screen.getByText(/^Enter a whole number/)).toBeDefined()
  expect(onInvalid).toHaveBeenLastCalledWith(['Batch size'])
  await user.clear(box)
  await user.type(box, '30')
  await user.tab()
  expect(box.value).toBe('30')
  expect(box.getAttribute('aria-invalid')).toBeNull()
  expect(onInvalid).toHaveBeenLastCalledWith([])
})

test('Escape puts back the value in effect', async () => {
  const { user, onChange, box, onInvalid } = field()
  await user.clear(box)
  await user.paste('abc')
  await user.keyboard('{Escape}')
  expect(box.value).toBe('20')
  expect(onChange).not.toHaveBeenCalled()
  expect(onInvalid).toHaveBeenLastCalledWith([])
})

test('what cannot be read gives way to a value that comes from elsewhere, such as a preset', async () => {
  const { user, box } = field()
  await user.clear(box)
  await user.paste('abc')
  await user.click(screen.getByRole('button', { name: 'Use 64' }))
  expect(box.value).toBe('64')
  expect(box.getAttribute('aria-invalid')).toBeNull()
})

test.each([
  ['0,001', 0.001],
  ['1,000', null],
  ['０．１', 0.1],
])('a rate of "%s" takes effect as %s', async (typed, value) => {
  const { user, onChange, box } = field({ whole: false, min: 0 })
  await user.clear(box)
  await user.paste(typed)
  await user.tab()
  expect(onChange.mock.calls).toEqual(value === null ? [] : [[value]])
  expect(box.value).toBe(value === null ? typed : String(value))
})

test('the arrows change the value by a step, without the dust of binary fractions, and stop at the ends', async () => {
  const { user, onChange, box } = field({ value: 4095.9, whole: false, step: 0.1 })
  await user.click(box)
  await user.keyboard('{ArrowUp}{ArrowUp}')
  expect(onChange.mock.calls).toEqual([[4096]])
  await user.keyboard('{ArrowDown}')
  expect(onChange).toHaveBeenLastCalledWith(4095.9)
})

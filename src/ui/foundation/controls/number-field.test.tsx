// @vitest-environment happy-dom
import { screen } from '@testing-library/react'
import { useState } from 'react'
import { expect, test, vi } from 'vitest'
import { mount } from '../../../testing/ui/mount-in-lab.tsx'
import { NumberField } from './number-field.tsx'

/** A field over a value that is kept, as the set-up keeps it. */
function field({ value = 20, whole = true, step = 1 } = {}) {
  const onChange = vi.fn<(value: number) => void>()
  function Kept() {
    const [kept, setKept] = useState(value)
    return (
      <NumberField
        label="Batch size"
        value={kept}
        onChange={(next) => {
          onChange(next)
          setKept(next)
        }}
        min={1}
        max={4096}
        {...{ whole, step }}
      />
    )
  }
  const user = mount(<Kept />)
  return { user, onChange, box: screen.getByRole<HTMLInputElement>('textbox', { name: 'Batch size' }) }
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

test('on leaving, a value that could not be read gives way to the one in effect, and the explanation goes', async () => {
  const { user, box } = field()
  await user.clear(box)
  await user.paste('abc')
  await user.tab()
  expect(box.value).toBe('20')
  expect(box.getAttribute('aria-invalid')).toBeNull()
  expect(screen.queryByText(/^Enter a whole number/)).toBeNull()
})

test('the arrows change the value by a step, without the dust of binary fractions, and stop at the ends', async () => {
  const { user, onChange, box } = field({ value: 4095.9, whole: false, step: 0.1 })
  await user.click(box)
  await user.keyboard('{ArrowUp}{ArrowUp}')
  expect(onChange.mock.calls).toEqual([[4096]])
  await user.keyboard('{ArrowDown}')
  expect(onChange).toHaveBeenLastCalledWith(4095.9)
})

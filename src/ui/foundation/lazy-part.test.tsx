// @vitest-environment happy-dom
import { screen } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { mount } from '../../testing/ui/mount-in-lab.tsx'
import { fetchPartsWhenIdle, lazyPart } from './lazy-part.tsx'
import { PanelBoundary } from './panel-boundary.tsx'

const Greeting = ({ name }: { readonly name: string }) => <p>Hello {name}</p>
const lost = () => Promise.reject(new TypeError('Failed to fetch dynamically imported module'))

test('a part is fetched when it is shown, once for all its places', async () => {
  const load = vi.fn<() => Promise<typeof Greeting>>(() => Promise.resolve(Greeting))
  const Part = lazyPart(load)
  expect(load).not.toHaveBeenCalled()
  mount(
    <>
      <Part name="A" />
      <Part name="B" />
    </>,
  )
  expect(await screen.findByText('Hello A')).toBeDefined()
  expect(await screen.findByText('Hello B')).toBeDefined()
  expect(load).toHaveBeenCalledTimes(1)
})

test('a part that was fetched while the page was idle is there at once', async () => {
  const Part = lazyPart(() => Promise.resolve(Greeting))
  await fetchPartsWhenIdle(() => Promise.resolve())
  mount(<Part name="A" />)
  expect(screen.getByText('Hello A')).toBeDefined()
})

test('a part that cannot be fetched says so in its panel, and is fetched again on a press', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const load = vi.fn<() => Promise<typeof Greeting>>(lost)
  const Part = lazyPart(load)
  const user = mount(
    <>
      <PanelBoundary name="Runs">
        <Part name="A" />
      </PanelBoundary>
      <p>The rest of the page</p>
    </>,
  )
  const failure = await screen.findByText(/"Runs" could not be fetched: the connection was lost, or/)
  expect(failure).toBeDefined()
  expect(screen.getByText('The rest of the page')).toBeDefined()

  await user.click(screen.getByRole('button', { name: 'Show again' }))
  expect(await screen.findByText(/"Runs" could not be fetched/)).toBeDefined()
  expect(load).toHaveBeenCalledTimes(2)

  load.mockResolvedValue(Greeting)
  await user.click(screen.getByRole('button', { name: 'Show again' }))
  expect(await screen.findByText('Hello A')).toBeDefined()
})

test('what could not be fetched while the page was idle is fetched when it is asked for', async () => {
  const load = vi.fn<() => Promise<typeof Greeting>>(lost)
  const Part = lazyPart(load)
  await fetchPartsWhenIdle(() => Promise.resolve())
  load.mockResolvedValue(Greeting)
  mount(<Part name="A" />)
  expect(await screen.findByText('Hello A')).toBeDefined()
})

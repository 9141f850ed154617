// @vitest-environment happy-dom
import { render } from '@testing-library/react'
import { afterAll, expect, test } from 'vitest'
import { bearTranslation } from './bear-translation.ts'

// oxlint-disable-next-line unbound-method -- put back as they were
const { removeChild, insertBefore } = Node.prototype
afterAll(() => Object.assign(Node.prototype, { removeChild, insertBefore }))

/** As Chrome does: every text node lies in two elements that stand where it stood. */
function translate(root: Node): void {
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  const nodes: Node[] = []
  while (texts.nextNode()) nodes.push(texts.currentNode)
  for (const text of nodes) {
    const outer = document.createElement('font')
    text.parentNode?.replaceChild(outer, text)
    outer.appendChild(document.createElement('font')).appendChild(text)
  }
}

function Line({ before, shown }: { before: boolean; shown: boolean }) {
  return (
    <p>
      {before && <b>first </b>}
      {shown && 'words '}
      <i>last</i>
    </p>
  )
}

test('React removes and inserts beside text that the browser has translated', () => {
  bearTranslation()
  const { container, rerender, unmount } = render(<Line before={false} shown />)
  translate(container)
  rerender(<Line before shown />)
  expect(container.textContent).toBe('first words last')
  rerender(<Line before shown={false} />)
  expect(container.textContent).toBe('first last')
  unmount()
  expect(container.textContent).toBe('')
})

// A browser that translates a page moves its text nodes into elements of its own (<font>). React, which still holds those
// nodes, then removes them from, or inserts before them in, a parent that is theirs no longer, and the page breaks
// (github.com/facebook/react/issues/11538). So both find the element that has taken the node's place.

/** Changes this window's `Node`, once. */
export function bearTranslation(): void {
  const { prototype } = Node
  // oxlint-disable-next-line unbound-method -- called with a node below
  const { removeChild, insertBefore } = prototype
  prototype.removeChild = function <T extends Node>(this: Node, child: T): T {
    const standIn = childHolding(this, child)
    if (standIn) removeChild.call(this, standIn)
    return child
  }
  prototype.insertBefore = function <T extends Node>(this: Node, node: T, before: Node | null): T {
    insertBefore.call(this, node, before && childHolding(this, before))
    return node
  }
}

/** The child of `parent` that is `node` or holds it; null where it is gone. */
function childHolding(parent: Node, node: Node): Node | null {
  let at: Node | null = node
  while (at && at.parentNode !== parent) at = at.parentNode
  return at
}

// The texts in a program's syntax tree (ESTree, as Vite's parser gives it) that a person can read.

export type ReadableText = { readonly at: number; readonly text: string }

type Node = { readonly type: string; readonly start: number; readonly end: number } & Readonly<
  Record<string, unknown>
>

/** Attributes of elements and fields of objects that hold words. */
const WORD_FIELDS = new Set(
  (
    'label title text note notes placeholder alt hint heading message summary unit caption confirm face done what reason ' +
    'description details about differences columns cells name value textValue errorMessage aria-label aria-description ' +
    'aria-roledescription'
  ).split(' '),
)
/** Fields and attributes that never do. */
const CODE_FIELDS = new Set('className d transform viewBox gridTemplate style type role rel'.split(' '))
/** Nodes that are words where they stand for words. */
const PASSES_ON =
  /^(Template|Conditional|Logical|Binary|JSX|Parenthesized|TSAs|TSSatisfies|Array)(Literal|Expression|ExpressionContainer)$/
/** Calls whose texts are for programs. */
const CODE_CALLS =
  /^(RegExp|require|querySelector|querySelectorAll|getContext|import|addEventListener|closest|register)$/

/**
 * @param isWholly true: every literal that reads like words; false: only word fields, JSX and the sentences of errors
 */
export function textsOf(
  program: object,
  source: string,
  { isWholly }: { isWholly: boolean },
): ReadableText[] {
  const found: ReadableText[] = []
  visit(program, false)
  return found.toSorted((one, other) => one.at - other.at)

  /** @param isWords whether what stands around the node says that literals in it are words */
  function visit(value: unknown, isWords: boolean): void {
    if (Array.isArray(value)) {
      for (const item of value) visit(item, isWords)
      return
    }
    if (!isNode(value) || isSkipped(value)) return
    if (value.type === 'JSXElement' || value.type === 'JSXFragment') tellChildren(value)
    else if (value.type === 'Literal' || value.type === 'TemplateLiteral') tellLiteral(value, isWords)
    const isWordsInside = holdsWords(value, isWords)
    for (const [part, child] of Object.entries(value)) {
      if (part === 'key' && value.type === 'Property') continue
      visit(child, part === 'callee' ? false : isWordsInside)
    }
  }

  function holdsWords(node: Node, isWords: boolean): boolean {
    const name = fieldName(node)
    if (name !== null) return WORD_FIELDS.has(name)
    if (node.type === 'NewExpression' && isNode(node['callee']))
      return textOf(node['callee']).endsWith('Error')
    return isWords && PASSES_ON.test(node.type)
  }

  /** An element's own words as one line, with what is filled in as `{…}`. */
  function tellChildren(node: Node): void {
    const children = Array.isArray(node['children']) ? node['children'].filter(isNode) : []
    if (!children.some((child) => child.type === 'JSXText' && /\p{L}/u.test(textOf(child)))) return
    const text = children.map((child) => (child.type === 'JSXText' ? textOf(child) : '{…}')).join('')
    found.push({ at: node.start, text: `<> ${text.replaceAll(/\s+/g, ' ').trim()}` })
  }

  function tellLiteral(node: Node, isWords: boolean): void {
    if (node.type === 'Literal' && typeof node['value'] !== 'string') return
    const text = literalText(node)
    if (!/\p{L}/u.test(text.replaceAll(/\$\{[^}]*\}/g, ''))) return
    // A code, such as stands beside the sentence of an error.
    if (/^[a-z\d]+(-[a-z\d]+)+$/.test(text)) return
    const reads = /\p{L}\s|\s\p{L}|^\p{Lu}\p{Ll}/u.test(text)
    if (isWords || (isWholly && reads)) found.push({ at: node.start, text })
  }

  function literalText(node: Node): string {
    return node.type === 'Literal' ? String(node['value']) : textOf(node).slice(1, -1)
  }

  function isSkipped(node: Node): boolean {
    if (/^TS(?!As|Satisfies|NonNull)|^ImportDeclaration$|^ExportAllDeclaration$/.test(node.type)) return true
    const name = fieldName(node)
    if (name !== null && CODE_FIELDS.has(name)) return true
    return (
      node.type === 'CallExpression' && isNode(node['callee']) && CODE_CALLS.test(lastName(node['callee']))
    )
  }

  function textOf(node: Node): string {
    return source.slice(node.start, node.end)
  }

  function lastName(callee: Node): string {
    return textOf(callee).split('.').at(-1) ?? ''
  }

  /** Of an attribute or a property; null for anything else. */
  function fieldName(node: Node): string | null {
    const key = node.type === 'JSXAttribute' ? node['name'] : node.type === 'Property' ? node['key'] : null
    return isNode(key) ? textOf(key).replaceAll(/['"]/g, '') : null
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value && 'end' in value
}

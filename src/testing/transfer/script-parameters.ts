// The parameters that a network's PyTorch source makes, by name, read from its text: what PyTorch would list, without it.

type Values = Readonly<Record<string, number>>
type Parameters = Map<string, number[]>

/** @param script with a last class `Network`, its modules one a line and its stages made by `stage` */
export function scriptParameters(script: string): Parameters {
  const classes = new Map(
    script.split('\n\n\n').flatMap((part) => {
      const name = /^class (\w+)\(/.exec(part)?.[1]
      return name === undefined ? [] : [[name, part.split('def forward')[0] ?? ''] as const]
    }),
  )
  const stage = /first = (\w+)\([^]*\*\(Block\(([^,]+),/.exec(script)
  const found: Parameters = new Map()

  const make = (name: string, prefix: string, values: Values): void => {
    let changes = true
    for (const line of (classes.get(name) ?? '').split('\n')) {
      const condition = /self\.changes = stride == 2 or inputs != (.+)$/.exec(line)
      if (condition) changes = values['stride'] === 2 || values['inputs'] !== product(condition[1], values)
      const member = /^( +)self\.(\w+) = (.+)$/.exec(line)
      if (!member || condition) continue
      const [, indent = '', module = '', expression = ''] = member
      if (indent.length > 8 && !changes) continue
      add(`${prefix}${module}`, expression, values)
    }
  }
  const add = (name: string, expression: string, values: Values): void => {
    const [, called, inside = ''] = /^([\w.]+)\((.*)\)$/.exec(expression) ?? []
    const given = inside.split(', ')
    const number = (i: number) => product(given[i], values)
    switch (called) {
      case 'conv':
        found.set(`${name}.weight`, [number(1), number(0), number(2), number(2)])
        if (given.includes('bias=True')) found.set(`${name}.bias`, [number(1)])
        return
      case 'BatchNorm':
        found.set(`${name}.weight`, [number(0)]).set(`${name}.bias`, [number(0)])
        return
      case 'nn.Linear':
        found.set(`${name}.weight`, [number(1), number(0)])
        if (!given.includes('bias=False')) found.set(`${name}.bias`, [number(1)])
        return
      case 'nn.Sequential':
        for (const [i, [part]] of [...inside.matchAll(/\w+\([^)]*\)/g)].entries())
          add(`${name}.${i}`, part, values)
        return
      case 'stage': {
        const [blocks, stride] = [/blocks=(\d+)/, /stride=(\d+)/].map((wanted) =>
          Number(wanted.exec(inside)?.[1]),
        )
        const width = number(1)
        make(stage?.[1] ?? '', `${name}.0.`, { inputs: number(0), width, stride: stride ?? 1 })
        const inputs = product(stage?.[2], { width })
        for (let i = 1; i < (blocks ?? 0); i++) make('Block', `${name}.${i}.`, { inputs, width, stride: 1 })
        return
      }
      default:
    }
  }
  make('Network', '', {})
  return found
}

/** "4 * width" */
const product = (text = '', values: Values) =>
  text.split(' * ').reduce((result, factor) => result * (values[factor] ?? Number(factor)), 1)

import { describe, expect, test } from 'vitest'
import { AppError } from '../../base/app-error.ts'
import { PRESETS } from '../../presets/presets.ts'
import { defaultSetup } from './default-setup.ts'
import { fromFragment, toFragment } from './share-link.ts'

const fragmentOf = (value: unknown) =>
  `#config=${Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')}`

function failureOf(fragment: string): AppError {
  try {
    fromFragment(fragment)
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('the link was accepted')
}

test.each([...PRESETS.map(({ config }) => config), defaultSetup(null)])(
  'a set-up comes back from its link as it went in (%#)',
  (config) => {
    expect(fromFragment(toFragment(config))).toEqual(config)
  },
)

test('a link holds nothing that an address would have to escape', () => {
  expect(toFragment(defaultSetup(null))).toMatch(/^#config=[\w-]+$/)
})

test('a fragment about something else is no link', () => {
  expect(fromFragment('')).toBeNull()
  expect(fromFragment('#look')).toBeNull()
})

const SETUP = defaultSetup(null)
const WHOLE = toFragment(SETUP)
const BODY = WHOLE.slice('#config='.length)

test.each([
  ['its = percent-encoded', `#config%3D${BODY}`],
  ['in small letters', `#config%3d${BODY}`],
  ['all of it percent-encoded', `#${Buffer.from(WHOLE.slice(1)).toString('hex').replaceAll(/../g, '%$&')}`],
  ['encoded twice', `#config%253D${BODY}`],
  ['the # encoded too', `#%23config%3D${BODY}`],
  ['brackets around it', `#config=${BODY}>`],
  ['brackets around it, encoded', `#config=${BODY}%3E`],
  ['a full stop after it', `${WHOLE}.`],
  ['a bracket and a comma after it', `${WHOLE}),`],
  ['quotes after it', `${WHOLE}”`],
  ['a line break in it', `${WHOLE.slice(0, 76)}%0D%0A${WHOLE.slice(76)}`],
  ['quoted-printable', `#config=3D${BODY}`],
  ['a parameter that another site put behind it', `${WHOLE}&utm_source=chat`],
  ['padding', `${WHOLE}${'='.repeat((4 - (BODY.length % 4)) % 4)}`],
])('a link with %s is read', (_what, fragment) => {
  expect(fromFragment(fragment)).toEqual(SETUP)
})

describe('a broken link', () => {
  test.each([
    ['characters that base64url has not', '#config=@@@@'],
    ['a text that is not JSON', fragmentOf('{"version":1')],
    ['bytes that are not UTF-8', '#config=_____w'],
    ['nothing at all', '#config='],
  ])('%s is called unreadable', (_what, fragment) => {
    const failure = failureOf(fragment)
    expect(failure.code).toBe('link-invalid')
    expect(failure.message).toContain('default set-up')
  })

  test('a field that was edited is named', () => {
    const setup = defaultSetup(null)
    const failure = failureOf(fragmentOf({ ...setup, network: { ...setup.network, stages: [] } }))
    expect(failure.code).toBe('config-invalid')
    expect(failure.message).toContain('network.stages')
    expect(failure.message).toContain('the link')
  })

  test.each([
    ['a field too many', { ...defaultSetup(null), script: 'alert(1)' }],
    ['a version of the future', { ...defaultSetup(null), version: 4 }],
    ['a list', []],
    ['null', null],
  ])('%s is refused', (_what, value) => {
    expect(failureOf(fragmentOf(value)).code).toBe('config-invalid')
  })
})

// Links, saved set-ups and preferences of earlier versions: they mean what they meant.
import { renderToStaticMarkup } from 'react-dom/server'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { enginePreference } from '../../client/device/engine-preference.ts'
import { readSetupFile } from '../../client/setup/setup-file.ts'
import { fromFragment, toFragment } from '../../client/setup/share-link.ts'
import { useBaseline } from '../../ui/runs/use-baseline.ts'
import { rememberedTheme } from '../../ui/theme/theme-choice.ts'
import { asOfToday, OLD_VERSIONS, readLinks } from './old-files.ts'

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
const saidBy = (link: string): unknown =>
  JSON.parse(Buffer.from(link.slice('#config='.length), 'base64url').toString('utf8'))

afterEach(() => vi.unstubAllGlobals())

describe.each(OLD_VERSIONS)('of %s', (version) => {
  const { links, files, localStorage } = readLinks(version)

  test.each(links)(
    'the link of $name means the same set-up, and so does the link made of it',
    ({ link, config }) => {
      const parsed = fromFragment(link)
      expect(asJson(parsed)).toEqual(asOfToday(config ?? saidBy(link)))
      if (!parsed) throw new Error('the link holds no set-up')
      expect(fromFragment(toFragment(parsed))).toEqual(parsed)
    },
  )

  test.each(files)('$name holds the set-up that was saved', async ({ name, text }) => {
    const config = await readSetupFile(new File([text], name))
    expect(asJson(config)).toEqual(asOfToday(JSON.parse(text)))
  })

  test('the engine, the theme and the baseline that were chosen are remembered', () => {
    const storage = { getItem: (key: string) => localStorage[key] ?? null }
    vi.stubGlobal('localStorage', storage)
    expect(enginePreference('', storage)).toMatchObject({
      setting: { engine: 'cpu', threads: 3 },
      from: 'choice',
    })
    expect(rememberedTheme()).toBe('dark')
    function Baseline() {
      const [run] = useBaseline()
      return <b>{run}</b>
    }
    expect(renderToStaticMarkup(<Baseline />)).toBe('<b>finished-a</b>')
  })
})

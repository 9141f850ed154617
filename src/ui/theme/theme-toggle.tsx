import { useState } from 'react'
import { Segmented } from '../charts/segmented.tsx'
import { rememberedTheme, rememberTheme, showTheme, type Theme } from './theme-choice.ts'

const OPTIONS = [
  { id: 'system', text: 'Auto' },
  { id: 'light', text: 'Light' },
  { id: 'dark', text: 'Dark' },
] as const satisfies readonly { id: Theme; text: string }[]

export function ThemeToggle() {
  const [theme, setTheme] = useState(rememberedTheme)

  function choose(chosen: Theme): void {
    setTheme(chosen)
    showTheme(chosen)
    rememberTheme(chosen)
  }

  return <Segmented label="Theme" options={OPTIONS} value={theme} onChange={choose} />
}

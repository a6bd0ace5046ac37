import type { Language } from './i18n/language.ts'
import { formatNumber } from './time.ts'

const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** `1,4 GB`: in steps of a thousand, as disks are sold and as `df -H` shows them. */
export function formatBytes(bytes: number, language: Language): string {
  const step = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1_000 ** step
  const rounded = step === 0 || value >= 100 ? Math.round(value) : Math.round(value * 10) / 10
  return `${formatNumber(rounded, language)} ${units[step]}`
}

/** `VG-2026-0001`: counted per year of the city's calendar, without gaps, over all agencies. */
export function formatNumber(year: number, sequence: number): string {
  return `VG-${year}-${String(sequence).padStart(4, '0')}`
}

export function parseNumber(number: string): { readonly year: number; readonly sequence: number } | undefined {
  const match = /^VG-(\d{4})-(\d{4,})$/.exec(number)
  return match ? { year: Number(match[1]), sequence: Number(match[2]) } : undefined
}

export function yearOf(time: Date): number {
  return Number(new Intl.DateTimeFormat('en', { year: 'numeric', timeZone: 'Asia/Ho_Chi_Minh' }).format(time))
}

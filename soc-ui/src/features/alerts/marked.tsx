import type { Stretch } from '../../lib/highlight.ts'

export function Marked({ stretches }: { stretches: readonly Stretch[] }) {
  return stretches.map((stretch, index) =>
    stretch.marked ? <mark key={index}>{stretch.text}</mark> : <span key={index}>{stretch.text}</span>,
  )
}

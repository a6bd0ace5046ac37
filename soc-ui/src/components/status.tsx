import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import classes from './status.module.css'

export type Tone = 'neutral' | 'active' | 'warning' | 'danger' | 'good'

/** A state as icon and words; the colour only repeats what they say. */
export function Status({ icon: Icon, tone = 'neutral', children }: { icon: LucideIcon; tone?: Tone; children: ReactNode }) {
  return (
    <span className={classes.status} data-tone={tone}>
      <Icon size={13} aria-hidden className={classes.icon} />
      <span>{children}</span>
    </span>
  )
}

/** A short fact in a frame: a tag, a label, a count. */
export function Tag({ children, mono = false }: { children: ReactNode; mono?: boolean }) {
  return <span className={mono ? `${classes.tag} mono` : classes.tag}>{children}</span>
}

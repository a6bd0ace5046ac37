import { Title } from '@mantine/core'
import { useId, type ReactNode } from 'react'
import classes from './panel.module.css'

interface PanelProps {
  readonly title: string
  readonly lead?: ReactNode
  readonly actions?: ReactNode
  readonly flush?: boolean
  readonly testId?: string
  readonly children: ReactNode
}

/** A named section on a surface of its own. `flush` leaves the padding to the content (tables). */
export function Panel({ title, lead, actions, flush = false, testId, children }: PanelProps) {
  const id = useId()
  return (
    <section className={classes.panel} aria-labelledby={id} data-testid={testId}>
      <div className={classes.head}>
        <div>
          <Title order={2} id={id}>
            {title}
          </Title>
          {lead && <p className={classes.lead}>{lead}</p>}
        </div>
        {actions}
      </div>
      <div className={flush ? classes.flush : classes.body}>{children}</div>
    </section>
  )
}

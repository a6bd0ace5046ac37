import { Title } from '@mantine/core'
import { useEffect, type ReactNode } from 'react'
import classes from './page.module.css'

interface PageProps {
  readonly title: string
  /** Shown instead of the plain title, which stays the document's. */
  readonly heading?: ReactNode
  readonly lead?: ReactNode
  readonly above?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** The frame of every page: one h1, the document's title, actions on the right. */
export function Page({ title, heading, lead, above, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Vọng Gác`
  }, [title])
  return (
    <div className={classes.page}>
      {above}
      <div className={classes.head}>
        <div className={classes.heading}>
          <Title order={1}>{heading ?? title}</Title>
          {lead && <div className={classes.lead}>{lead}</div>}
        </div>
        {actions && <div className={classes.actions}>{actions}</div>}
      </div>
      {children}
    </div>
  )
}

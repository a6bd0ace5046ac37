import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { RegisteredSource } from '@vonggac/contract'
import { ArrowLeft } from 'lucide-react'
import type { ReactNode } from 'react'
import { Page } from '../../components/page.tsx'
import { SourceTabs } from '../../components/source-tabs.tsx'
import { Answered } from '../../components/states.tsx'
import { localized, useTexts } from '../../lib/i18n/index.ts'
import { ask } from '../../lib/queries.ts'
import classes from './connect-page.module.css'

interface SourceFrameProps {
  readonly id: string
  readonly title: (source: string) => string
  readonly lead?: string
  readonly actions?: ReactNode
  readonly children: (source: RegisteredSource) => ReactNode
}

/** What the pages of a registered source share: the way back, its name, its tabs. */
export function SourceFrame({ id, title, lead, actions, children }: SourceFrameProps) {
  const { t, language } = useTexts()
  const query = useQuery(ask('readRegisteredSource', { params: { id } }))
  return (
    <Page
      key={id}
      title={title(query.data ? localized(query.data.config.name, language) : id)}
      lead={lead}
      above={
        <Link to="/sources" className={classes.back ?? ''}>
          <ArrowLeft size={15} aria-hidden /> {t('sources.back')}
        </Link>
      }
      actions={actions}
    >
      <SourceTabs id={id} />
      <Answered query={query} rows={10}>
        {children}
      </Answered>
    </Page>
  )
}

import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import type { ReactNode } from 'react'
import { Page } from '../../components/page.tsx'
import { Answered, Empty } from '../../components/states.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import { parserDescription } from '../../lib/i18n/parser-descriptions.ts'
import { ask } from '../../lib/queries.ts'
import { useMay } from '../../lib/session.ts'
import { ParserBench } from './parser-bench.tsx'
import { templateOf } from './template.ts'
import classes from './connect-page.module.css'

const one = getRouteApi('/console/parsers/$id')
const fresh = getRouteApi('/console/parsers/new')

export function ParserPage() {
  const { language } = useTexts()
  const { id } = one.useParams()
  const { source } = one.useSearch()
  const query = useQuery(ask('readParser', { params: { id } }))
  return (
    <Frame title={id} lead={query.data && parserDescription(query.data, language)}>
      <Answered query={query} rows={12}>
        {(parser) => <ParserBench key={`${id} ${parser.version}`} known={parser} yaml={parser.yaml} source={source} />}
      </Answered>
    </Frame>
  )
}

export function NewParserPage() {
  const { t } = useTexts()
  const may = useMay('manager')
  const { source } = fresh.useSearch()
  return (
    <Frame title={t('parsers.new')}>
      {may ? (
        <ParserBench known={undefined} yaml={templateOf(t('parsers.template.description'))} source={source} />
      ) : (
        <Empty title={t('failure.forbidden')} hint={t('sourceSettings.managersOnly')} />
      )}
    </Frame>
  )
}

function Frame({ title, lead, children }: { title: string; lead?: string | undefined; children: ReactNode }) {
  const { t } = useTexts()
  return (
    <Page
      title={title}
      lead={lead}
      above={
        <Link to="/parsers" className={classes.back ?? ''}>
          <ArrowLeft size={15} aria-hidden /> {t('parsers.back')}
        </Link>
      }
    >
      {children}
    </Page>
  )
}

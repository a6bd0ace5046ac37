import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { ArrowLeft, CircleCheck, CircleDashed } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { Page } from '../../components/page.tsx'
import { Panel } from '../../components/panel.tsx'
import { Empty } from '../../components/states.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import { showDone } from '../../lib/notify.ts'
import { ask, useChange } from '../../lib/queries.ts'
import { useMay } from '../../lib/session.ts'
import { ExpectationFields } from './expectation-fields.tsx'
import { ParserField } from './parser-field.tsx'
import { SenderFields } from './sender-fields.tsx'
import { draftOf, newSource } from './source-values.ts'
import { useSourceForm, type SourceForm } from './use-source-form.ts'
import { WayField } from './way-field.tsx'
import classes from './register-page.module.css'

const route = getRouteApi('/console/sources/new')

export function RegisterPage() {
  const { t } = useTexts()
  const may = useMay('manager')
  return (
    <Page
      title={t('newSource.title')}
      lead={t('newSource.lead')}
      above={
        <Link to="/sources" className={classes.back ?? ''}>
          <ArrowLeft size={15} aria-hidden /> {t('sources.back')}
        </Link>
      }
    >
      {may ? <Registration /> : <Empty title={t('failure.forbidden')} hint={t('newSource.noManager')} />}
    </Page>
  )
}

/** Four questions on one page, in any order; what is still missing stands beside them. */
function Registration() {
  const { t } = useTexts()
  const navigate = useNavigate()
  const { system = '', parser } = route.useSearch()
  const form = useSourceForm({ ...newSource, system, parsers: parser ? [parser] : [] })
  const { data } = useQuery(ask('listSystems', {}))
  const register = useChange('registerSource')
  const [refused, setRefused] = useState(0)
  const submit = form.onSubmit(
    (values) => {
      const chosen = data?.items.find(({ id }) => id === values.system)
      if (!chosen) return form.setFieldError('system', t('newSource.systemMissing'))
      register.mutate(
        { body: draftOf(values, chosen) },
        {
          onSuccess: ({ id }) => {
            showDone(t('newSource.registered'))
            void navigate({ to: '/sources/$id/connect', params: { id }, replace: true })
          },
        },
      )
    },
    () => setRefused((times) => times + 1),
  )
  return (
    <form onSubmit={submit} noValidate className={classes.columns} data-testid="source-form">
      <div className={classes.steps}>
        <Panel title={t('newSource.what')} lead={t('newSource.whatLead')} testId="step-what">
          <ParserField form={form} />
        </Panel>
        <Panel title={t('newSource.how')} testId="step-how">
          <WayField form={form} />
        </Panel>
        <Panel title={t('newSource.who')} testId="step-who">
          <SenderFields form={form} />
        </Panel>
        <Panel title={t('newSource.when')} lead={t('newSource.whenLead')} testId="step-when">
          <ExpectationFields form={form} />
        </Panel>
      </div>
      <aside className={classes.side}>
        <Summary form={form} systemName={data?.items.find(({ id }) => id === form.values.system)?.name}>
          <Button type="submit" fullWidth loading={register.isPending} data-testid="register">
            {t('newSource.register')}
          </Button>
          <Mistakes key={refused} form={form} />
        </Summary>
      </aside>
    </form>
  )
}

function Summary({ form, systemName, children }: { form: SourceForm; systemName: string | undefined; children: ReactNode }) {
  const { t } = useTexts()
  const { parsers, way, name, calendar } = form.values
  const answers = [
    [t('sourceSettings.parsers'), parsers.join(' → ')],
    [t('sourceSettings.way'), t(`newSource.way.${way}`)],
    [t('newSource.system'), systemName ?? ''],
    [t('newSource.name'), name.trim()],
    [t('newSource.calendar'), t(`newSource.${calendar}`)],
  ] as const
  return (
    <Panel title={t('newSource.summary')}>
      <dl className={classes.answers}>
        {answers.map(([question, answer]) => (
          <div key={question} data-missing={answer === '' || undefined}>
            {answer === '' ? <CircleDashed size={15} aria-hidden /> : <CircleCheck size={15} aria-hidden />}
            <dt>{question}</dt>
            <dd>{answer || t('newSource.missing')}</dd>
          </div>
        ))}
      </dl>
      {children}
    </Panel>
  )
}

/** Everything that is wrong, where the button is; the fields say it too. */
function Mistakes({ form }: { form: SourceForm }) {
  const mistakes = Object.values(form.errors).filter(Boolean)
  if (mistakes.length === 0) return null
  return (
    <div role="alert">
      <ul className={classes.mistakes}>
        {mistakes.map((mistake, index) => (
          <li key={index}>{mistake}</li>
        ))}
      </ul>
    </div>
  )
}

import { Button, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ScanSearch } from 'lucide-react'
import { useState } from 'react'
import { Failure } from '../../components/states.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import { parserDescription } from '../../lib/i18n/parser-descriptions.ts'
import { ask } from '../../lib/queries.ts'
import { framingOf, mostLines, sampleLines } from './lists.ts'
import classes from './parser-field.module.css'

/** Lines are read by every parser, and those that read some of them are offered, the best first. */
export function DetectParser({ chosen, onChoose }: { chosen: readonly string[]; onChoose: (name: string) => void }) {
  const { t, language } = useTexts()
  const [text, setText] = useState('')
  const [asked, setAsked] = useState<readonly string[]>([])
  const lines = [...asked]
  const query = useQuery({
    ...ask('detectFormat', { body: { lines, framing: framingOf(lines) } }),
    enabled: lines.length > 0,
    staleTime: Infinity,
    retry: false,
  })
  const { data: known } = useQuery(ask('listParsers', {}))
  const descriptionOf = (name: string) => {
    const found = known?.items.find((parser) => parser.name === name)
    return found && parserDescription(found, language)
  }
  const reading = query.data?.items.filter(({ read }) => read > 0) ?? []
  return (
    <>
      <Textarea
        classNames={{ input: classes.lines ?? '' }}
        label={t('newSource.lines')}
        description={t('newSource.linesHint', { most: mostLines })}
        autosize
        minRows={4}
        maxRows={12}
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        data-testid="sample-lines"
      />
      <Button
        variant="default"
        className={classes.detect ?? ''}
        leftSection={<ScanSearch size={15} aria-hidden />}
        loading={query.isFetching}
        disabled={sampleLines(text).length === 0}
        onClick={() => setAsked(sampleLines(text))}
        data-testid="detect"
      >
        {t('newSource.detect')}
      </Button>
      {query.error && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.data && reading.length === 0 && (
        <p className={classes.hint} role="status">
          {t('newSource.detectNone')} <Link to="/parsers/new">{t('newSource.writeParser')}</Link>
        </p>
      )}
      {reading.length > 0 && (
        <ul className={classes.rows} aria-label={t('newSource.byLines')}>
          {reading.map(({ parser, read, lines: all }) => (
            <li key={parser}>
              <label className={classes.row} data-testid="detected">
                <input type="checkbox" checked={chosen.includes(parser)} onChange={() => onChoose(parser)} />
                <span className={classes.name}>{parser}</span>
                <span className={classes.description}>{descriptionOf(parser)}</span>
                <span className={classes.read}>{t('newSource.detected', { read, lines: all })}</span>
              </label>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

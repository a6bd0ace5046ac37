import { ActionIcon, Button, Menu, Textarea, Tooltip } from '@mantine/core'
import type { KqlProblem } from '@vonggac/sigma/kql'
import { History, Play, Square } from 'lucide-react'
import { useEffect, useId, useRef, useState, type KeyboardEvent, type RefObject } from 'react'
import { useTexts } from '../../lib/i18n/index.ts'
import { readQuery } from '../../lib/kql-text.ts'
import { useSession } from '../../lib/session.ts'
import { CompletionList } from './completion-list.tsx'
import { QueryProblem } from './query-problem.tsx'
import { forgetQueries, recentQueries, rememberQuery } from './recent.ts'
import { useCompletion, type Suggestion } from './use-completion.ts'
import type { Run } from './use-search.ts'
import classes from './query-bar.module.css'

interface QueryBarProps {
  readonly run: Run
  readonly inputRef: RefObject<HTMLTextAreaElement | null>
  readonly onRun: (query: string) => void
  readonly searching: boolean
  readonly onCancel: () => void
}

/** How long the fingers rest before a half-written query is told to be one. */
const restMs = 1_200

/** Where the query is written: completed by the arrows and Enter or Tab, run by Enter or Ctrl+Enter, checked before it leaves. */
export function QueryBar({ run, inputRef, onRun, searching, onCancel }: QueryBarProps) {
  const { t } = useTexts()
  const { user } = useSession()
  const [text, setText] = useState(run.query)
  const [cursor, setCursor] = useState(run.query.length)
  const [open, setOpen] = useState(false)
  const [active, setActive] = useState(-1)
  const [problem, setProblem] = useState(() => firstProblem(run.query))
  const [recent, setRecent] = useState(() => recentQueries(user.id))
  const [shownQuery, setShownQuery] = useState(run.query)
  const suggestions = useCompletion(text, cursor, run, recent, open)
  const listId = useId()
  const shown = open && suggestions.length > 0
  const placed = useRef<number>(undefined)

  // The address is right: "back", a value's button, an opened hunt bring another query.
  if (shownQuery !== run.query) {
    setShownQuery(run.query)
    setText(run.query)
    setProblem(firstProblem(run.query))
  }
  useEffect(() => {
    if (text === run.query || shown) return
    const timer = setTimeout(() => setProblem(firstProblem(text)), restMs)
    return () => clearTimeout(timer)
  }, [text, run.query, shown])
  useEffect(() => {
    if (placed.current === undefined) return
    inputRef.current?.setSelectionRange(placed.current, placed.current)
    placed.current = undefined
  })

  const write = (value: string, at: number) => {
    setText(value)
    setCursor(at)
    setActive(-1)
    setOpen(true)
    setProblem(undefined)
  }
  const start = (query: string) => {
    const found = firstProblem(query)
    setProblem(found)
    setOpen(false)
    if (found) return
    setRecent(rememberQuery(user.id, query))
    onRun(query)
  }
  const accept = ({ kind, text: put, from, to, behind }: Suggestion) => {
    const at = from + put.length + behind.length
    placed.current = at
    write(text.slice(0, from) + put + behind + text.slice(to), at)
    if (kind === 'recent') start(put)
    inputRef.current?.focus()
  }
  const press = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return
    const chosen = suggestions[active] ?? (event.key === 'Tab' && /\S$/.test(text.slice(0, cursor)) ? suggestions[0] : undefined)
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined && (shown || (step > 0 && text.slice(cursor).trim() === '')) && !event.shiftKey) {
      setOpen(true)
      // Before the first and behind the last is the bar itself.
      const places = suggestions.length + 1
      setActive(((active + 1 + step + places) % places) - 1)
    } else if (event.key === 'Enter' && !event.shiftKey) {
      if (shown && suggestions[active] && !event.ctrlKey && !event.metaKey) accept(suggestions[active])
      else start(text)
    } else if (event.key === 'Tab' && shown && chosen && !event.shiftKey) accept(chosen)
    else if (event.key === 'Escape') {
      if (shown) setOpen(false)
      else event.currentTarget.blur()
    } else return
    event.preventDefault()
  }
  return (
    <div className={classes.bar}>
      <div className={classes.line}>
        <div className={classes.field}>
          <Textarea
            ref={inputRef}
            classNames={{ input: classes.input ?? '' }}
            aria-label={t('hunting.query')}
            placeholder={t('hunting.placeholder')}
            autosize
            minRows={1}
            maxRows={6}
            maxLength={10_000}
            spellCheck={false}
            autoComplete="off"
            autoCapitalize="off"
            value={text}
            aria-invalid={problem !== undefined}
            onChange={(event) => write(event.currentTarget.value, event.currentTarget.selectionStart)}
            onSelect={(event) => setCursor(event.currentTarget.selectionStart)}
            onClick={() => setOpen(true)}
            onBlur={() => setOpen(false)}
            onKeyDown={press}
            role="combobox"
            aria-autocomplete="list"
            aria-expanded={shown}
            aria-controls={listId}
            aria-activedescendant={shown && active >= 0 ? `${listId}-${active}` : undefined}
            aria-describedby={`${listId}-problem`}
            data-testid="query"
          />
          <CompletionList id={listId} suggestions={shown ? suggestions : []} active={active} onChoose={accept} />
        </div>
        <RecentMenu
          recent={recent}
          onChoose={start}
          onForget={() => {
            forgetQueries(user.id)
            setRecent([])
          }}
        />
        {searching ? (
          <Button
            color="gray"
            variant="default"
            leftSection={<Square size={13} aria-hidden />}
            onClick={onCancel}
            data-testid="cancel-search"
          >
            {t('hunting.stop')}
          </Button>
        ) : (
          <Button leftSection={<Play size={14} aria-hidden />} onClick={() => start(text)} data-testid="run-search">
            {t('hunting.run')}
          </Button>
        )}
      </div>
      <div id={`${listId}-problem`} role="status">
        {problem && (
          <QueryProblem
            text={text}
            problem={problem}
            onRepair={(repaired, at) => {
              placed.current = at
              write(repaired, at)
              inputRef.current?.focus()
            }}
          />
        )}
      </div>
    </div>
  )
}

function firstProblem(query: string): KqlProblem | undefined {
  return readQuery(query).problems?.[0]
}

interface RecentMenuProps {
  readonly recent: readonly string[]
  readonly onChoose: (query: string) => void
  readonly onForget: () => void
}

function RecentMenu({ recent, onChoose, onForget }: RecentMenuProps) {
  const { t } = useTexts()
  return (
    <Menu position="bottom-end" width="min(34rem, 92vw)" withinPortal>
      <Menu.Target>
        <Tooltip label={t('hunting.recent')}>
          <ActionIcon variant="default" size={36} aria-label={t('hunting.recent')} data-testid="recent-queries">
            <History size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown className={classes.recent ?? ''}>
        {recent.length === 0 && <Menu.Label>{t('hunting.noRecent')}</Menu.Label>}
        {recent.map((query) => (
          <Menu.Item key={query} onClick={() => onChoose(query)} className={classes.recentItem ?? ''}>
            {query}
          </Menu.Item>
        ))}
        {recent.length > 0 && (
          <>
            <Menu.Divider />
            <Menu.Item onClick={onForget}>{t('hunting.forget')}</Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}

import { CircleX } from 'lucide-react'
import { useId, type KeyboardEvent } from 'react'
import { YamlLine } from '../../components/yaml-line.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import { indentAfter } from './indent.ts'
import classes from './yaml-editor.module.css'

interface YamlEditorProps {
  readonly value: string
  readonly onChange: (value: string) => void
  /** What is wrong, and in which line, counted from 1; without a line it stands above all. */
  readonly mistake: { readonly line: number | undefined; readonly message: string } | undefined
}

/**
 * YAML with line numbers and colours: a plain text area, whose letters are transparent, lies over the coloured text, so that everything which a
 * browser does with a text area (undo, input methods, screen readers) works. Tab leaves it; Enter keeps the indentation.
 */
export function YamlEditor({ value, onChange, mistake }: YamlEditorProps) {
  const { t } = useTexts()
  const hint = useId()
  const fault = useId()
  const lines = value.split('\n')
  const press = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing || event.shiftKey || event.ctrlKey || event.metaKey) return
    const { selectionStart } = event.currentTarget
    const indent = indentAfter(value.slice(0, selectionStart))
    if (indent === '') return
    event.preventDefault()
    // Unlike setting the value, this can be undone by the browser's own undo.
    document.execCommand('insertText', false, `\n${indent}`)
  }
  return (
    <div>
      {mistake && (
        <p className={classes.mistake} id={fault} role="alert" data-testid="parser-mistake">
          <CircleX size={14} aria-hidden />
          <span>
            {mistake.line !== undefined && <strong>{t('parsers.atLine', { line: mistake.line })}: </strong>}
            {mistake.message}
          </span>
        </p>
      )}
      <div className={classes.frame}>
        <ol className={classes.numbers} aria-hidden>
          {lines.map((_, index) => (
            <li key={index} data-fault={mistake?.line === index + 1 || undefined}>
              {index + 1}
            </li>
          ))}
        </ol>
        <div className={classes.sheet}>
          <div className={classes.paper}>
            <pre className={classes.text} aria-hidden>
              {lines.map((line, index) => (
                <span key={index} className={classes.line} data-fault={mistake?.line === index + 1 || undefined}>
                  <YamlLine line={line} />
                  {'\n'}
                </span>
              ))}
            </pre>
            <textarea
              className={classes.area}
              aria-label={t('parsers.editor')}
              aria-describedby={mistake ? `${fault} ${hint}` : hint}
              aria-invalid={mistake !== undefined}
              value={value}
              onChange={(event) => onChange(event.currentTarget.value)}
              onKeyDown={press}
              wrap="off"
              spellCheck={false}
              autoCapitalize="none"
              autoComplete="off"
              data-testid="parser-yaml"
            />
          </div>
        </div>
      </div>
      <p className={classes.hint} id={hint}>
        {t('parsers.editorHint')}
      </p>
    </div>
  )
}

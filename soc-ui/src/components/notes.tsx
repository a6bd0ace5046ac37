import { Button, Textarea } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { useUserName } from '../lib/people.ts'
import { When } from './when.tsx'
import classes from './notes.module.css'

interface NotesProps {
  readonly notes: readonly { readonly at: string; readonly by: string; readonly text: string }[]
  readonly empty: string
  readonly label: string
  readonly placeholder: string
  readonly mayWrite: boolean
  readonly pending: boolean
  readonly maxLength: number
  /** Resolves when the note is kept; then the field is emptied. */
  readonly onAdd: (text: string) => Promise<unknown>
}

export function Notes({ notes, empty, label, placeholder, mayWrite, pending, maxLength, onAdd }: NotesProps) {
  const userName = useUserName()
  const [text, setText] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (text.trim() === '') return
    onAdd(text.trim()).then(
      () => setText(''),
      () => {},
    )
  }
  return (
    <div>
      {notes.length === 0 ? (
        <p className={classes.empty}>{empty}</p>
      ) : (
        <ol className={classes.notes}>
          {notes.map((note, index) => (
            <li key={index}>
              <div className={classes.by}>
                <strong>{userName(note.by)}</strong> · <When at={note.at} />
              </div>
              <div className={classes.text}>{note.text}</div>
            </li>
          ))}
        </ol>
      )}
      {mayWrite && (
        <form onSubmit={submit} className={classes.form} data-testid="note-form">
          <Textarea
            aria-label={label}
            placeholder={placeholder}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            autosize
            minRows={2}
            maxRows={12}
            maxLength={maxLength}
          />
          <Button type="submit" size="xs" variant="default" disabled={text.trim() === ''} loading={pending}>
            {label}
          </Button>
        </form>
      )}
    </div>
  )
}

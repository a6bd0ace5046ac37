import { say, VonggacError, type Case, type CaseTask, type RouteRequest, type Routes } from '@vonggac/contract'

type Body<Name extends keyof Routes> = RouteRequest<Routes[Name]>['body']

const maxTasks = 500
const maxNotes = 2_000
/** Of all notes together: a case travels whole, in lists and to every open console. */
const maxNoteLength = 1_000_000

/** The case after a person's change. Throws `invalid-request` for one that the case's state does not allow. */
export function withChange(incident: Case, change: Body<'changeCase'>, now: string): Case {
  const { assignee, version: _version, ...fields } = change
  const status = change.status ?? incident.status
  if (incident.status === 'closed' && status === 'closed') throw closed(incident)
  if (status === 'closed') checkClosing(incident)
  if (change.detectedAt !== undefined) checkDetection(change.detectedAt, now)
  const { assignee: _assignee, closedAt: _closedAt, ...rest } = incident
  const who = assignee === undefined ? incident.assignee : (assignee ?? undefined)
  return {
    ...rest,
    ...given(fields),
    ...(who === undefined ? {} : { assignee: who }),
    ...(status === 'closed' ? { closedAt: now } : {}),
    updatedAt: now,
  }
}

/** The clocks of people's machines differ by no more. */
const clockSkewMs = 5 * 60_000

/** The legal clocks run from it: in the future they would never ring. */
function checkDetection(detectedAt: string, now: string): void {
  if (Date.parse(detectedAt) <= Date.parse(now) + clockSkewMs) return
  const message = 'the incident cannot have been detected in the future'
  throw new VonggacError('invalid-request', say('detection-future'), { places: [{ path: 'body.detectedAt', message }] })
}

/** A closed case says that what had to be done was done, or that somebody decided against it. */
function checkClosing({ number, tasks }: Case): void {
  const open = tasks.filter((task) => task.mandatory && (task.status === 'todo' || task.status === 'doing'))
  if (open.length === 0) return
  const titles = open.map(({ title }) => `“${title.vi}”`).join(', ')
  throw new VonggacError('invalid-request', say('case-tasks-open', { number, tasks: titles }), {
    places: open.map(({ id, title }) => ({ path: `tasks.${id}`, message: `${title.vi} / ${title.en}` })),
  })
}

export function withNote(incident: Case, id: string, by: string, text: string, now: string): Case {
  if (incident.notes.length >= maxNotes)
    throw new VonggacError('too-large', say('case-notes-many', { number: incident.number, most: maxNotes }))
  if (incident.notes.reduce((sum, note) => sum + note.text.length, text.length) > maxNoteLength) {
    throw new VonggacError('too-large', say('case-notes-long', { number: incident.number, most: maxNoteLength }))
  }
  return { ...incident, notes: [...incident.notes, { id, at: now, by, text }], updatedAt: now }
}

export function withTask(incident: Case, id: string, title: string, now: string): Case {
  if (incident.status === 'closed') throw closed(incident)
  if (incident.tasks.length >= maxTasks)
    throw new VonggacError('too-large', say('case-tasks-many', { number: incident.number, most: maxTasks }))
  return { ...incident, tasks: [...incident.tasks, { id, title: { vi: title, en: title }, status: 'todo' }], updatedAt: now }
}

export function withTaskChange(incident: Case, task: string, change: Body<'changeCaseTask'>, by: string, now: string): Case {
  if (incident.status === 'closed') throw closed(incident)
  if (!incident.tasks.some(({ id }) => id === task))
    throw new VonggacError('not-found', say('case-task-unknown', { number: incident.number, task }))
  return {
    ...incident,
    tasks: incident.tasks.map((known) => (known.id === task ? changedTask(known, change, by, now) : known)),
    updatedAt: now,
  }
}

function changedTask(task: CaseTask, { status = task.status, assignee }: Body<'changeCaseTask'>, by: string, now: string): CaseTask {
  const { assignee: _assignee, completedAt, completedBy, ...rest } = task
  const who = assignee === undefined ? task.assignee : (assignee ?? undefined)
  const ended = status === 'done' || status === 'skipped'
  const completion =
    status === task.status && completedAt && completedBy ? { completedAt, completedBy } : { completedAt: now, completedBy: by }
  return { ...rest, status, ...(who === undefined ? {} : { assignee: who }), ...(ended ? completion : {}) }
}

export function withFulfilment(incident: Case, obligation: string, done: boolean, by: string, now: string): Case {
  const { [obligation]: _mark, ...others } = incident.fulfilled
  return { ...incident, fulfilled: done ? { ...others, [obligation]: { at: now, by } } : others, updatedAt: now }
}

function closed({ number }: Case): VonggacError {
  return new VonggacError('invalid-request', say('case-closed', { number }))
}

/** Without the keys that were left out: `exactOptionalPropertyTypes` tells them from those set to undefined. */
function given<T extends object>(fields: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never
}

/**
 * The engine's process: DuckDB, and nothing that has to answer quickly. Its queries use up libuv's threads and can use up memory; here they
 * starve nobody, and when the process dies the store starts it anew and loads the log again.
 */
import type { DuckDBConnection } from '@duckdb/node-api'
import { mkdir, rm } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { copyFile } from './copy.ts'
import { Databases } from './databases.ts'
import { exportSegments } from './export.ts'
import { load } from './load.ts'
import type { EngineOperations, EngineSettings, FromEngine, Operation, ToEngine } from './protocol.ts'
import { measureEvents, readEvents, readRows, tallyEvents } from './read.ts'
import { rewriteSegments, rowsOf } from './rewrite.ts'
import { signRows } from './sign-rows.ts'
import { Signing } from './signing.ts'
import { checksumOf, type SignatureOf } from './write-segment.ts'
import { Workspace } from './workspace.ts'
import { hotTable } from '../catalogue.ts'

let databases: Databases | undefined
let temporaryFolder = ''
interface Running {
  connection: DuckDBConnection | undefined
  interrupted: boolean
}

const running = new Map<number, Running>()
/** A statement that is only being prepared forgets that it was interrupted: it is told again until it ends. */
const interruptEveryMs = 20
const workspace = new Workspace()
/** One load after the other. Ends with the loads that are under way. Queries wait for these: other work of this thread lets them go first, though not for ever. */
let loading: Promise<unknown> = Promise.resolve()
const longestCourtesyMs = 100
const afterLoads = () => Promise.race([loading, pause(longestCourtesyMs)])
/** By group of hot tables. */
const signings = new Map<number, Signing>()
/** Of segments that are to become one. */
let signed: { readonly of: string; readonly signatureOf: SignatureOf } | undefined

type Handlers = {
  [O in Operation]: (connection: DuckDBConnection, ask: EngineOperations[O]['ask']) => Promise<EngineOperations[O]['answer']>
}

const handlers: Omit<Handlers, 'open'> = {
  load: (connection, ask) => {
    const known = signings.get(ask.group) ?? new Signing()
    signings.set(ask.group, known)
    const loaded = loading.then(() => load(connection, temporaryFolder, ask, known, workspace))
    loading = loaded.catch(() => undefined)
    return loaded
  },
  export: (connection, ask) => exportSegments(connection, ask, signings.get(ask.group)),
  sign: async (connection, { paths }) => {
    signed = undefined
    signed = { of: paths.join('\n'), signatureOf: await signRows(connection, rowsOf(paths, 'true'), afterLoads) }
    return null
  },
  rewrite: (connection, ask) => {
    const signatureOf = signed?.of === ask.paths.join('\n') ? signed.signatureOf : undefined
    signed = undefined
    return rewriteSegments(connection, ask, signatureOf)
  },
  drop: async (connection, { tables, group }) => {
    signings.delete(group)
    for (const table of tables) await connection.run(`DROP TABLE IF EXISTS ${hotTable(table)}`)
    return null
  },
  checksum: async (_, { path }) => (await checksumOf(path)).crc,
  copy: async (_, { from, to }) => copyFile(from, to),
  rows: readRows,
  events: readEvents,
  tally: tallyEvents,
  measure: measureEvents,
}

async function open(settings: EngineSettings): Promise<void> {
  await rm(settings.temporaryFolder, { recursive: true, force: true })
  // Of this process alone: an engine that has lost its store may live for another moment.
  temporaryFolder = `${settings.temporaryFolder}/${process.pid}`
  await mkdir(temporaryFolder, { recursive: true })
  databases = await Databases.open({ ...settings, temporaryFolder })
}

async function answer(message: Exclude<ToEngine, { operation: 'interrupt' }>): Promise<unknown> {
  if (message.operation === 'open') {
    await open(message.ask)
    return null
  }
  if (databases === undefined) throw new Error('the engine is not open')
  const { id, operation, ask } = message
  const run: Running = { connection: undefined, interrupted: false }
  running.set(id, run)
  try {
    return await databases.use('reads' in ask ? ask.reads : undefined, (connection) => {
      if (run.interrupted) throw new Error('it was interrupted')
      run.connection = connection
      const handle = handlers[operation] as (connection: DuckDBConnection, ask: unknown) => Promise<unknown>
      return handle(connection, ask)
    })
  } finally {
    running.delete(id)
  }
}

function interrupt(id: number): void {
  const run = running.get(id)
  if (run === undefined) return
  run.interrupted = true
  run.connection?.interrupt()
  setTimeout(() => interrupt(id), interruptEveryMs)
}

function reply(message: FromEngine): void {
  // The store may be gone in the very moment: then nobody waits for it.
  if (process.connected) process.send?.(message, () => undefined)
}

process.on('message', (message: ToEngine) => {
  if (message.operation === 'interrupt') return interrupt(message.id)
  answer(message).then(
    (value) => reply({ id: message.id, answer: value }),
    (error: unknown) => reply({ id: message.id, error: error instanceof Error ? error.message : String(error) }),
  )
})

// Ctrl-C reaches the whole group of processes; the store decides when its engine ends, or ends itself.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => undefined)
// A query may be running on threads that an orderly exit would wait for; nothing here needs one.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))

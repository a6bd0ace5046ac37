/**
 * Copies or checks the database beside the store that works on it: both take seconds of a thread, and a reader of SQLite's write-ahead log
 * keeps nobody waiting. One task for each process: `node upkeep-process.js copy FROM TO`, `… check FILE`.
 */
import Database from 'libsql'
import { createReadStream } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { crc32 } from 'node:zlib'

const [task, file = '', to = ''] = process.argv.slice(2)

async function copy(): Promise<{ readonly bytes: number; readonly crc: string }> {
  await rm(to, { force: true })
  const database = new Database(file, { timeout: 30_000 })
  database.prepare('VACUUM INTO ?').run([to])
  database.close()
  const handle = await open(to, 'r+')
  await handle.sync()
  await handle.close()
  let bytes = 0
  let crc = 0
  for await (const chunk of createReadStream(to, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
    bytes += chunk.length
    crc = crc32(chunk, crc)
  }
  return { bytes, crc: crc.toString(16).padStart(8, '0') }
}

function check(): readonly string[] {
  const database = new Database(file, { timeout: 30_000 })
  const rows = database.prepare('PRAGMA integrity_check(20)').all([]) as { integrity_check: string }[]
  database.close()
  return rows.map((row) => row.integrity_check).filter((text) => text !== 'ok')
}

try {
  process.send!({ answer: task === 'copy' ? await copy() : check() }, () => process.disconnect())
} catch (error) {
  process.send!({ error: error instanceof Error ? error.message : String(error) }, () => process.disconnect())
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isRunning, lockDataFolder } from './lock.ts'
import { temporaryFolder } from './testing.ts'

let folder: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(() => folder.dispose())

test('a lock is held until it is released, and leaves nothing behind', () => {
  const lock = lockDataFolder(folder.path)
  expect(lock.takenOver).toBe(false)
  expect(() => lockDataFolder(folder.path)).toThrow(/already running/)
  lock.release()
  expect(readdirSync(folder.path)).toEqual([])
})

test.each(['', '{"pid":', '{"pid":999999999,"started":"1"}'])('a lock that says %j is nobody’s', (text) => {
  writeFileSync(join(folder.path, 'vonggac.lock'), text)
  expect(lockDataFolder(folder.path).takenOver).toBe(true)
  expect(readdirSync(folder.path)).toEqual(['vonggac.lock'])
})

test.skipIf(process.platform !== 'linux')('a process that ended and that nobody waited for holds nothing', async () => {
  // The shell becomes `sleep`, which never waits for the child that it inherits: the child stays behind as a zombie.
  const parent = spawn('sh', ['-c', 'true & echo $!; exec sleep 30'])
  try {
    const [line] = (await once(parent.stdout, 'data')) as [Buffer]
    const zombie = Number(line.toString())
    await expect.poll(() => readFileSync(`/proc/${zombie}/stat`, 'utf8')).toContain(' Z ')
    expect(isRunning(zombie)).toBe(false)
    expect(isRunning(parent.pid!)).toBe(true)
  } finally {
    parent.kill('SIGKILL')
  }
})

test('of many who find an abandoned lock at once, one gets it', async () => {
  const script = folder.file(
    'take.mjs',
    `import { lockDataFolder } from ${JSON.stringify(join(import.meta.dirname, '../dist/lock.js'))}
     while (Date.now() < Number(process.argv[3]));
     try { lockDataFolder(process.argv[2]); console.log('taken') } catch { console.log('refused') }
     for await (const _ of process.stdin);`,
  )
  writeFileSync(join(folder.path, 'vonggac.lock'), '{"pid":999999999,"started":"1"}')
  const start = String(Date.now() + 700)
  const children = Array.from({ length: 8 }, () => spawn(process.execPath, [script, folder.path, start]))
  const ended = Promise.all(children.map((child) => once(child, 'close')))
  try {
    const words = await Promise.all(children.map(({ stdout }) => once(stdout, 'data').then(([chunk]) => String(chunk).trim())))
    expect(words.toSorted()).toEqual([...Array<string>(7).fill('refused'), 'taken'])
  } finally {
    // Each lives as long as its input is open: whoever has the lock keeps it until all have tried.
    for (const { stdin } of children) stdin.end()
    await ended
  }
})

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { CheckpointFile, firstCheckpoint, readCheckpoint, type Checkpoint } from './checkpoint.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vonggac-checkpoint-'))
})
afterEach(() => rm(folder, { recursive: true }))

const never = (detail: string) => expect.fail(detail)

it('saves the state as it is when asked, once for many who ask', async () => {
  const path = join(folder, 'checkpoint.json')
  let state: Checkpoint = firstCheckpoint(0)
  const saved: number[] = []
  const file = new CheckpointFile(
    path,
    () => state,
    async ({ acknowledged }) => void saved.push(acknowledged),
  )
  const asked: Promise<void>[] = []
  for (let acknowledged = 1; acknowledged <= 50; acknowledged++) {
    state = { ...state, acknowledged, planned: [{ first: acknowledged, last: acknowledged + 9 }] }
    asked.push(file.save())
  }
  await Promise.all(asked)
  expect(await readCheckpoint(path, never)).toMatchObject(state)
  expect(saved.at(-1)).toBe(50)
  expect(saved.length).toBeLessThan(5)
})

it('is absent at first, and put aside when it cannot be read', async () => {
  const path = join(folder, 'checkpoint.json')
  expect(await readCheckpoint(path, never)).toBeUndefined()
  await writeFile(path, '{"version":1,')
  const told: string[] = []
  expect(await readCheckpoint(path, (detail) => told.push(detail))).toBeUndefined()
  expect(told).toHaveLength(1)
  expect(await readFile(`${path}.broken`, 'utf8')).toBe('{"version":1,')
})

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Workspace } from './workspace.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vonggac-workspace-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function fileOf(name: string, content: Buffer): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

it('reads files together, as they are', async () => {
  const workspace = new Workspace()
  const [a, b, none] = [
    await fileOf('a', Buffer.alloc(3_000_000, 'a')),
    await fileOf('b', Buffer.from('b')),
    await fileOf('none', Buffer.alloc(0)),
  ]
  expect((await workspace.read([a, none, b])).map((file) => [file.length, file.toString('latin1', 0, 1)])).toEqual([
    [3_000_000, 'a'],
    [0, ''],
    [1, 'b'],
  ])
})

it('keeps the room of files before for those that fit it, up to 32 MiB', async () => {
  const workspace = new Workspace()
  const [long, short, huge] = [
    await fileOf('long', Buffer.alloc(5_000)),
    await fileOf('short', Buffer.from('s')),
    await fileOf('huge', Buffer.alloc(33 * 1024 * 1024)),
  ]
  const room = (await workspace.read([long]))[0]!.buffer
  expect((await workspace.read([short]))[0]!.buffer).toBe(room)
  const once = (await workspace.read([huge]))[0]!.buffer
  expect(once.byteLength).toBe(33 * 1024 * 1024)
  expect((await workspace.read([long]))[0]!.buffer).toBe(room)
})

it('says which file is missing', async () => {
  await expect(new Workspace().read([join(folder, 'missing')])).rejects.toThrow('missing')
})

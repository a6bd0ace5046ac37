import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { everyKind } from './kinds.ts'

it('lists every kind of document that there is, so that a move leaves none behind', () => {
  const folder = import.meta.dirname
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.(test|testing|contract)\.ts$/.test(file))
    // Of the checkpoint of a move nobody needs to know after it.
    .filter((file) => !file.startsWith('storage/') && !file.startsWith('migration/'))
  const declared = files.flatMap((file) =>
    Array.from(readFileSync(join(folder, file), 'utf8').matchAll(/: Kind<\w+> = \{\s*name: '([^']+)'/g), ([, name]) => name!),
  )
  expect(everyKind.map(({ name }) => name).toSorted()).toEqual(declared.toSorted())
})

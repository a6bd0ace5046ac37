/** Writes numbered documents and series entries until it is killed; prints a number when both are acknowledged. Part of document-store.test.ts. */
import { systemScope } from '@vonggac/contract'
import { always } from '@vonggac/sigma'
import { writeSync } from 'node:fs'
import { z } from 'zod'
import type { Kind, Series } from '../document-store.ts'
import { openLibsqlDocumentStore } from './document-store.ts'

const kind: Kind<{ n: number }> = { name: 'number', schema: z.object({ n: z.int() }), agency: () => 'port', index: { n: ({ n }) => n } }
const series: Series<{ n: number }> = { name: 'numbers', schema: z.object({ n: z.int() }) }
const scope = systemScope('test')
const store = openLibsqlDocumentStore({ folder: process.argv[2] })

for (let n = (await store.count(scope, kind, always)) + 1; ; n++) {
  await Promise.all([store.write(scope, kind, `n${n}`, { n }, 'new'), store.append(series, () => ({ n }))])
  writeSync(1, `${n}\n`)
}

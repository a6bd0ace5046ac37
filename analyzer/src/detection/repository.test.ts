import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Routes, Scope } from '@vonggac/contract'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { listingAudit } from '../audit/testing.ts'
import type { Handler } from '../platform/handler.ts'
import type { DocumentStore } from '../storage/document-store.ts'
import { openTestDocuments } from '../storage/testing.ts'
import { openDetection, type Detection, type DetectionOptions } from './detection.ts'
import { rulesHandlers, type RulesDeps } from './handlers.ts'
import type { RulesInUse } from './rule-set.ts'
import { followSwitches } from './switching.ts'
import { batchOf } from './testing.ts'

const good = `
title: Traversal
id: 11111111-1111-4111-8111-111111111111
logsource: { category: webserver }
detection: { selection: { c-uri|contains: '../' }, condition: selection }
level: high
vonggac: { title: { vi: Vượt thư mục } }
`
const pipeline = `
name: test
priority: 10
transformations:
  - { id: fields, type: field_name_mapping, mapping: { c-uri: url.original } }
`
const manager: Scope = { agency: '*', role: 'manager', tlp: 'TLP:RED', actor: 'an' }

let folder: string
let documents: DocumentStore
let detection: Detection | undefined
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vonggac-packs-'))
  documents = openTestDocuments()
  await write('pipelines/test.yml', pipeline)
  await write('packs/web/pack.yml', 'id: web\ntitle: { vi: Web, en: Web }\npipelines: [test]\n')
})
afterEach(async () => {
  await detection?.detector.close()
  detection = undefined
  await documents.close()
  await rm(folder, { recursive: true })
})

async function write(path: string, text: string): Promise<void> {
  await mkdir(join(folder, path, '..'), { recursive: true })
  await writeFile(join(folder, path), text)
}

async function open(more: Partial<DetectionOptions> = {}): Promise<Detection> {
  await detection?.detector.close()
  detection = await openDetection({
    documents,
    packFolders: [join(folder, 'packs')],
    pipelineFolders: [join(folder, 'pipelines')],
    ...more,
  })
  return detection
}

function handlersOf(opened: Detection, more: Partial<RulesDeps> = {}) {
  const { audit, audited } = listingAudit(documents)
  const announced: unknown[] = []
  const handlers = rulesHandlers({
    ...opened,
    documents,
    operator: 'attt',
    clock: { now: () => new Date('2026-11-22T03:00:00Z') },
    audit,
    announcer: { announce: (message) => void announced.push(message) },
    alertsByRule: async () => new Map([['11111111-1111-4111-8111-111111111111', { count: 3, lastAt: '2026-11-22T02:00:00.000Z' }]]),
    ...more,
  })
  const call = <Name extends keyof typeof handlers>(route: Name, request: object = {}) =>
    (handlers[route] as Handler<Routes[Name]>)(request as never, manager, undefined as never)
  return { call, audited, announced }
}

async function hitsIn({ detector }: Detection): Promise<number> {
  const { header, bytes } = batchOf('c1', 0, [{ event: { 'url.original': '/../', 'vonggac.logsource.category': 'webserver' } }])
  return (await detector.evaluate(header, bytes)).groups.length
}

it('loads the rules of a pack through its pipelines; proofs and samples are no rules', async () => {
  await write('packs/web/traversal.yml', good)
  await write('packs/web/traversal.test.yml', 'match: []\n')
  await write('packs/web/samples/x.yml', '{}\n')
  const opened = await open()
  const { call } = handlersOf(opened)
  const { items } = await call('listRules')
  expect(items).toMatchObject([
    { title: 'Traversal', titles: { vi: 'Vượt thư mục' }, state: 'active', pack: 'web', file: 'traversal.yml', alerts: 3 },
  ])
  expect(await hitsIn(opened)).toBe(1)
  expect(await call('readRule', { params: { id: items[0]!.id } })).toMatchObject({ yaml: good })
})

it('shows a rule that cannot be loaded, with the place and the reason, and loads the others', async () => {
  await write('packs/web/a.yml', good)
  await write('packs/web/b.yml', good.replace('condition: selection', 'condition: selecton').replaceAll('1111', '2222'))
  await write('packs/web/c.yml', good.replace('group_by', 'x').replace('{ vi: Vượt thư mục }', 'Vượt').replaceAll('1111', '3333'))
  await write('packs/web/d.yml', good)
  const { call } = handlersOf(await open())
  const { items } = await call('listRules')
  const told = items.map(({ file, state, diagnostics }) => [
    file,
    state,
    diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code),
  ])
  expect(told).toEqual([
    ['a.yml', 'active', []],
    ['c.yml', 'refused', ['vonggac-key']],
    ['b.yml', 'refused', ['condition-unknown-selection']],
    ['d.yml', 'refused', ['id-repeated']],
  ])
  const typo = items.find(({ file }) => file === 'b.yml')
  expect(typo).toMatchObject({ id: '22222222-2222-4111-8111-222222222222', title: 'Traversal', diagnostics: [{ line: 5 }] })
  await expect(call('changeRule', { params: { id: typo!.id }, body: { enabled: true } })).rejects.toMatchObject({ code: 'invalid-request' })
})

it('follows what people switch at another analyzer on the same stores', async () => {
  await write('packs/web/a.yml', good)
  const here = await open()
  const folders = { packFolders: [join(folder, 'packs')], pipelineFolders: [join(folder, 'pipelines')] }
  const elsewhere = await openDetection({ documents, ...folders })
  try {
    const id = '11111111-1111-4111-8111-111111111111'
    const told: number[] = []
    const announced: unknown[] = []
    const announcer = { announce: (message: unknown) => void announced.push(message) }
    const onChange = async ({ detections }: RulesInUse) => void told.push(detections.length)
    const follow = () => followSwitches({ ...here, documents, announcer, onChange })
    for (const enabled of [false, true]) {
      await handlersOf(elsewhere).call('changeRule', { params: { id }, body: { enabled } })
      await follow()
      await follow()
      expect(await hitsIn(here)).toBe(enabled ? 1 : 0)
    }
    expect(told).toEqual([0, 1])
    expect(announced).toEqual([{ type: 'rules' }, { type: 'rules' }])
  } finally {
    await elsewhere.detector.close()
  }
})

it('switches a rule off and on at once, remembers it, and puts it in the audit chain', async () => {
  await write('packs/web/a.yml', good)
  const opened = await open()
  const { call, audited, announced } = handlersOf(opened)
  const id = '11111111-1111-4111-8111-111111111111'
  expect(await call('changeRule', { params: { id }, body: { enabled: false, note: 'Quá nhiều báo nhầm' } })).toMatchObject({
    state: 'disabled',
  })
  expect(await hitsIn(opened)).toBe(0)
  expect(audited).toEqual([
    { agency: 'attt', action: 'rule.change', subject: `rule/${id}`, detail: { enabled: false, note: 'Quá nhiều báo nhầm' } },
  ])
  expect(announced).toEqual([{ type: 'rules' }])

  const restarted = await open()
  expect(await hitsIn(restarted)).toBe(0)
  await handlersOf(restarted).call('changeRule', { params: { id }, body: { enabled: true } })
  expect(await hitsIn(restarted)).toBe(1)
})

it('tells which rules no configured source can feed, and evaluates them all the same', async () => {
  await write('packs/web/a.yml', good)
  const opened = await open({ delivered: [{ product: 'linux', category: 'process_creation' }] })
  expect((await handlersOf(opened).call('listRules')).items).toMatchObject([{ state: 'no-source' }])
  expect(await hitsIn(opened)).toBe(1)
})

it('does not start on a pack that cannot be read', async () => {
  await write('packs/web/pack.yml', 'title: Web\n')
  await expect(open()).rejects.toMatchObject({ code: 'invalid-configuration', message: expect.stringContaining('pack.yml: id') as string })
  await expect(open({ packFolders: [join(folder, 'nowhere')] })).rejects.toThrow('nowhere')
})

it('refuses the rules of a pack that names a pipeline which is not there', async () => {
  await write('packs/web/pack.yml', 'id: web\ntitle: { vi: Web, en: Web }\npipelines: [tset]\n')
  await write('packs/web/a.yml', good)
  expect((await handlersOf(await open()).call('listRules')).items).toMatchObject([
    { state: 'refused', diagnostics: [{ code: 'pipeline-unknown' }] },
  ])
})

const correlation = (id: string, base: string, more = '') => `
title: Correlation ${id.slice(0, 1)}
id: ${id}
level: critical
correlation:
  type: temporal
  rules: [${base}]
  group-by: [source.ip]
  timespan: 5m
vonggac: { reason: { vi: Nhiều lần, en: Many times }${more} }
`
const [a, b, c] = ['11111111-1111-4111-8111-111111111111', '44444444-4444-4444-8444-444444444444', '55555555-5555-4555-8555-555555555555']

it('shows correlations with their own level, and as without source when what they refer to cannot fire', async () => {
  await write('packs/web/a.yml', good)
  await write('packs/web/b.yml', correlation(b!, a!))
  await write('packs/web/c.yml', correlation(c!, b!))
  const opened = await open()
  const { call } = handlersOf(opened)
  const told = async () => (await call('listRules')).items.map(({ level, state, silent }) => [level, state, silent])
  expect(await told()).toEqual([
    ['high', 'active', true],
    ['critical', 'active', true],
    ['critical', 'active', undefined],
  ])
  expect(await hitsIn(opened)).toBe(0)
  await call('changeRule', { params: { id: a }, body: { enabled: false } })
  expect((await told()).map(([, state]) => state)).toEqual(['disabled', 'no-source', 'no-source'])
})

it('warns of a correlation that had to forget, and tells whoever correlates what is in use', async () => {
  await write('packs/web/a.yml', good)
  await write('packs/web/b.yml', correlation(b!, a!))
  const told: RulesInUse[] = []
  const { call } = handlersOf(await open(), { forgotten: () => ({ [b!]: 7 }), onChange: async (rules) => void told.push(rules) })
  expect((await call('listRules')).items.map(({ diagnostics }) => diagnostics.map(({ code }) => code))).toEqual([
    [],
    ['correlation-forgets'],
  ])
  await call('changeRule', { params: { id: b }, body: { enabled: false } })
  expect(told.map(({ detections, correlations, known }) => [detections.length, correlations.length, known.length])).toEqual([[1, 0, 2]])
})

it('refuses a correlation whose base is refused, and one that is grouped by what it does not count by', async () => {
  await write('packs/web/a.yml', good.replace('group_by', 'x').replace('{ vi: Vượt thư mục }', 'Vượt'))
  await write('packs/web/b.yml', correlation(b!, a!))
  await write('packs/web/c.yml', correlation(c!, b!))
  await write('packs/web/d.yml', good.replaceAll('1111', '2222'))
  await write(
    'packs/web/e.yml',
    correlation('66666666-6666-4666-8666-666666666666', '22222222-2222-4111-8111-222222222222', ', group_by: [host.name]'),
  )
  const { items } = await handlersOf(await open()).call('listRules')
  expect(
    items.map(({ file, state, diagnostics }) => [
      file,
      state,
      diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code),
    ]),
  ).toEqual([
    ['a.yml', 'refused', ['vonggac-key']],
    ['d.yml', 'active', []],
    ['b.yml', 'refused', ['correlation-base-refused']],
    ['c.yml', 'refused', ['correlation-base-refused']],
    ['e.yml', 'refused', ['vonggac-key']],
  ])
})

it('shows every document of a file that is refused, and survives files that nest without end', async () => {
  const broken = good.replace('condition: selection', 'condition: selecton')
  const again = broken.replaceAll('1111', '2222')
  await write('packs/web/a.yml', [good, again, again, broken.replace(/^id:.*$/m, '')].join('\n---\n'))
  await write('packs/web/b.yml', '['.repeat(20_000))
  const { items } = await handlersOf(await open()).call('listRules')
  const told = items.map(({ id, title, state, diagnostics }) => [
    id,
    title,
    state,
    diagnostics.find(({ severity }) => severity === 'error')?.code,
  ])
  expect(told).toHaveLength(5)
  expect(told).toEqual(
    expect.arrayContaining([
      ['11111111-1111-4111-8111-111111111111', 'Traversal', 'active', undefined],
      ['22222222-2222-4111-8111-222222222222', 'Traversal', 'refused', 'condition-unknown-selection'],
      ['web:a.yml:20', 'Traversal', 'refused', 'condition-unknown-selection'],
      ['web:a.yml:29', 'Traversal', 'refused', 'condition-unknown-selection'],
      ['web:b.yml:1', 'b.yml', 'refused', 'yaml-too-deep'],
    ]),
  )
})

it('names a pack.yml that nests without end', async () => {
  await write('packs/web/pack.yml', '['.repeat(20_000))
  await expect(open()).rejects.toMatchObject({ code: 'invalid-configuration', message: expect.stringContaining('pack.yml') as string })
})

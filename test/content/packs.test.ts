/** Every pack loads, and every rule's proof holds: the events beside it that must and must not match. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { logSourceFields } from '@vonggac/contract'
import { createMatcher, loadRules, parsePipeline, type FlatEvent, type Pipeline } from '@vonggac/sigma'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'

const root = join(import.meta.dirname, '../..')
const packs = join(root, 'rules/packs')

const bilingual = z.strictObject({ vi: z.string().min(1), en: z.string().min(1) })

const packSchema = z.strictObject({
  id: z.string(),
  title: bilingual,
  description: bilingual,
  logsources: z.array(
    z.strictObject({
      category: z.string().optional(),
      product: z.string().optional(),
      service: z.string().optional(),
      dataset: z.string(),
    }),
  ),
  pipelines: z.array(z.string()),
})

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()])
const event = z.record(z.string(), z.union([scalar, z.array(scalar)]))
const examples = z.array(z.strictObject({ title: z.string(), event })).min(1)
const proofSchema = z.strictObject({ defaults: event.default({}), match: examples, ignore: examples })

/** What this project's rules say beyond the Sigma specification. */
const ruleExtension = z.strictObject({
  title: z.strictObject({ vi: z.string().min(1) }),
  description: z.strictObject({ vi: z.string().min(1) }),
  falsepositives: z.strictObject({ vi: z.array(z.string().min(1)).min(1) }),
  reason: bilingual,
  group_by: z.array(z.string()).min(1),
  playbook: z.string(),
})

const packNames = readdirSync(packs, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)

describe.each(packNames)('pack %s', (name) => {
  const folder = join(packs, name)
  const pack = packSchema.parse(readYaml(join(folder, 'pack.yml')))
  const files = readdirSync(folder).filter((file) => file.endsWith('.yml') && file !== 'pack.yml')
  const proofFiles = files.filter((file) => file.endsWith('.test.yml'))
  const ruleFiles = files.filter((file) => !file.endsWith('.test.yml'))
  const loaded = loadRules(
    ruleFiles.map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') })),
    { pipelines: pack.pipelines.map(readPipeline) },
  )

  it('is named like its folder', () => {
    expect(pack.id).toBe(name)
  })

  it('loads without a warning', () => {
    expect(loaded.diagnostics).toEqual([])
    expect(loaded.rules.length + loaded.correlations.length + loaded.filters.length).toBeGreaterThan(0)
  })

  it('tells analysts in both languages what a rule means', () => {
    const untold = [...loaded.rules, ...loaded.correlations].filter(({ custom }) => !ruleExtension.safeParse(custom['vonggac']).success)
    expect(untold.map(({ file }) => file)).toEqual([])
  })

  it('proves every detection rule', () => {
    expect(proofFiles.map((file) => file.replace('.test.yml', '.yml')).toSorted()).toEqual(loaded.rules.map(({ file }) => file).toSorted())
  })

  const matcher = createMatcher(loaded.rules, { logSourceFields })
  const matches = (flat: FlatEvent, file: string): boolean => matcher.match(flat).some((rule) => rule.file === file)

  describe.each(proofFiles)('%s', (file) => {
    const rule = file.replace('.test.yml', '.yml')
    const { defaults, match, ignore } = proofSchema.parse(readYaml(join(folder, file)))
    it.each(match)('matches $title', (example) => {
      expect(matches({ ...defaults, ...example.event }, rule)).toBe(true)
    })
    it.each(ignore)('ignores $title', (example) => {
      expect(matches({ ...defaults, ...example.event }, rule)).toBe(false)
    })
  })
})

function readPipeline(name: string): Pipeline {
  const file = `${name}.yml`
  const { pipeline, diagnostics } = parsePipeline(readFileSync(join(root, 'rules/sigma/pipelines', file), 'utf8'), { file })
  expect(diagnostics).toEqual([])
  return pipeline as Pipeline
}

function readYaml(file: string): unknown {
  return parse(readFileSync(file, 'utf8'))
}

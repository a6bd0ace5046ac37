/**
 * Holds what rules compile to, before and behind pipelines, to the trees that pySigma parses from them.
 *
 *     npm run conformance:pysigma -- FOLDER… [--pipeline FILE]… [--python python3]
 *
 * Needs a Python with pySigma 2. Pipelines go to both sides without their `absent_field` steps, which are this project's own. Rules that this side
 * refuses are counted. The exit code is 1 where a tree differs.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { loadRules, parsePipeline, type Expression, type Pipeline, type Test } from '@vonggac/sigma'
import { parse } from 'yaml'
import { readRuleFiles } from '../support/sigma-corpus.ts'

/** What pysigma.py writes. */
type Tree = { readonly all: readonly Tree[] } | { readonly any: readonly Tree[] } | { readonly not: Tree } | Leaf
type Leaf = Readonly<Record<string, unknown>> & { readonly field: string | null }

function fromExpression(expression: Expression): Tree {
  if ('all' in expression) return { all: expression.all.map(fromExpression) }
  if ('any' in expression) return { any: expression.any.map(fromExpression) }
  if ('not' in expression) return { not: fromExpression(expression.not) }
  return { field: expression.field === '*' ? null : expression.field, ...fromTest(expression.test) }
}

function fromTest(test: Test): Record<string, unknown> {
  switch (test.kind) {
    case 'equals':
      if (typeof test.value === 'number') return { number: test.value }
      if (typeof test.value === 'boolean') return { boolean: test.value }
      return { text: escaped(test.value), cased: test.cased === true }
    case 'prefix':
      return { text: `${escaped(test.value)}*`, cased: test.cased === true }
    case 'suffix':
      return { text: `*${escaped(test.value)}`, cased: test.cased === true }
    case 'contains':
      return { text: `*${escaped(test.value)}*`, cased: test.cased === true }
    case 'glob':
      return { text: test.pattern, cased: test.cased === true }
    case 'regex':
      return { regex: test.source, flags: [...test.flags].sort().join('') }
    case 'network':
      return { network: test.cidr }
    case 'compare':
      return { compare: test.operator, number: test.value }
    case 'equalsField':
      return {
        other: test.other,
        starts: test.match === 'prefix' || test.match === 'contains',
        ends: test.match === 'suffix' || test.match === 'contains',
      }
    case 'exists':
      return { exists: true }
    case 'null':
      return { null: true }
    case 'timePart':
      return { part: test.part, number: test.value }
    case 'moment':
      throw new Error('no rule has such a test')
  }
}

function escaped(text: string): string {
  return text.replace(/[*?\\]/g, '\\$&')
}

/** One text for all ways to write the same tree: members sorted, joined, unique; stars not repeated; keywords open at both ends. */
function canonical(tree: Tree): string {
  if ('not' in tree && !('field' in tree)) return `not(${canonical(tree.not as Tree)})`
  for (const kind of ['all', 'any'] as const) {
    if (!(kind in tree)) continue
    const members = membersOf(tree as Tree, kind)
    const texts = [...new Set(members.map(canonical))].toSorted()
    return texts.length === 1 ? (texts[0] as string) : `${kind}(${texts.join(', ')})`
  }
  return canonicalLeaf(tree as Leaf)
}

function membersOf(tree: Tree, kind: 'all' | 'any'): Tree[] {
  const members = (tree as Readonly<Record<'all' | 'any', readonly Tree[] | undefined>>)[kind]
  return members === undefined ? [tree] : members.flatMap((member) => membersOf(member, kind))
}

function canonicalLeaf({ field, ...test }: Leaf): string {
  if (field === null && 'number' in test) return canonicalLeaf({ field, text: String(test['number']), cased: false })
  const { text } = test as { text?: string }
  if (text === undefined) return JSON.stringify([field, Object.entries(test).toSorted()])
  const open = field === null ? `*${text}*` : text
  return JSON.stringify([field, open.replace(/(^|[^\\])(\\\\)*\*+/g, (run) => run.replace(/\*+$/, '*')), test['cased']])
}

function withoutOwnSteps(text: string): string {
  const pipeline = parse(text) as { transformations?: Step[] }
  return JSON.stringify({ ...pipeline, transformations: standardSteps(pipeline.transformations ?? []) })
}

interface Step {
  readonly type: string
  readonly items?: readonly Step[]
}

function standardSteps(steps: readonly Step[]): Step[] {
  return steps
    .filter(({ type }) => type !== 'absent_field')
    .map((step) => (step.items ? { ...step, items: standardSteps(step.items) } : step))
}

function pipelineOf(text: string, file: string): Pipeline {
  const { pipeline, diagnostics } = parsePipeline(text, { file })
  if (pipeline === undefined) throw new Error(`${file}: ${diagnostics[0]?.message ?? 'no pipeline'}`)
  return pipeline
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    pipeline: { type: 'string', multiple: true, default: [] },
    python: { type: 'string', default: 'python3' },
    help: { type: 'boolean' },
  },
})
if (values.help || positionals.length === 0) {
  console.log('npm run conformance:pysigma -- FOLDER… [--pipeline FILE]… [--python python3]')
  process.exit(values.help ? 0 : 2)
}

const files = positionals.flatMap(readRuleFiles).filter(({ text }) => /^detection:/m.test(text))
const texts = values.pipeline.map((file) => withoutOwnSteps(readFileSync(file, 'utf8')))
const pipelines = texts.map((text, index) => pipelineOf(text, values.pipeline[index] as string)).toSorted((a, b) => a.priority - b.priority)
const ordered = pipelines.map(({ file }) => texts[values.pipeline.indexOf(file)])
const { rules, diagnostics } = loadRules(files, { pipelines })

const request = JSON.stringify({ rules: rules.map(({ file }) => file), pipelines: ordered })
const answer = spawnSync(values.python, [join(import.meta.dirname, 'pysigma.py')], { input: request, encoding: 'utf8', maxBuffer: 1 << 30 })
if (answer.status !== 0) throw new Error(`${values.python} failed: ${answer.stderr || answer.error?.message}`)
const trees = JSON.parse(answer.stdout) as Record<string, Tree | { error: string }>

let differing = 0
for (const { file, expression } of rules) {
  const theirs = trees[file] as Tree | { error: string }
  const [own, other] = [canonical(fromExpression(expression)), 'error' in theirs ? String(theirs.error) : canonical(theirs)]
  if (own === other) continue
  differing++
  console.log(`${file}\n  here:    ${own}\n  pySigma: ${other}`)
}
const refused = new Set(diagnostics.filter(({ severity }) => severity === 'error').map(({ file }) => file)).size
console.log(`${rules.length} rules compared, ${differing} differ; ${refused} refused here`)
process.exit(differing === 0 ? 0 : 1)

import { explain } from '../ir/explain.ts'
import { createMatcher } from '../match/matcher.ts'
import type { CompiledRule, Diagnostic } from '../rule.ts'
import { flag, text, UsageError, type Command } from './command.ts'
import { counted, formatDiagnostic } from './diagnostics.ts'
import { readProofFiles } from './files.ts'
import { loadFrom, ruleOptions, ruleUsage } from './rules.ts'
import { readProof, type Example } from './proof.ts'

export const test: Command = {
  summary: 'prove rules by the events beside them',
  usage: `sigma test [--pipeline FILE…] [--logsource PREFIX] [--json] FOLDER…

Beside a rule RULE.yml stands its proof, RULE.test.yml: under "match" events that the rule must match, under "ignore" events that it must not
match, under "defaults" what all of them share:

  defaults: { product: linux, category: process_creation }
  match:
    - title: somebody asks who they are
      event: { CommandLine: /usr/bin/whoami }
  ignore:
    - title: a listing
      event: { CommandLine: ls -l }

${ruleUsage}
  --logsource PREFIX   the log source is in PREFIX.product, PREFIX.category and PREFIX.service
  --json               print one JSON object: {"passed", "failed", "unproven", "failures"}

Exit code: 0 all hold, 1 some do not, 2 wrong usage.`,
  options: {
    ...ruleOptions,
    logsource: { type: 'string' },
    json: { type: 'boolean' },
  },
  async run(paths, values, io) {
    if (paths.length === 0) throw new UsageError('Name a folder with rules and proofs.')
    const proofs = await readProofFiles(paths)
    if (proofs.length === 0) throw new UsageError(`There are no proofs (*.test.yml) in ${paths.join(', ')}.`)
    const loaded = await loadFrom(paths, values)
    const prefix = text(values, 'logsource')
    const fieldOf = (name: string) => (prefix === undefined ? name : `${prefix}.${name}`)
    const matcher = createMatcher(loaded.rules, {
      logSourceFields: { product: fieldOf('product'), category: fieldOf('category'), service: fieldOf('service') },
      maintenance: 'manual',
    })
    const failures: Failure[] = loaded.diagnostics.filter(({ severity }) => severity === 'error').map(asFailure)
    let passed = 0
    for (const { file, text: yaml } of proofs) {
      const { examples, findings } = readProof(file, yaml)
      failures.push(...findings.list.filter(({ severity }) => severity === 'error').map(asFailure))
      const rules = loaded.rules.filter((rule) => rule.file === file.replace(/\.test(\.ya?ml)$/, '$1'))
      if (rules.length === 0) failures.push({ file, line: 1, message: 'There is no rule beside this proof that loads.' })
      for (const example of rules.length > 0 ? examples : []) {
        const matching = matcher.match(example.event).filter((rule) => rules.includes(rule))
        if (matching.length > 0 === example.matches) passed++
        else failures.push({ file, line: example.line, message: reason(example, rules, matching) })
      }
    }
    const proven = new Set(proofs.map(({ file }) => file.replace(/\.test(\.ya?ml)$/, '$1')))
    const unproven = loaded.rules.filter(({ file }) => !proven.has(file)).map(({ file, title }) => ({ file, title }))
    if (flag(values, 'json')) await io.out(`${JSON.stringify({ passed, failed: failures.length, unproven, failures })}\n`)
    else {
      for (const { file, line, message } of failures) await io.out(`${file}:${line}: ${message}\n`)
      for (const { file, title } of unproven) io.err(`${file}: "${title}" has no proof\n`)
      const without = unproven.length > 0 ? `, ${counted(unproven.length, 'rule')} without proof` : ''
      io.err(`${counted(passed, 'example')} ${passed === 1 ? 'holds' : 'hold'}, ${failures.length} failed${without}\n`)
    }
    return failures.length > 0 ? 1 : 0
  },
}

interface Failure {
  readonly file: string
  readonly line: number
  readonly message: string
}

function asFailure(diagnostic: Diagnostic): Failure {
  const { file, line } = diagnostic
  return { file, line, message: formatDiagnostic(diagnostic).replace(/^.*?:\d+:\d+: /, '') }
}

function reason({ title, event, matches }: Example, rules: readonly CompiledRule[], matching: readonly CompiledRule[]): string {
  if (!matches) {
    const why = matching
      .flatMap(({ expression }) => explain(expression, event))
      .map(({ field, negated }) => (negated ? `not ${field}` : field))
    return `must not match, but does, by ${[...new Set(why)].join(', ')}: ${title}`
  }
  const elsewhere = rules.some(({ expression }) => explain(expression, event).length > 0)
  return elsewhere ? `must match, but the event is of another log source: ${title}` : `must match, but does not: ${title}`
}

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const folders: string[] = []
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })))

/** Lays out the files in an empty folder and checks them by the project's rules; gives the names of the rules that they break. */
function violations(files: Record<string, string>): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'vonggac-imports-'))
  folders.push(folder)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
  const config = join(root, '.dependency-cruiser.cjs')
  const run = spawnSync(process.execPath, [cruiser, '--config', config, '--output-type', 'json', '.'], { cwd: folder, encoding: 'utf8' })
  const { summary } = JSON.parse(run.stdout) as { summary: { violations: { rule: { name: string } }[]; totalCruised: number } }
  expect(summary.totalCruised, 'TypeScript files are read at all').toBeGreaterThanOrEqual(Object.keys(files).length)
  return [...new Set(summary.violations.map((violation) => violation.rule.name))].toSorted()
}

const value = 'export const value = 1\n'

describe('the import rules', () => {
  it('let each room import what it may', () => {
    const files = {
      'analyzer/contract/src/index.ts': value,
      'rules/sigma/src/index.ts': value,
      'collector/src/main.ts': `import { value } from '../../analyzer/contract/src/index.ts'\nconsole.log(value)\n`,
      'analyzer/src/main.ts': `import { value } from '../../rules/sigma/src/index.ts'\nconsole.log(value)\n`,
    }
    expect(violations(files)).toEqual([])
  })

  it('refuse an app that imports another app', () => {
    const files = {
      'analyzer/src/alerts/index.ts': value,
      'collector/src/main.ts': `import { value } from '../../analyzer/src/alerts/index.ts'\nconsole.log(value)\n`,
    }
    expect(violations(files)).toEqual(['collector-imports-the-contract'])
  })

  it('refuse an app that imports another by its package name, even a type', () => {
    expect(
      violations({ 'soc-ui/src/main.ts': `import type { Config } from '@vonggac/collector'\nexport const x: Config | null = null\n` }),
    ).toEqual(['console-imports-contract-and-sigma'])
  })

  it('refuse a contract or a library that knows us', () => {
    const files = {
      'analyzer/src/index.ts': value,
      'analyzer/contract/src/index.ts': `export { value } from '../../src/index.ts'\n`,
      'rules/sigma/src/index.ts': `export { value } from '../../../analyzer/src/index.ts'\n`,
    }
    expect(violations(files)).toEqual(['contract-imports-nothing-of-ours', 'sigma-imports-nothing-of-ours'])
  })

  it('refuse files and processes in the Sigma library', () => {
    expect(violations({ 'rules/sigma/src/load.ts': `import { readFileSync } from 'node:fs'\nexport const x = readFileSync\n` })).toEqual([
      'sigma-does-no-io',
    ])
    expect(
      violations({ 'rules/sigma/src/cli/main.ts': `import { readFileSync } from 'node:fs'\nexport const x = readFileSync\n` }),
    ).toEqual([])
  })

  it('refuse a way into a module past its index', () => {
    const files = {
      'analyzer/src/alerts/grouping.ts': value,
      'analyzer/src/cases/index.ts': `export { value } from '../alerts/grouping.ts'\n`,
    }
    expect(violations(files)).toEqual(['modules-are-entered-by-their-index'])
  })

  it('refuse a module that picks its own store', () => {
    const files = {
      'analyzer/src/storage/duckdb/index.ts': value,
      'analyzer/src/alerts/index.ts': `export { value } from '../storage/duckdb/index.ts'\n`,
      'analyzer/src/compose.ts': `export { value } from './storage/duckdb/index.ts'\n`,
    }
    expect(violations(files)).toContain('only-compose-knows-adapters')
  })

  it('refuse a console feature that imports another, and a cycle', () => {
    const files = {
      'soc-ui/src/features/alerts/list.ts': `import { b } from '../cases/list.ts'\nexport const a = () => b\n`,
      'soc-ui/src/features/cases/list.ts': `import { a } from '../alerts/list.ts'\nexport const b = () => a\n`,
    }
    expect(violations(files)).toEqual(['features-are-islands', 'no-cycles'])
  })
})

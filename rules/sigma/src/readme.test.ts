/** Runs the README: its programs print what the comments behind `console.log` say, its command lines what follows them. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { formatWithOptions } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommand } from './cli/run.ts'
import * as sigma from './index.ts'

const readme = await readFile(join(import.meta.dirname, '../README.md'), 'utf8')
const blocks = Array.from(readme.matchAll(/^```(\w+) ?(.*)\n([^]*?)^```$/gm), ([, language, name, text]) => ({
  language: language ?? '',
  name: name ?? '',
  text: text ?? '',
}))
const inLanguage = (language: string) => blocks.filter((block) => block.language === language)

const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor as new (
  ...parts: string[]
) => (...values: unknown[]) => Promise<void>

it.each(inLanguage('js').map(({ text }) => text))('program %#', async (text) => {
  const printed: string[] = []
  const console = { log: (...values: unknown[]) => printed.push(formatWithOptions({ breakLength: Number.POSITIVE_INFINITY }, ...values)) }
  const body = text.replace(/^import (\{.*\}) from '@vonggac\/sigma'$/m, 'const $1 = sigma')
  await new AsyncFunction('sigma', 'console', body)(sigma, console)
  const promised = Array.from(text.matchAll(/^ *console\.log\(.*\) \/\/ (.*)$/gm), ([, output]) => output)
  expect(printed).toEqual(promised)
})

describe('command lines', () => {
  const before = process.cwd()
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sigma-readme-'))
    for (const { name, text } of blocks.filter(({ name: file }) => file !== '')) {
      await mkdir(dirname(join(folder, name)), { recursive: true })
      await writeFile(join(folder, name), text)
    }
    process.chdir(folder)
  })
  afterAll(async () => {
    process.chdir(before)
    await rm(folder, { recursive: true })
  })

  const commands = inLanguage('console').flatMap(({ text }) =>
    Array.from(text.matchAll(/^\$ sigma (.*)\n((?:(?!\$ ).*\n)*)/gm), ([, line, output]) => ({ line: line ?? '', output: output ?? '' })),
  )
  it.each(commands)('sigma $line', async ({ line, output }) => {
    let printed = ''
    const code = await runCommand(line.split(' '), { out: (text) => void (printed += text), err: () => undefined, isTerminal: false })
    expect({ code, printed }).toEqual({ code: 0, printed: output })
  })
})

import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tokenPath } from '@vonggac/collector'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { KilledCollector } from '../support/killed-collector.ts'
import { describeWith } from '../support/real-program.ts'
import { RunningProgram } from '../support/running-program.ts'
import { asFile, sentLines } from '../support/sent-lines.ts'
import { made } from '../support/shippers/recipe.ts'
import { filebeat } from '../support/shippers/recipes.ts'

/** Filebeat, the real program, sends while the collector is killed again and again: every line arrives, and each once. */
describeWith(made(filebeat), (home) => {
  const [rounds, each] = [4, 2_000]
  const lines = sentLines(rounds * each)
  let folder: string
  let collector: KilledCollector
  let running: RunningProgram | undefined

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vonggac-filebeat-'))
  })
  afterEach(async () => {
    await running?.stop()
    await collector.remove()
    await rm(folder, { recursive: true })
  })

  it.each(['lumberjack', 'http'] as const)(
    'loses and doubles nothing over %s',
    async (transport) => {
      const port = await freePort()
      const source = { id: 'beats', transport, parsers: ['ecs-json'], ...(transport === 'lumberjack' && { from: ['127.0.0.1'] }) }
      collector = await KilledCollector.make({ [transport]: { port } }, [source])
      await collector.start()
      const log = join(folder, 'app.log')
      const output =
        transport === 'lumberjack'
          ? { 'output.logstash': { hosts: [`127.0.0.1:${port}`] } }
          : {
              'output.elasticsearch': {
                hosts: [`http://127.0.0.1:${port}`],
                headers: { authorization: `Bearer ${(await readFile(tokenPath(collector.folder, 'beats'), 'utf8')).trim()}` },
              },
              'setup.template.enabled': false,
              'setup.ilm.enabled': false,
            }
      const input = { type: 'filestream', id: 'app', paths: [log] }
      await writeFile(join(folder, 'filebeat.yml'), JSON.stringify({ 'filebeat.inputs': [input], ...output }))
      await writeFile(log, '')
      running = RunningProgram.start(join(home, 'filebeat'), [
        '-e',
        '--strict.perms=false',
        '--path.home',
        folder,
        '-c',
        join(folder, 'filebeat.yml'),
      ])

      const arrived = () => new Set(collector.values('message'))
      for (let round = 0; round < rounds; round++) {
        await appendFile(log, asFile(lines.slice(round * each, (round + 1) * each)))
        await expect.poll(() => arrived().size, { interval: 20 }).toBeGreaterThan(round * each)
        await collector.kill()
        await collector.start()
      }
      await expect.poll(() => arrived().size, { timeout: 120_000, interval: 200 }).toBe(lines.length)
      expect(collector.values('message').toSorted()).toEqual(lines.toSorted())
    },
    400_000,
  )
})

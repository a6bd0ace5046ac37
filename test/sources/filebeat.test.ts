import { execFile } from 'node:child_process'
import { appendFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWith } from '../support/real-program.ts'
import { RunningProgram } from '../support/running-program.ts'
import { SendingSite } from '../support/sending-site.ts'
import { asFile, sentLines } from '../support/sent-lines.ts'
import { made } from '../support/shippers/recipe.ts'
import { filebeat } from '../support/shippers/recipes.ts'

/** Filebeat, the real program, with the configuration that the console gives for it. */
describeWith(made(filebeat), (home) => {
  const program = join(home, 'filebeat')
  const lines = sentLines(6_500)
  const most = 6_000
  let site: SendingSite

  beforeAll(async () => {
    site = await SendingSite.start()
  })
  afterAll(() => site.stop())

  it.each(['lumberjack', 'http'] as const)(
    'delivers every line of a file once over %s, while the collector restarts',
    async (transport) => {
      const { source, folder, text } = await site.configured(transport, 'filebeat', 'ecs-json')
      const log = join(folder, 'access.log')
      const config = join(folder, 'filebeat.yml')
      await writeFile(config, text.replace('/var/log/nginx/access.log', log))
      const options = ['-c', config, '--strict.perms=false', '--path.home', folder]
      const { stdout } = await promisify(execFile)(program, ['test', 'output', ...options])
      expect(stdout).toMatch(/talk to server\.\.\. OK/)

      const stored = async () => (await site.events(source)).map(({ message }) => String(message))
      await writeFile(log, asFile(lines.slice(0, most)))
      const running = RunningProgram.start(program, ['-e', ...options])
      try {
        await expect.poll(() => site.taken(source), { interval: 20 }).toBeGreaterThan(500)
        await site.restartCollector()
        await expect.poll(async () => new Set(await stored()).size).toBe(most)
        // What was under way when the collector went comes again in an order of its own; all else as it stands in the file.
        await appendFile(log, asFile(lines.slice(most)))
        await expect.poll(async () => new Set(await stored()).size).toBe(lines.length)
      } finally {
        await running.stop()
      }
      const arrived = await stored()
      expect(arrived.toSorted()).toEqual(lines.toSorted())
      expect(arrived.slice(most)).toEqual(lines.slice(most))
      const [first] = await site.events(source)
      expect(first).toMatchObject({ 'agent.type': 'filebeat', 'log.file.path': log, 'vonggac.source.id': source, 'event.kind': 'event' })
    },
    200_000,
  )
})

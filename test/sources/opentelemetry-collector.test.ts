import { appendFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWith } from '../support/real-program.ts'
import { RunningProgram } from '../support/running-program.ts'
import { SendingSite } from '../support/sending-site.ts'
import { asFile, sentLines } from '../support/sent-lines.ts'
import { made } from '../support/shippers/recipe.ts'
import { opentelemetryCollector } from '../support/shippers/recipes.ts'

/** The OpenTelemetry Collector, the real program, with the configuration that the console gives for it. */
describeWith(made(opentelemetryCollector), (home) => {
  const program = join(home, 'otelcol')
  const lines = sentLines(10_000)
  let site: SendingSite

  beforeAll(async () => {
    site = await SendingSite.start()
  })
  afterAll(() => site.stop())

  it('delivers every line of a file, also of one that was written while it was away', async () => {
    const { source, folder, text } = await site.configured('http', 'opentelemetry', 'otlp')
    const log = join(folder, 'access.log')
    const config = join(folder, 'config.yaml')
    await writeFile(config, text.replace('/var/log/nginx/access.log', join(folder, '*.log')).replace('/var/lib/otelcol', folder))
    const stored = async () => new Set((await site.events(source)).map(({ message }) => message))

    await writeFile(log, asFile(lines.slice(0, 5_000)))
    const first = RunningProgram.start(program, ['--config', config])
    try {
      await expect.poll(() => site.taken(source), { interval: 20 }).toBeGreaterThan(100)
      await site.restartCollector()
      await expect.poll(async () => (await stored()).size).toBe(5_000)
    } finally {
      await first.stop()
    }
    await appendFile(log, asFile(lines.slice(5_000, 6_000)))
    await writeFile(join(folder, 'second.log'), asFile(lines.slice(6_000)))
    const second = RunningProgram.start(program, ['--config', config])
    try {
      await expect.poll(async () => (await stored()).size).toBe(lines.length)
    } finally {
      await second.stop()
    }
    expect(await stored()).toEqual(new Set(lines))
    const [event] = await site.events(source)
    expect(event).toMatchObject({ 'event.dataset': 'otlp.log', 'vonggac.source.id': source, 'event.kind': 'event' })
  })
})

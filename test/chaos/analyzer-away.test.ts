import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { CollectorProcess } from '../benchmark/collector/process.ts'
import { sixDevices } from '../benchmark/collector/six-formats.ts'
import { sendOverTcp } from '../benchmark/collector/tcp-sender.ts'
import { startNullAnalyzer, type NullAnalyzer } from '../fixtures/null-analyzer.ts'

/** The analyzer is away while everything arrives: the collector keeps it on the disk, not in memory, and delivers each frame once it is back. */
const frames = 300_000
const mostMegabytes = 512
const devices = sixDevices(1, Date.now())

let folder: string
let analyzer: NullAnalyzer
let collector: CollectorProcess

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vonggac-away-'))
  analyzer = await startNullAnalyzer({ keepEvents: false })
  analyzer.refuse = true
  collector = await CollectorProcess.start(folder, analyzer.port, devices)
})
afterEach(async () => {
  await collector.end('SIGKILL')
  await analyzer.stop()
  await rm(folder, { recursive: true })
})

it('costs the collector no memory and nobody an event', async () => {
  await sendOverTcp(collector.addresses.syslogTcp.port, devices, frames)
  await collector.reached('journaled_frames_total', frames)
  expect(analyzer.batches).toEqual([])
  analyzer.refuse = false
  await collector.reached('forwarded_frames_total', frames)
  expect(collector.peakMegabytes()).toBeLessThan(mostMegabytes)

  const firsts = analyzer.batches.map(({ first }) => first)
  expect(firsts.slice(1)).toEqual(analyzer.batches.slice(0, -1).map(({ last }) => last + 1))
  expect(analyzer.lines).toBe(frames)
  expect(analyzer.batches.flatMap(({ tallies }) => tallies).every(({ rejected }) => Object.keys(rejected).length === 0)).toBe(true)
})

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseRecording, replay } from '../replay.ts'
import { run, type RunOptions } from './run.ts'

const recording = fileURLToPath(new URL('../../../../rules/packs/citizen-portal/samples/portal-attack.ndjson', import.meta.url))

/** `vonggac demo`: the platform, and a recorded attack on the citizen portal sent to the collector's syslog ports. */
export function demo({ speed, ...options }: RunOptions & { readonly speed: number }): Promise<void> {
  return run(options, async ({ config }, signal) => {
    const lines = parseRecording(readFileSync(recording, 'utf8'))
    const { host, tcpPort, udpPort } = config.collector.syslog
    console.log(`\nReplaying a recorded attack on the citizen portal: ${lines.length} log lines.`)
    const sent = await replay(lines, { host, tcpPort, udpPort }, { speed, signal, onProgress: progress() })
    console.log(`\nThe replay is over: ${sent} log lines sent. Open the console to see what became of them.`)
  })
}

/** A line that is written over on a terminal; elsewhere one line for each tenth. */
function progress(): (sent: number, total: number) => void {
  let shown = -1
  return (sent, total) => {
    const percent = Math.floor((sent / total) * 100)
    if (percent === shown) return
    shown = percent
    const bar = '█'.repeat(Math.floor(percent / 4)).padEnd(25, '░')
    if (process.stdout.isTTY) process.stdout.write(`\r  ${bar} ${String(percent).padStart(3)} %  ${sent} lines`)
    else if (percent % 10 === 0) console.log(`  ${percent} %  ${sent} lines`)
  }
}

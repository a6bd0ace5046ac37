#!/usr/bin/env node
import { runCommand } from './run.ts'

/** Waits while the reader of a pipe is slow. */
function out(text: string): void | Promise<void> {
  if (process.stdout.write(text)) return
  return new Promise((resolve) => process.stdout.once('drain', resolve))
}

// Whoever reads may have enough: `sigma match … | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 2))

process.exitCode = await runCommand(process.argv.slice(2), {
  out,
  err: (text) => void process.stderr.write(text),
  isTerminal: process.stderr.isTTY,
})

import { runCommand } from '../run.ts'

/** Exit code, and what stood on either stream. */
export async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', '']
  const code = await runCommand(args, { out: (text) => void (out += text), err: (text) => void (err += text), isTerminal: false })
  return { code, out, err }
}

import { tokensOf } from '../lib/yaml-tokens.ts'
import classes from './yaml-line.module.css'

/** A line of YAML in its colours. */
export function YamlLine({ line }: { line: string }) {
  return tokensOf(line).map(({ kind, text }, at) => (
    <span key={at} className={kind === 'plain' ? undefined : classes[kind]}>
      {text}
    </span>
  ))
}

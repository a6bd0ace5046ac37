import { RE2JS } from 're2js'
import type { Findings } from '../syntax/source.ts'

/** A test by a regex that must match at the start of the text, in linear time; one that cannot be read never matches. */
export function makePattern(source: string, at: number, findings: Findings): (text: string) => boolean {
  try {
    const pattern = RE2JS.compile(source)
    return (text) => pattern.matcher(text).lookingAt()
  } catch (error) {
    findings.error(
      'pipeline-regex',
      at,
      `The regular expression "${source}" cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
    )
    return () => false
  }
}

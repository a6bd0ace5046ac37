import { describe, expect, it } from 'vitest'

/** A program of others that tests run where it is installed. */
export interface RealProgram<Found> {
  readonly name: string
  /** What a test starts it with; undefined where it is not installed. */
  readonly found: Found | undefined
  /** The command that installs it. */
  readonly install: string
  /** Here its absence fails instead of skipping: whoever sets the variable says that it is installed. */
  readonly required: boolean
}

/** Of the system's packages, such as rsyslog. */
export const packagesRequired = process.env['VONGGAC_REQUIRE_RSYSLOG'] !== undefined

/** Tests with a real program. Where it is not installed they are skipped, and it is said how to install it. */
export function describeWith<Found>({ name, found, install, required }: RealProgram<Found>, tests: (found: Found) => void): void {
  const missing = `${name} is not installed: ${install}`
  if (found === undefined && !required) console.warn(`Tests with a real sender are skipped. ${missing}`)
  describe(`with ${name}`, () => {
    if (found !== undefined) return tests(found)
    it.skipIf(!required)(`runs (${missing})`, () => expect.fail(missing))
  })
}

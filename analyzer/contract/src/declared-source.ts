import { z } from 'zod'
import { expectationSchema } from './onboarding.ts'
import { sourceSchema } from './source-config.ts'

/** What is said when a source is registered in the console, its entry in `vonggac.yml` says itself. */
const own = { expectation: expectationSchema.optional() }
const [syslog, gelf, lumberjack, journald, http, poll, file] = sourceSchema.options

/** A source as `vonggac.yml` has it. Without an expectation of its own, what is expected by default is expected of it. */
export const declaredSourceSchema = z.discriminatedUnion('transport', [
  syslog.extend(own),
  gelf.extend(own),
  lumberjack.extend(own),
  journald.extend(own),
  http.extend(own),
  poll.extend(own),
  file.extend(own),
])
export type DeclaredSource = z.infer<typeof declaredSourceSchema>

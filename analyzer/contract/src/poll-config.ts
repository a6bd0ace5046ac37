import { z } from 'zod'
import { valueSentences } from './value-sentences.ts'

/** Where something stands in a JSON answer: names with dots between, `data.items`; empty: the answer itself. */
const path = z.string().max(200)

/**
 * How the next answer begins where the last one ended:
 * - `field`: a field of the last item is sent back as a parameter of the address; `initial` is sent while there is none.
 * - `token`: a token that the answer names is sent back as a parameter.
 * - `link`: the answer names the address of the next one; without `path`, its header `link` does (rel="next").
 * Where an answer names none, the last one is asked for again at the next time: its items are known by then.
 */
const cursor = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('field'),
    path: path.min(1),
    parameter: z.string().min(1).max(100),
    initial: z.string().max(500).optional(),
  }),
  z.strictObject({ kind: z.literal('token'), path: path.min(1), parameter: z.string().min(1).max(100) }),
  z.strictObject({ kind: z.literal('link'), path: path.min(1).optional() }),
])
export type PollCursor = z.infer<typeof cursor>

const headerName = z.string().regex(/^[\w!#$%&'*+.^`|~-]{1,100}$/, valueSentences['header-name-form'])

/** An HTTP interface that is asked for what is new; each item of the answer is a frame. */
export const pollFields = {
  /** The one collector that asks; two would ask twice. */
  collector: z.string().default('c1'),
  url: z.url({ protocol: /^https?$/ }),
  method: z.enum(['GET', 'POST']).default('GET'),
  /** Secrets do not belong here: see `secret`. */
  headers: z.record(headerName, z.string().max(2_000)).default({}),
  /** Of a POST: JSON text. */
  body: z.string().max(65_536).optional(),
  /** Sent as `header: prefix + the line in dataFolder/secrets/poll-<source id>.secret`. */
  secret: z.strictObject({ header: headerName.default('authorization'), prefix: z.string().max(100).default('Bearer ') }).optional(),
  everySeconds: z.int().min(1).max(86_400).default(60),
  mostRequestsPerMinute: z.int().min(1).max(6_000).default(60),
  /** Where the list of items stands. */
  items: path.default(''),
  /** Where in an item its id stands, by which a repeat is known; without it, by all that it says. */
  itemId: path.min(1).optional(),
  cursor: cursor.optional(),
}

import { logSourceFields, readYaml } from '@vonggac/contract'
import type { LogSource } from '@vonggac/sigma'
import { z } from 'zod'

type Dimension = keyof typeof logSourceFields

/** What is read of a collector's `parser.yml` here: the log source that it names, and the steps that may name another by what an event says. */
const parserSchema = z.looseObject({
  logsource: z.looseObject({ category: z.string().optional(), product: z.string().optional(), service: z.string().optional() }).default({}),
  steps: z.array(z.unknown()).default([]),
})
const mapSchema = z.looseObject({ to: z.string(), values: z.record(z.string(), z.unknown()), otherwise: z.unknown().optional() })

/**
 * The log sources that a parser can deliver, by the text of its `parser.yml`, so that a rule that nothing can ever match is a visible state.
 * undefined where it cannot be told: no parser at all, or one that takes the log source over from the event.
 */
export function deliveredLogSources(yaml: string): readonly LogSource[] | undefined {
  const parser = parserSchema.safeParse(readYaml(yaml).yaml?.value)
  return parser.success ? logSourcesOf(parser.data) : undefined
}

function logSourcesOf({ logsource, steps }: z.output<typeof parserSchema>): readonly LogSource[] | undefined {
  const values: Record<Dimension, Set<string | undefined>> = {
    category: new Set([logsource.category]),
    product: new Set([logsource.product]),
    service: new Set([logsource.service]),
  }
  if (!collect(steps, values)) return undefined
  return [...values.category].flatMap((category) =>
    [...values.product].flatMap((product) =>
      [...values.service].map((service) => ({ ...(category && { category }), ...(product && { product }), ...(service && { service }) })),
    ),
  )
}

/** Adds what the steps' maps can make. False when a step writes a log source in a way that does not list its values. */
function collect(node: unknown, values: Record<Dimension, Set<string | undefined>>): boolean {
  if (Array.isArray(node)) return node.every((item) => collect(item, values))
  if (typeof node !== 'object' || node === null) return true
  const map = mapSchema.safeParse(node)
  const dimension = map.success ? dimensionOf(map.data.to) : undefined
  if (map.success && dimension) {
    for (const value of [...Object.values(map.data.values), map.data.otherwise]) if (typeof value === 'string') values[dimension].add(value)
    return true
  }
  return Object.entries(node).every(([key, value]) => !writesLogSource(key, value) && collect(value, values))
}

function dimensionOf(field: string): Dimension | undefined {
  return (Object.keys(logSourceFields) as Dimension[]).find((dimension) => logSourceFields[dimension] === field)
}

/** `rename: { from: vonggac.logsource.product }`, `set: { vonggac.logsource.product: x }` and the like. */
function writesLogSource(key: string, value: unknown): boolean {
  return dimensionOf(key) !== undefined || (typeof value === 'string' && dimensionOf(value) !== undefined)
}

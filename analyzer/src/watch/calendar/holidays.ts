import { readFile } from 'node:fs/promises'
import { localizedTextSchema, parseYaml, VonggacError } from '@vonggac/contract'
import { z } from 'zod'
import { dayOfLunar } from './lunar.ts'

const monthAndDay = z
  .string()
  .regex(/^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'a month and a day such as 04-30')
  .transform((text) => ({ month: Number(text.slice(0, 2)), day: Number(text.slice(3)) }))
const date = z.iso.date()

const holidaySchema = z
  .strictObject({
    id: z.string().min(1),
    title: localizedTextSchema,
    solar: monthAndDay.optional(),
    lunar: monthAndDay.optional(),
    first: z.int().min(-30).max(30).default(0),
    days: z.int().min(1).max(30).default(1),
    decided: z
      .record(
        z.string().regex(/^\d{4}$/, 'a year'),
        z.strictObject({ first: date, last: date }).refine(({ first, last }) => first <= last),
      )
      .default({}),
    source: z.string().min(1),
    status: z.enum(['in_force', 'unverified']),
    confidence: z.enum(['confirmed', 'recalled', 'inferred']),
    enabled: z.boolean().default(true),
  })
  .refine(({ solar, lunar }) => (solar === undefined) !== (lunar === undefined), 'a holiday has a solar or a lunar day')
type Holiday = z.infer<typeof holidaySchema>

const calendarSchema = z.strictObject({ id: z.string().min(1), title: localizedTextSchema, holidays: z.array(holidaySchema).max(200) })

/** Days on which offices rest. A day is a count of days since 1970-01-01, of the city's own time. */
export class Holidays {
  readonly #holidays: readonly Holiday[]
  readonly #years = new Map<number, ReadonlySet<number>>()

  constructor(holidays: readonly Holiday[]) {
    this.#holidays = holidays.filter(({ enabled }) => enabled)
  }

  has(day: number): boolean {
    return this.#of(new Date(day * dayMs).getUTCFullYear()).has(day)
  }

  #of(year: number): ReadonlySet<number> {
    let days = this.#years.get(year)
    if (!days) {
      // The eve of a year's first day is in the year before.
      days = new Set([year - 1, year, year + 1].flatMap((each) => this.#holidays.flatMap((holiday) => daysOf(holiday, each))))
      this.#years.set(year, days)
    }
    return days
  }
}

const dayMs = 86_400_000

function daysOf({ solar, lunar, first, days, decided }: Holiday, year: number): number[] {
  const decision = decided[year]
  if (decision) return range(Date.parse(decision.first) / dayMs, Date.parse(decision.last) / dayMs)
  const day = lunar ? dayOfLunar({ year, ...lunar }) : Date.UTC(year, solar!.month - 1, solar!.day) / dayMs
  return range(day + first, day + first + days - 1)
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

/** Reads `playbooks/calendars/<calendar>.yml`. Throws `invalid-configuration`, naming the place, for one with a mistake. */
export async function readHolidays(file: string): Promise<Holidays> {
  let content: unknown
  try {
    content = parseYaml(await readFile(file, 'utf8'))
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new VonggacError('invalid-configuration', `The calendar of holidays ${file} cannot be read: ${why}`, { cause })
  }
  const parsed = calendarSchema.safeParse(content)
  if (parsed.success) return new Holidays(parsed.data.holidays)
  const { path, message } = parsed.error.issues[0]!
  throw new VonggacError('invalid-configuration', `${file}: ${path.join('.')}: ${message}`)
}

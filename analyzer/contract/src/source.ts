import { z } from 'zod'
import { localizedTextSchema } from './text.ts'
import { ledgerCountsSchema } from './ledger.ts'

export const sourceStatusSchema = z.object({
  id: z.string(),
  name: localizedTextSchema,
  agency: z.string(),
  system: z.string().optional(),
  transport: z.string(),
  /** It was registered in the console and is changed there; otherwise it stands in the configuration file. */
  registered: z.boolean().optional(),
  /** Where it sends to, such as `udp://10.0.0.5:5514`. */
  addresses: z.array(z.string()),
  parsers: z.array(z.string()),
  lastReceived: z.iso.datetime().nullable(),
  connections: z.int(),
  /** Since the ledger began. */
  total: ledgerCountsSchema,
  lastHour: ledgerCountsSchema,
  /** Events stored in each of the last 60 minutes, oldest first. */
  perMinute: z.array(z.int()),
})
export type SourceStatus = z.infer<typeof sourceStatusSchema>

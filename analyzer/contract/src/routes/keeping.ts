import { z } from 'zod'
import { holdDraftSchema, holdSchema, storageJobSchema, storageSchema } from '../keeping.ts'
import { byId } from './parameters.ts'
import { route } from './route.ts'

/** The store of events: health, retention, holds, back-ups. */
export const keepingRoutes = {
  readStorage: route({
    method: 'GET',
    path: '/api/storage',
    summary: 'How the stores are, what is kept how long',
    tag: 'storage',
    role: 'manager',
    reply: storageSchema,
  }),
  placeHold: route({
    method: 'POST',
    path: '/api/storage/holds',
    summary: 'Keep events whatever their age',
    tag: 'storage',
    role: 'manager',
    body: holdDraftSchema,
    reply: holdSchema,
  }),
  liftHold: route({
    method: 'DELETE',
    path: '/api/storage/holds/:id',
    summary: 'Let retention take again what was held',
    tag: 'storage',
    role: 'manager',
    params: byId,
    query: z.object({ reason: z.string().trim().min(1).max(1_000) }),
  }),
  startStorageJob: route({
    method: 'POST',
    path: '/api/storage/jobs',
    summary: 'Back up the stores, or compare every file with its checksum',
    tag: 'storage',
    role: 'administrator',
    body: z.strictObject({ kind: z.enum(['back-up', 'check']) }),
    reply: storageJobSchema,
  }),
} as const

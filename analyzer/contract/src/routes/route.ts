import type { z } from 'zod'
import type { Role } from '../scope.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** One operation of the API: the server registers it, the console calls it, OpenAPI describes it, all from this one value. */
export interface Route<
  Params extends z.ZodType | undefined = z.ZodType | undefined,
  Query extends z.ZodType | undefined = z.ZodType | undefined,
  Body extends z.ZodType | undefined = z.ZodType | undefined,
  Reply extends z.ZodType | undefined = z.ZodType | undefined,
> {
  readonly method: Method
  /** Fastify's form: `/api/alerts/:id`. */
  readonly path: string
  readonly summary: string
  readonly tag: string
  /** `public`: without a session. */
  readonly role: Role | 'public'
  readonly params: Params
  readonly query: Query
  readonly body: Body
  /** undefined: no content, or a file (`produces`). */
  readonly reply: Reply
  readonly produces?: string
}

type Part<Schema, Direction extends 'input' | 'output'> = Schema extends z.ZodType
  ? Direction extends 'input'
    ? z.input<Schema>
    : z.output<Schema>
  : undefined

/** What the console sends and gets. */
export type RouteInput<R extends Route> = {
  params: Part<R['params'], 'input'>
  query: Part<R['query'], 'input'>
  body: Part<R['body'], 'input'>
}
/** What a handler is given, validated. */
export type RouteRequest<R extends Route> = {
  params: Part<R['params'], 'output'>
  query: Part<R['query'], 'output'>
  body: Part<R['body'], 'output'>
}
export type RouteReply<R extends Route> = R['reply'] extends z.ZodType ? z.output<R['reply']> : void

interface Definition {
  readonly method: Method
  readonly path: string
  readonly summary: string
  readonly tag: string
  readonly role: Role | 'public'
  readonly params?: z.ZodType
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  readonly reply?: z.ZodType
  readonly produces?: string
}
type Absent<D, K extends string> = D extends { readonly [key in K]: infer S extends z.ZodType } ? S : undefined

/** Fills in what a definition leaves out, keeping each schema's own type. */
export function route<const D extends Definition>(
  definition: D,
): Route<Absent<D, 'params'>, Absent<D, 'query'>, Absent<D, 'body'>, Absent<D, 'reply'>> {
  return { params: undefined, query: undefined, body: undefined, reply: undefined, ...definition } as never
}

import { z } from 'zod'
import type { SentenceCode, sentences } from './sentences.ts'

/**
 * A sentence that the platform says to people: in English, with the code and the values by which a console says it in its reader's language.
 * Codes are stable; one that a console does not know is shown by its text.
 */
export const sentenceSchema = z.object({
  code: z.string().max(100),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
  text: z.string(),
})
export type Sentence = z.infer<typeof sentenceSchema>

/** Words for people: one sentence after another. A plain text is what has no code, such as a program's own message. */
export const saidSchema = z.union([z.string(), sentenceSchema, z.array(z.union([z.string(), sentenceSchema])).readonly()])
export type Said = z.infer<typeof saidSchema>

type Templates = typeof sentences
type ValuesIn<T extends string> = T extends `${string}{${infer Name}}${infer Rest}` ? Name | ValuesIn<Rest> : never
/** What a sentence needs: a text or a number for each `{name}` in its template. */
export type SentenceValues<Code extends SentenceCode> = { readonly [Name in ValuesIn<Templates[Code]>]: string | number }

/** A sentence from its template: each `{name}` gives way to the value of that name. Values are not looked into. */
export function fillSentence(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place))
}

/** In English. */
export function textOf(said: Said): string {
  if (typeof said === 'string') return said
  return 'code' in said ? said.text : said.map(textOf).join(' ')
}

/** All of them, one after another; what is not there or says nothing is left out. */
export function together(...parts: readonly (Said | undefined)[]): Said {
  const all = parts.flatMap((part) => (part === undefined || part === '' ? [] : typeof part === 'string' || 'code' in part ? [part] : part))
  return all.every((one) => typeof one === 'string') ? all.join(' ') : all
}

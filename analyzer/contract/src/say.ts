import { fillSentence, type Sentence, type SentenceValues } from './sentence.ts'
import { sentences, type SentenceCode } from './sentences.ts'

type Needed<Code extends SentenceCode> = keyof SentenceValues<Code> extends never ? [] : [values: SentenceValues<Code>]

/** A sentence of the catalogue, with a value for each `{name}` in it. */
export function say<Code extends SentenceCode>(code: Code, ...[given]: Needed<Code>): Sentence {
  const values: Readonly<Record<string, string | number>> = given ?? {}
  return { code, values, text: fillSentence(sentences[code], values) }
}

/**
 * What an expression can be for the events of a part, by what is known of all of them: their dataset, their agency, their signature.
 * Three values: of `never` the part is not read, of `always` its events are counted without being read.
 */
import { fields } from '@vonggac/contract'
import {
  anyText,
  evaluate,
  ExpressionStore,
  fold,
  necessaryTexts,
  parseGlob,
  parseNetwork,
  textOf,
  type Expression,
  type Predicate,
  type Test,
} from '@vonggac/sigma'
import {
  gramsOf,
  hasGrams,
  hasLongGrams,
  hasValue,
  isHashed,
  isHunted,
  longGramsOf,
  mappedMark,
  valueHash,
  type Signature,
} from './signature.ts'

export type Outlook = 'never' | 'maybe' | 'always'

export interface KnownPart {
  /** The one value of each of its events; null where that is not known. */
  readonly dataset: string | null
  readonly agency: string | null
  readonly signature: Signature | undefined
  /** The one value that each of its events has for some field, as predicates compare it; null: none of them has one. */
  readonly known?: { readonly field: string; readonly text: string | null }
}

export type LookOut = (part: KnownPart) => Outlook

/** To be asked of many parts, one after another. Throws a SyntaxError for a regular expression that is refused. */
export function lookOutFor(expression: Expression): LookOut {
  const known = new Map<Expression, LookOut>()
  const compiled = (part: Expression): LookOut => {
    let lookOut = known.get(part)
    if (lookOut === undefined) known.set(part, (lookOut = remembering(compile(part, compiled))))
    return lookOut
  }
  return compiled(new ExpressionStore().intern(expression))
}

/** What expressions have in common is asked once of a part. */
function remembering(lookOut: LookOut): LookOut {
  let last: KnownPart | undefined
  let answer: Outlook = 'maybe'
  return (part) => {
    if (part === last) return answer
    last = part
    return (answer = lookOut(part))
  }
}

function compile(expression: Expression, compiled: (part: Expression) => LookOut): LookOut {
  if ('all' in expression) return joined(expression.all.map(compiled), 'never', 'always')
  if ('any' in expression) return joined(expression.any.map(compiled), 'always', 'never')
  if (!('not' in expression)) return predicate(expression)
  const inner = compiled(expression.not)
  return (part) => {
    const outlook = inner(part)
    return outlook === 'maybe' ? 'maybe' : outlook === 'never' ? 'always' : 'never'
  }
}

/** The first member that decides does; where all are neutral, so is the whole. */
function joined(members: readonly LookOut[], deciding: Outlook, neutral: Outlook): LookOut {
  return (part) => {
    let outlook = neutral
    for (const member of members) {
      const one = member(part)
      if (one === deciding) return deciding
      if (one === 'maybe') outlook = 'maybe'
    }
    return outlook
  }
}

function predicate({ field, test }: Predicate): LookOut {
  const bySignature = signatureTest(field, test)
  // A number and its text differ for times alone.
  const decides = test.kind !== 'timePart' && test.kind !== 'moment' && test.kind !== 'equalsField'
  const answers = new Map<string | null, Outlook>()
  return (part) => {
    const value = decides ? knownOf(part, field) : undefined
    if (value === undefined) return part.signature === undefined ? 'maybe' : bySignature(part.signature)
    let answer = answers.get(value)
    if (answer === undefined) {
      const event = value === null ? {} : { [field]: value }
      answers.set(value, (answer = evaluate({ field, test }, event) ? 'always' : 'never'))
    }
    return answer
  }
}

/** The one value of all events of a part; null where none has one, undefined where that is not known. */
function knownOf({ dataset, agency, known }: KnownPart, field: string): string | null | undefined {
  if (field === known?.field) return known.text
  // Null is said of events with several values as well.
  if (field === fields.dataset) return dataset ?? undefined
  return field === fields.agency ? (agency ?? undefined) : undefined
}

function signatureTest(field: string, test: Test): (signature: Signature) => Outlook {
  const possible = valueTest(field, test)
  const needed = [field, ...(test.kind === 'equalsField' ? [test.other] : [])].filter((name) => name !== anyText)
  const without = test.kind === 'null' ? 'always' : 'never'
  return (signature) => {
    const { fields: names } = signature
    if (names !== undefined && needed.some((name) => !names.has(name))) return without
    return possible(signature) ? 'maybe' : 'never'
  }
}

/** Whether some value can satisfy the test. */
function valueTest(field: string, test: Test): (signature: Signature) => boolean {
  switch (test.kind) {
    case 'equals':
      return equality(field, fold(textOf(test.value) ?? ''))
    case 'prefix':
    case 'suffix':
    case 'contains':
      return grams(field, [fold(textOf(test.value) ?? '')])
    case 'glob':
      return grams(
        field,
        parseGlob(fold(textOf(test.pattern) ?? '')).flatMap((part) => (part.kind === 'text' ? [part.text] : [])),
      )
    case 'regex': {
      const needs = necessaryTexts(test.source, test.flags).map((text) => grams(field, [text]))
      return needs.length === 0 ? possible : (signature) => needs.some((need) => need(signature))
    }
    case 'network':
      return field === anyText || !isHashed(field) ? possible : network(test.cidr)
    default:
      return possible
  }
}

const possible = () => true
/** A text that has so many of a needle's grams nearly always has the others. */
const mostGrams = 64

function grams(field: string, texts: readonly string[]): (signature: Signature) => boolean {
  const hashes = hashesOf(texts, gramsOf)
  const long = isHunted(field) ? hashesOf(texts, longGramsOf) : undefined
  if (long === undefined || long.length === 0) return (signature) => hasGrams(signature, hashes)
  return (signature) => hasLongGrams(signature, long) && hasGrams(signature, hashes)
}

function hashesOf(texts: readonly string[], of: (text: string) => Int32Array): Int32Array {
  return Int32Array.from(texts.flatMap((text) => [...of(text)])).subarray(0, mostGrams)
}

function equality(field: string, folded: string): (signature: Signature) => boolean {
  const byGrams = grams(field, [folded])
  const hash = field !== anyText && isHashed(field) ? valueHash(folded) : undefined
  return hash === undefined ? byGrams : (signature) => hasValue(signature, hash) && byGrams(signature)
}

/** Of networks of IPv4 with two or three numbers or more; the rest could be anywhere. */
function network(cidr: string): (signature: Signature) => boolean {
  const parsed = parseNetwork(cidr)
  if (parsed === undefined) return () => false
  const { bytes, bits } = parsed
  if (bytes.length !== 4 || bits < 16) return possible
  const address = bits === 32 ? valueHash(bytes.join('.'))! : undefined
  const prefix = valueHash(`${bytes.slice(0, bits < 24 ? 2 : 3).join('.')}.`)!
  const mapped = valueHash(mappedMark)!
  return (signature) =>
    (hasValue(signature, prefix) && (address === undefined || hasValue(signature, address))) || hasValue(signature, mapped)
}

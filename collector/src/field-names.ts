import { interned } from './interned.ts'

/**
 * Names of fields as numbers, in this thread. What a parser's definition or the program itself names has its number for ever; what senders name has it
 * until there are too many.
 */
export type FieldId = number

const sendersNamesRemembered = 20_000

const ids = new Map<string, FieldId>()
const names: string[] = []
const encoded: (Uint8Array | undefined)[] = []
const forEver: boolean[] = []
const free: FieldId[] = []
let sendersNames = 0
/** How often senders' names were. */
let forgotten = 0

/** For names that are known when the program starts or a parser is compiled. */
export function fieldId(name: string): FieldId {
  const id = idOf(name)
  if (!forEver[id]) {
    forEver[id] = true
    sendersNames--
  }
  return id
}

/** Holds until `forgetSendersNames` has forgotten. */
export function idOf(name: string): FieldId {
  const known = ids.get(name)
  if (known !== undefined) return known
  const id = free.pop() ?? names.length
  const own = interned(name)
  ids.set(own, id)
  names[id] = own
  encoded[id] = undefined
  forEver[id] = false
  sendersNames++
  return id
}

export function nameOf(id: FieldId): string {
  return names[id]!
}

/** How many numbers there are: each is smaller. */
export function fieldNames(): number {
  return names.length
}

/** A comma, the name as JSON has it, and a colon. */
export function encodedName(id: FieldId): Uint8Array {
  return (encoded[id] ??= Uint8Array.from(Buffer.from(`,${JSON.stringify(names[id])}:`)))
}

/** Between events, when nothing holds a number that a sender's name was given: forgets all of those when they are too many. */
export function forgetSendersNames(): void {
  if (sendersNames < sendersNamesRemembered) return
  for (const [name, id] of ids) {
    if (forEver[id]) continue
    ids.delete(name)
    free.push(id)
  }
  sendersNames = 0
  forgotten++
}

/**
 * The numbers of names that a sender chooses, with `prefix` before each, `undefined` for what is no name: most of them come with each event, and are
 * put together once.
 */
export function prefixed(prefix: string, isName: (name: string) => boolean): (name: string) => FieldId | undefined {
  const known = new Map<string, FieldId>()
  let since = forgotten
  return (name) => {
    if (since !== forgotten) {
      known.clear()
      since = forgotten
    }
    const before = known.get(name)
    if (before !== undefined) return before
    if (!isName(name)) return undefined
    const id = idOf(prefix + name)
    // The key is a copy: a name that was cut out of a frame would keep the whole frame.
    known.set(nameOf(id).slice(prefix.length), id)
    return id
  }
}

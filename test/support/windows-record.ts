/** Windows events as evtx exporters write them, `{"Event":{"System":…,"EventData":…}}`, with the field names that Sigma rules use. */

type Json = Readonly<Record<string, unknown>>

/** The event with System's attributes as `Provider_Name` and the like, and the members of EventData or UserData lifted to the top. */
export function windowsEvent(record: unknown): Record<string, unknown> {
  const event = member(record, 'Event')
  const fields: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(member(event, 'System'))) {
    if (!isObject(value)) fields[name] = value
    else for (const [attribute, text] of Object.entries(member(value, '#attributes'))) fields[`${name}_${attribute}`] = text
    if (isObject(value) && '#text' in value) fields[name] = value['#text']
  }
  lift(member(event, 'EventData'), fields)
  lift(member(event, 'UserData'), fields)
  return fields
}

/** The records in a text that holds one JSON object or several behind each other. */
export function readRecords(text: string): unknown[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/(?<=^\})\s*(?=^\{)/m)
    .map((part) => JSON.parse(part) as unknown)
}

function lift(from: Json, to: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(from)) {
    if (name === '#attributes') continue
    if (isObject(value)) lift(value, to)
    else to[name.replaceAll(' ', '')] = value
  }
}

function member(of: unknown, name: string): Json {
  const value = isObject(of) ? of[name] : undefined
  return isObject(value) ? value : {}
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

import type { Notice } from '@vonggac/contract'
import { fieldsOf, type FieldDefinition, type Form } from './form.ts'
import { valueOf, type CaseFacts, type Language } from './values.ts'

/** The form filled in as far as anybody knows; what a person wrote wins over what the case says. */
export function noticeOf(form: Form, facts: CaseFacts, language: Language): Notice {
  const written = facts.incident.forms[form.id] ?? {}
  const fields = fieldsOf(form).map((field) => ({
    id: field.id,
    label: field.label,
    required: field.required,
    multiline: field.multiline,
    ...filled(field, written, facts, language),
  }))
  return {
    form: form.id,
    title: form.title,
    source: form.source,
    confidence: form.confidence,
    official: form.official,
    fields,
    missing: fields.filter(({ required, value }) => required && value === '').map(({ id }) => id),
    version: facts.incident.version,
  }
}

function filled(
  field: FieldDefinition,
  written: Readonly<Record<string, string>>,
  facts: CaseFacts,
  language: Language,
): Pick<Notice['fields'][number], 'value' | 'origin'> {
  const own = written[field.id]?.trim()
  if (own) return { value: own, origin: 'person' }
  const value = field.from ? valueOf(field.from, facts, language).trim() : ''
  return { value, origin: value === '' ? 'none' : 'case' }
}

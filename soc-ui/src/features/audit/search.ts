import { compact, textIn } from '../../lib/search.ts'

export function readAuditSearch(search: Record<string, unknown>): { readonly agency?: string } {
  return compact({ agency: textIn(search['agency'], 63) })
}

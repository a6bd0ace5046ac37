import type { RouteRequest, Routes } from '@vonggac/contract'
import type { Expression } from '@vonggac/sigma'

export type AlertQuery = RouteRequest<Routes['listAlerts']>['query']

/** The filters of the alert list as an expression; `without` leaves one out, for counting what choosing other values of it would show. */
export function alertFilter(query: AlertQuery, without?: 'status' | 'severity'): Expression {
  const { status, severity, rule, agency, assignee, entity } = query
  return {
    all: [
      ...(without === 'status' ? [] : oneOf('status', status)),
      ...(without === 'severity' ? [] : oneOf('severity', severity)),
      ...is('rule', rule),
      ...is('agency', agency),
      ...is('assignee', assignee),
      ...is('entity', entity),
    ],
  }
}

function is(field: string, value: string | undefined): Expression[] {
  return value === undefined ? [] : [{ field, test: { kind: 'equals', value, cased: true } }]
}

function oneOf(field: string, values: readonly string[] | undefined): Expression[] {
  return values?.length ? [{ any: values.flatMap((value) => is(field, value)) }] : []
}

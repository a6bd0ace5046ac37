/** Every kind of document that the analyzer keeps. Leases are nobody's to copy: whoever needs one takes it. */
import { alertKind, alertNoteKind } from './alerts/kind.ts'
import { headKind } from './audit/head.ts'
import { caseKind } from './cases/kind.ts'
import { correlationStateKind } from './correlation/state.ts'
import { ruleSwitchKind } from './detection/switches.ts'
import { huntKind } from './hunting/hunts/kind.ts'
import { retroHuntKind, retroPlaceKind } from './hunting/retro/kind.ts'
import { sessionKind } from './identity/session-store.ts'
import { invitationKind } from './identity/setup.ts'
import { userKind } from './identity/user-store.ts'
import { holdKind } from './keeping/holds.ts'
import { jobKind } from './keeping/jobs.ts'
import { runKind } from './keeping/retention.ts'
import { collectorKind, ledgerHourKind, ledgerTotalKind } from './ledger/kind.ts'
import { agencyParserKind } from './onboarding/parsers/kind.ts'
import { registeredSourceKind } from './onboarding/sources/kind.ts'
import { systemKind } from './onboarding/systems/kind.ts'
import { awaitedKind } from './watch/awaited.ts'
import type { Kind } from './storage/document-store.ts'

/** A kind among others: a list of them has no type parameter of its own. */
const listed = <T>(kind: Kind<T>) => kind as unknown as Kind<unknown>

export const everyKind: readonly Kind<unknown>[] = [
  listed(userKind),
  listed(sessionKind),
  listed(invitationKind),
  listed(alertKind),
  listed(alertNoteKind),
  listed(caseKind),
  listed(ruleSwitchKind),
  listed(correlationStateKind),
  listed(huntKind),
  listed(retroHuntKind),
  listed(retroPlaceKind),
  listed(holdKind),
  listed(jobKind),
  listed(runKind),
  listed(collectorKind),
  listed(ledgerHourKind),
  listed(ledgerTotalKind),
  listed(headKind),
  listed(systemKind),
  listed(registeredSourceKind),
  listed(agencyParserKind),
  listed(awaitedKind),
]

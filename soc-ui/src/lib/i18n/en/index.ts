import { administration } from './administration.ts'
import { alerts } from './alerts.ts'
import { cases } from './cases.ts'
import { frame } from './frame.ts'
import { hunting } from './hunting.ts'
import { onboarding } from './onboarding.ts'
import { overview } from './overview.ts'
import { parsers } from './parsers.ts'
import { rules } from './rules.ts'
import { session } from './session.ts'
import { sources } from './sources.ts'
import { storage } from './storage.ts'
import { words } from './words.ts'

/** The console's words in English. */
export const en = {
  ...frame,
  ...words,
  ...session,
  ...overview,
  ...alerts,
  ...cases,
  ...rules,
  ...sources,
  ...onboarding,
  ...parsers,
  ...hunting,
  ...storage,
  ...administration,
}

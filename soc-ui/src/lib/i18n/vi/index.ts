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

/** The console's words in Vietnamese, its first language; each file of the folder en has the keys of its namesake here, by type. */
export const vi = {
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

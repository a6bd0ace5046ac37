import type { Texts } from '../texts.ts'
import type { words as vi } from '../vi/words.ts'

export const words: Texts<typeof vi> = {
  severity: { informational: 'Informational', low: 'Low', medium: 'Medium', high: 'High', critical: 'Critical' },
  alertStatus: { new: 'New', acknowledged: 'Acknowledged', escalated: 'In a case', closed: 'Closed' },
  resolution: {
    'true-positive': 'True positive',
    benign: 'Benign',
    'false-positive': 'False positive',
    duplicate: 'Duplicate',
    hint: {
      'true-positive': 'It was an attack, and it is dealt with',
      benign: 'The rule is right, but this was allowed (a test, maintenance…)',
      'false-positive': 'The rule is wrong here and should be tuned',
      duplicate: 'Another alert or case covers it',
    },
  },
  caseStatus: { open: 'Open', contained: 'Contained', resolved: 'Resolved', closed: 'Closed' },
  taskStatus: { todo: 'To do', doing: 'In progress', done: 'Done', skipped: 'Skipped' },
  ruleState: { active: 'Active', disabled: 'Switched off', refused: 'Refused', 'no-source': 'No log source' },
  tlp: {
    clear: 'Public, without limits',
    green: 'Within the security community, not published',
    amber: 'Within the receiving agency and those who must know to help',
    amberStrict: 'Within the receiving agency alone',
    red: 'For the named recipients alone',
  },
  role: { viewer: 'Viewer', analyst: 'Analyst', manager: 'Shift manager', administrator: 'Administrator' },
}

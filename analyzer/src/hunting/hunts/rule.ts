import type { Hunt } from '@vonggac/contract'
import type { Expression } from '@vonggac/sigma'
import type { LoadedDetection } from '../../detection/index.ts'

const prefix = 'hunt:'

export function ruleIdOf(hunt: Pick<Hunt, 'id'>): string {
  return prefix + hunt.id
}

/** The hunt, whose query means this, as the rule that its alerts name: they show its title and its query, and why an event was found. */
export function ruleOf(hunt: Hunt, expression: Expression): LoadedDetection {
  const { title, description, query, schedule, techniques } = hunt
  return {
    compiled: {
      id: ruleIdOf(hunt),
      title,
      level: schedule?.severity ?? 'informational',
      status: 'stable',
      description: [description, `KQL: ${query}`].filter(Boolean).join('\n\n'),
      references: [],
      tags: techniques.map((technique) => `attack.${technique.toLowerCase()}`),
      falsePositives: [],
      fields: [],
      custom: {},
      file: ruleIdOf(hunt),
      line: 1,
      logSource: {},
      expression,
    },
    pack: 'hunts',
    groupBy: [],
  }
}

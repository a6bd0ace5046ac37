import type { z } from 'zod'
import { say } from './say.ts'
import { saidSchema, type Said } from './sentence.ts'
import { sentences, type SentenceCode } from './sentences.ts'

/**
 * What a schema found wrong, to be said after its place. A check of ours has the text of a sentence without values as its message, or a sentence as `params.said`;
 * a message of a check that is neither stays as it is.
 */
export function saidOfIssue(issue: z.core.$ZodIssue): Said {
  const own = Object.entries(sentences).find(([, text]) => text === issue.message)
  if (own) return { code: own[0], values: {}, text: own[1] }
  switch (issue.code) {
    case 'invalid_type':
      // What was there instead stands in the message alone.
      return issue.message.endsWith('received undefined') ? say('value-missing') : say('value-type', { type: issue.expected })
    case 'invalid_value':
      return say('value-choice', { choices: issue.values.join(', ') })
    case 'invalid_format':
      return issue.format in formats ? say(formats[issue.format as keyof typeof formats]) : issue.message
    case 'unrecognized_keys':
      return say('names-unknown', { names: issue.keys.join(', ') })
    case 'invalid_key':
    case 'invalid_element':
      return issue.issues[0] ? saidOfIssue(issue.issues[0]) : say('value-unfit')
    case 'invalid_union':
      return say('value-unfit')
    case 'too_small':
      return tooSmall(issue)
    case 'too_big':
      return tooBig(issue)
    case 'custom':
      return saidSchema.safeParse(issue.params?.['said']).data ?? issue.message
    default:
      return issue.message
  }
}

const formats = { datetime: 'value-time', url: 'value-url' } as const satisfies Record<string, SentenceCode>

function tooSmall({ origin, minimum, inclusive = true }: z.core.$ZodIssueTooSmall): Said {
  const least = Number(minimum)
  if (origin === 'string') return least === 1 ? say('text-empty') : say('text-short', { least })
  if (origin === 'array') return least === 1 ? say('list-empty') : say('list-short', { least })
  return inclusive ? say('number-small', { least }) : say('number-not-above', { bound: least })
}

function tooBig({ origin, maximum }: z.core.$ZodIssueTooBig): Said {
  const most = Number(maximum)
  if (origin === 'string') return say('text-long', { most })
  return origin === 'array' ? say('list-long', { most }) : say('number-large', { most })
}

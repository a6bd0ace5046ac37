/** The worker, brought down by events whose time says how: `lethal` ends it, `endless` keeps it busy for ever, `throws` makes the evaluation throw. */
import { register } from 'tsx/esm/api'

const parse = Date.parse
Date.parse = (text) => {
  if (text === 'lethal') process.exit(3)
  if (text === 'throws') throw new Error('this line throws')
  while (text === 'endless');
  return parse(text)
}
register()
await import('./worker.ts')

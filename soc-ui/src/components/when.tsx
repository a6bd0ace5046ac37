import { useTexts } from '../lib/i18n/index.ts'
import { useNow } from '../lib/now.ts'
import { formatAgo, formatDateTime } from '../lib/time.ts'

/** A time as people ask for it: how long ago; the exact time is in its tooltip. */
export function Ago({ at }: { at: string }) {
  const { language } = useTexts()
  const now = useNow(15_000)
  return (
    <time dateTime={at} title={formatDateTime(at, language)}>
      {formatAgo(at, now, language)}
    </time>
  )
}

export function When({ at }: { at: string }) {
  const { language } = useTexts()
  return (
    <time dateTime={at} className="tabular">
      {formatDateTime(at, language)}
    </time>
  )
}

import { useTexts } from '../lib/i18n/index.ts'
import { Tag } from './status.tsx'
import classes from './rule-tags.module.css'

/** `attack.t1190` → `T1190`, `attack.initial-access` → `initial access`; other tags as they are. */
export function tagText(tag: string): string {
  const attack = /^attack\.(.+)$/.exec(tag)?.[1]
  if (!attack) return tag
  return /^[a-z]\d{4}(\.\d{3})?$/.test(attack) ? attack.toUpperCase() : attack.replaceAll(/[-_]/g, ' ')
}

/** ATT&CK tags first, under their name; nothing here goes to another site. */
export function RuleTags({ tags }: { tags: readonly string[] }) {
  const { t } = useTexts()
  const attack = tags.filter((tag) => tag.startsWith('attack.'))
  const others = tags.filter((tag) => !tag.startsWith('attack.'))
  if (tags.length === 0) return null
  return (
    <div className={classes.tags}>
      {attack.length > 0 && <span className={classes.name}>{t('alerts.attack')}</span>}
      {[...attack, ...others].map((tag) => (
        <Tag key={tag}>{tagText(tag)}</Tag>
      ))}
    </div>
  )
}

/** Links of a rule's author, opened elsewhere; only web addresses become links. */
export function References({ references }: { references: readonly string[] }) {
  const { t } = useTexts()
  if (references.length === 0) return null
  return (
    <>
      <h3 className={classes.heading}>{t('alerts.references')}</h3>
      <ul className={classes.list}>
        {references.map((reference) => (
          <li key={reference}>
            {/^https?:\/\//.test(reference) ? (
              <a href={reference} target="_blank" rel="noreferrer noopener">
                {reference}
              </a>
            ) : (
              reference
            )}
          </li>
        ))}
      </ul>
    </>
  )
}

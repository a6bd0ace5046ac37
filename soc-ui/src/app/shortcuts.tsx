import { Kbd } from '@mantine/core'
import { Dialog } from '../components/dialog.tsx'
import { useTexts } from '../lib/i18n/index.ts'
import classes from './shortcuts.module.css'

const inLists = [
  ['j', 'next'],
  ['k', 'previous'],
  ['Enter', 'open'],
  ['x', 'select'],
  ['a', 'acknowledge'],
  ['e', 'escalate'],
  ['c', 'close'],
  ['/', 'filter'],
] as const
const everywhere = [
  ['g o', 'goOverview'],
  ['g a', 'goAlerts'],
  ['g c', 'goCases'],
  ['g h', 'goHunting'],
  ['g r', 'goRules'],
  ['g s', 'goSources'],
  ['?', 'help'],
] as const

export function Shortcuts({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTexts()
  return (
    <Dialog opened={opened} onClose={onClose} title={t('keys.title')}>
      <p className={classes.lead}>{t('keys.lead')}</p>
      <Keys title={t('keys.inLists')} keys={inLists} />
      <Keys title={t('keys.everywhere')} keys={everywhere} />
    </Dialog>
  )
}

type Meaning = (typeof inLists)[number][1] | (typeof everywhere)[number][1]

function Keys({ title, keys }: { title: string; keys: readonly (readonly [string, Meaning])[] }) {
  const { t } = useTexts()
  return (
    <>
      <h3 className={classes.title}>{title}</h3>
      <dl className={classes.keys}>
        {keys.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              {key.split(' ').map((part, index) => (
                <span key={part}>
                  {index > 0 && ` ${t('keys.afterwards')} `}
                  <Kbd>{part}</Kbd>
                </span>
              ))}
            </dt>
            <dd>{t(`keys.${meaning}`)}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}

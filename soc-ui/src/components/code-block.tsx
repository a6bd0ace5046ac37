import { ActionIcon, Tooltip } from '@mantine/core'
import { Copy } from 'lucide-react'
import { useId, type ReactNode } from 'react'
import { copyText } from '../lib/clipboard.ts'
import { useTexts } from '../lib/i18n/index.ts'
import classes from './code-block.module.css'

interface CodeBlockProps {
  readonly title: string
  /** What is copied, and shown unless `children` show it in their way. */
  readonly text: string
  readonly children?: ReactNode
  readonly testId?: string
}

/** A text of machines, wrapped and never altered. */
export function CodeBlock({ title, text, children, testId }: CodeBlockProps) {
  const { t } = useTexts()
  const id = useId()
  return (
    <figure className={classes.block} aria-labelledby={id}>
      <figcaption className={classes.head}>
        <span id={id}>{title}</span>
        <Tooltip label={t('common.copy')}>
          <ActionIcon
            size="sm"
            variant="subtle"
            color="gray"
            onClick={() => void copyText(text, t('common.copied'))}
            aria-label={`${t('common.copy')}: ${title}`}
          >
            <Copy size={14} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </figcaption>
      <pre className={classes.text} data-testid={testId} tabIndex={0} aria-labelledby={id}>
        {children ?? text}
      </pre>
    </figure>
  )
}

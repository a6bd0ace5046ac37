import { Button, SegmentedControl } from '@mantine/core'
import { Download } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../lib/api.ts'
import { useTexts, type Language } from '../../lib/i18n/index.ts'
import { showError } from '../../lib/notify.ts'
import { saveFile } from '../../lib/save-file.ts'
import { useMay } from '../../lib/session.ts'
import classes from './notice-downloads.module.css'

const formats = { DOCX: 'noticeDocx', PDF: 'noticePdf' } as const
type Format = keyof typeof formats

/** The document's language is chosen apart from the console's: an official notice is Vietnamese whatever its writer reads. */
export function NoticeDownloads({ caseId, unsaved }: { caseId: string; unsaved: boolean }) {
  const { t } = useTexts()
  const may = useMay('analyst')
  const [language, setLanguage] = useState<Language>('vi')
  const [busy, setBusy] = useState<Format>()
  const download = (format: Format) => {
    setBusy(format)
    api
      .download(formats[format], { params: { id: caseId }, query: { language } })
      .then(saveFile, showError)
      .finally(() => setBusy(undefined))
  }
  if (!may) return null
  const languageName = t(language === 'vi' ? 'notice.vietnamese' : 'notice.english')
  return (
    <div className={classes.downloads} role="group" aria-label={t('notice.download')}>
      <SegmentedControl
        size="xs"
        value={language}
        onChange={(value) => setLanguage(value as Language)}
        aria-label={t('account.language')}
        data={[
          { value: 'vi', label: 'Tiếng Việt' },
          { value: 'en', label: 'English' },
        ]}
        data-testid="notice-language"
      />
      {(Object.keys(formats) as Format[]).map((format) => (
        <Button
          key={format}
          size="xs"
          variant="default"
          leftSection={<Download size={14} aria-hidden />}
          loading={busy === format}
          onClick={() => download(format)}
          aria-label={t('notice.downloadAs', { format, language: languageName })}
          data-testid={`download-${format.toLowerCase()}`}
        >
          {t('notice.download')} {format}
        </Button>
      ))}
      {unsaved && <span className={classes.unsaved}>{t('notice.unsaved')}</span>}
    </div>
  )
}

import './lib/no-eval.ts'
import '@fontsource-variable/inter/wght.css'
import '@fontsource-variable/jetbrains-mono/wght.css'
import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './app/styles.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/app.tsx'
import { showLanguage } from './lib/i18n/index.ts'
import { storedLanguage } from './lib/i18n/language.ts'
import { takeSetupToken } from './lib/setup-token.ts'

takeSetupToken()
const root = document.getElementById('root')
if (!root) throw new Error('index.html has no element #root')
const page = createRoot(root)
// A catalogue that cannot be fetched leaves the console in Vietnamese.
void showLanguage(storedLanguage())
  .catch(() => undefined)
  .then(() =>
    page.render(
      <StrictMode>
        <App />
      </StrictMode>,
    ),
  )

import react from '@vitejs/plugin-react'
import { defaultClientConditions, defineConfig } from 'vite'

/** The analyzer, which serves the built console and the API from one origin. */
const api = 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [react()],
  resolve: { conditions: ['vonggac-source', ...defaultClientConditions] },
  build: {
    target: 'es2023',
    // The content security policy allows scripts and fonts from the console's own origin alone: nothing may become a data: address.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
  },
  server: { host: '127.0.0.1', proxy: { '/api': api } },
})

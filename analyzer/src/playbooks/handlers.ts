import type { Handlers } from '../platform/handler.ts'
import type { PlaybookLibrary } from './library.ts'

export function playbooksHandlers({ playbooks }: { readonly playbooks: PlaybookLibrary }): Pick<Handlers, 'listPlaybooks'> {
  return { listPlaybooks: async () => ({ items: [...playbooks.summaries] }) }
}

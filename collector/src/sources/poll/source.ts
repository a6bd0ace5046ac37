import type { SourceConfig } from '@vonggac/contract'

export type PollSource = Extract<SourceConfig, { transport: 'poll' }>

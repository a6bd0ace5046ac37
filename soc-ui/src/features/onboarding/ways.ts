import type { Transport } from '@vonggac/contract'

/** The ways of sending that the form offers. The order is the form's: the commonest first. */
export const ways = ['syslog', 'http', 'lumberjack', 'journald', 'gelf'] as const satisfies readonly Transport[]
export type Way = (typeof ways)[number]

export function asWay(transport: string): Way | undefined {
  return ways.find((way) => way === transport)
}

/** Whether a sender shows a token with what it sends. */
export function usesToken(transport: Transport): boolean {
  return transport === 'http' || transport === 'journald'
}

/** Whether a client certificate tells who sends. */
export function usesCertificate(transport: Transport): boolean {
  return transport === 'syslog' || transport === 'lumberjack' || transport === 'journald' || transport === 'gelf'
}

import { BlockList, isIP } from 'node:net'
import { say, type SourceConfig, type Transport } from '@vonggac/contract'
import { unknownSource } from '../frame.ts'
import { decodeSyslogHeader } from '../parsing/index.ts'
import { SourceMistake } from '../source-mistake.ts'

/** Those whose senders are told apart by their addresses. */
type AddressedSource = Extract<SourceConfig, { from: string[] }>
export type AddressedTransport = AddressedSource['transport']

interface Candidate {
  readonly source: AddressedSource
  readonly accepts: (peer: string) => boolean
  readonly hosts: ReadonlySet<string>
  readonly programs: ReadonlySet<string>
}

const peersRemembered = 10_000
/** Host and program stand near the start of a frame; no more than that is read to find them. */
const headBytes = 512

/** Finds the source of a frame: by its sender, then by the host and program that a syslog frame names. The first source in the list that agrees takes it. */
export class SourceRegistry {
  readonly operator: string
  #sources: ReadonlyMap<string, SourceConfig> = new Map()
  #candidates: readonly Candidate[] = []
  #paused: ReadonlySet<string> = new Set()
  readonly #byPeer = new Map<string, readonly Candidate[]>()

  constructor(operator: string) {
    this.operator = operator
  }

  /** Frames that come from now on are matched by these. @throws SourceMistake for an address or network that is none; then nothing changes. */
  replace(sources: readonly SourceConfig[]): void {
    this.#candidates = sources.flatMap((source, index) => ('from' in source ? [candidate(source, index)] : []))
    this.#sources = new Map(sources.map((source) => [source.id, source]))
    this.#byPeer.clear()
  }

  /** Their senders are known, and turned away. */
  pause(sources: readonly string[]): void {
    this.#paused = new Set(sources)
  }

  isPaused(id: string): boolean {
    return this.#paused.has(id)
  }

  get(id: string): SourceConfig | undefined {
    return this.#sources.get(id)
  }

  agencyOf(id: string): string {
    return this.#sources.get(id)?.agency ?? this.operator
  }

  all(): readonly SourceConfig[] {
    return [...this.#sources.values()]
  }

  has(id: string, transport: Transport): boolean {
    return this.#sources.get(id)?.transport === transport
  }

  /** Id of the source that takes the frame, or `unknown`. */
  match(transport: AddressedTransport, peer: string, frame: Buffer): string {
    const candidates = this.#candidatesFor(peer)
    let head: { host: string; program: string } | undefined
    for (const { source, hosts, programs } of candidates) {
      if (source.transport !== transport) continue
      if (hosts.size === 0 && programs.size === 0) return source.id
      head ??= headOf(frame)
      if ((hosts.size === 0 || hosts.has(head.host)) && (programs.size === 0 || programs.has(head.program))) return source.id
    }
    return unknownSource
  }

  #candidatesFor(peer: string): readonly Candidate[] {
    const known = this.#byPeer.get(peer)
    if (known) return known
    const found = this.#candidates.filter((one) => one.accepts(peer))
    if (this.#byPeer.size >= peersRemembered) this.#byPeer.clear()
    this.#byPeer.set(peer, found)
    return found
  }
}

function candidate(source: AddressedSource, index: number): Candidate {
  return {
    source,
    accepts: peerTest(source.from, index),
    hosts: new Set('hosts' in source ? source.hosts.map((host) => host.toLowerCase()) : []),
    programs: new Set('programs' in source ? source.programs : []),
  }
}

function peerTest(from: readonly string[], index: number): (peer: string) => boolean {
  if (from.length === 0) return () => true
  const list = new BlockList()
  for (const [place, text] of from.entries()) {
    const [address = '', prefix, ...rest] = text.split('/')
    const family = isIP(address)
    const bits = prefix === undefined ? undefined : Number(prefix)
    const most = family === 4 ? 32 : 128
    const valid = family !== 0 && rest.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(prefix!) && bits <= most))
    if (!valid) throw new SourceMistake(`sources.${index}.from.${place}`, say('network-wrong', { network: text }))
    const type = family === 4 ? 'ipv4' : 'ipv6'
    if (bits === undefined) list.addAddress(address, type)
    else list.addSubnet(address, bits, type)
  }
  return (peer) => list.check(peer, isIP(peer) === 6 ? 'ipv6' : 'ipv4')
}

function headOf(frame: Buffer): { host: string; program: string } {
  const header = decodeSyslogHeader(frame.toString('latin1', 0, Math.min(frame.length, headBytes)))
  return { host: (header?.host ?? '').toLowerCase(), program: header?.program ?? '' }
}

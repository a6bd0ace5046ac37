import type { FileHandle } from 'node:fs/promises'
import { amendHeading, cutFrames, frameBytes, isHeading, type Cut, type CutRules, type HeadingRules, type Span } from '../../lines/index.ts'
import type { Kept, SavedFile } from './positions.ts'
import type { FileText } from './text.ts'

const lineFeed = Buffer.from('\n')

/** What is made of the frames of a file. */
interface Headed {
  /** As the journal takes them: each behind the heading that the file has there. */
  readonly texts: readonly Buffer[]
  /** From which frame on the reading keeps what in mind. */
  readonly kept: [number, Kept][]
}

/** @param rules `undefined`: files of the source have no heading */
export function headed(file: SavedFile, bytes: Buffer, frames: Cut['frames'], rules: HeadingRules | undefined, text: FileText): Headed {
  let { taken = [], heading } = file.kept ?? {}
  let prefix = prefixOf(heading)
  const kept: [number, Kept][] = []
  const texts = frames.map((frame, index) => {
    const own = text.toUtf8(frameBytes(bytes, frame))
    const isOne = rules !== undefined && isHeading(rules, own)
    if (isOne) {
      heading = amendHeading(rules, heading ?? '', own.toString('utf8'))
      prefix = prefixOf(heading)
    }
    const nowTaken = (frame.taken ?? []).map(({ start, stop }: Span): [number, number] => [file.offset + start, file.offset + stop])
    if (isOne || nowTaken.length > 0 || taken.length > 0) {
      taken = nowTaken
      kept.push([index, { ...(taken.length > 0 && { taken }), ...(heading !== undefined && { heading }) }])
    }
    return isOne || !prefix ? own : Buffer.concat([prefix, own])
  })
  return { texts, kept }
}

function prefixOf(heading: string | undefined): Buffer | undefined {
  return heading ? Buffer.concat([Buffer.from(heading), lineFeed]) : undefined
}

/** The heading that a file has at `offset`, read from its beginning; empty where it has none. @throws an error of the file system */
export async function headingBefore(
  handle: FileHandle,
  offset: number,
  buffer: Buffer,
  rules: HeadingRules,
  text: FileText,
  { width, maxLineBytes }: CutRules,
): Promise<string> {
  let heading = ''
  let skip = false
  for (let at = 0; at < offset;) {
    const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, offset - at), at)
    if (bytesRead === 0) break
    const ended = at + bytesRead >= offset
    const cut = cutFrames(buffer.subarray(0, bytesRead), { width, maxLineBytes }, { skip, ended, settled: true })
    for (const frame of cut.frames) {
      const line = text.toUtf8(buffer.subarray(frame.start, frame.stop))
      if (isHeading(rules, line)) heading = amendHeading(rules, heading, line.toString('utf8'))
    }
    skip = cut.skip
    at += cut.consumed
  }
  return heading
}

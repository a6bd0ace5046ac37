import type { Diagnostic } from '../rule.ts'

/** A file's text, able to say which line an offset is on. */
export class Source {
  readonly file: string
  readonly text: string
  #lineStarts: readonly number[] | undefined

  constructor(file: string, text: string) {
    this.file = file
    this.text = text
  }

  /** Line and column of an offset, both counted from 1. */
  position(offset: number): { line: number; column: number } {
    this.#lineStarts ??= findLineStarts(this.text)
    let low = 0
    let high = this.#lineStarts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#lineStarts[middle] as number) <= offset) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: offset - (this.#lineStarts[low] as number) + 1 }
  }
}

function findLineStarts(text: string): readonly number[] {
  const starts = [0]
  for (let newline = text.indexOf('\n'); newline >= 0; newline = text.indexOf('\n', newline + 1)) starts.push(newline + 1)
  return starts
}

export interface Hint {
  readonly suggestion?: string | undefined
  readonly field?: string | undefined
}

/** The version of the specification: 2.2 is not released, and what is agreed for it is refused unless asked for. */
export type Edition = '2.1' | '2.2'

/** Collects what is wrong with one file. */
export class Findings {
  readonly source: Source
  readonly edition: Edition
  readonly list: Diagnostic[] = []
  /** How many of them are errors: whoever parses a part compares before and after. */
  errors = 0
  /** How many values what is written may still become by expansion (dashes, offsets, placeholders): a few lines can stand for millions. */
  expansions = 200_000

  constructor(source: Source, edition: Edition = '2.1') {
    this.source = source
    this.edition = edition
  }

  /** Refuses what only the coming edition has, unless it was asked for. */
  requireNextEdition(offset: number, feature: string): void {
    if (this.edition === '2.2') return
    this.error('edition', offset, `${feature} belongs to Sigma 2.2, which is not released.`, {
      suggestion: 'Load the rules with the edition 2.2.',
    })
  }

  error(code: string, offset: number, message: string, hint: Hint = {}): void {
    this.errors++
    this.#add('error', code, offset, message, hint)
  }

  warning(code: string, offset: number, message: string, hint: Hint = {}): void {
    this.#add('warning', code, offset, message, hint)
  }

  #add(severity: Diagnostic['severity'], code: string, offset: number, message: string, hint: Hint): void {
    this.list.push({
      severity,
      code,
      message,
      file: this.source.file,
      ...this.source.position(offset),
      ...(hint.suggestion === undefined ? {} : { suggestion: hint.suggestion }),
      ...(hint.field === undefined ? {} : { field: hint.field }),
    })
  }
}

import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import pdfmake, { type Content } from 'pdfmake'
import type { Entry, OfficialDocument } from './document.ts'
import { roman } from './roman.ts'

const fontFolder = join(dirname(createRequire(import.meta.url).resolve('pdfmake/package.json')), 'fonts', 'Roboto')
const fonts = {
  normal: join(fontFolder, 'Roboto-Regular.ttf'),
  bold: join(fontFolder, 'Roboto-Medium.ttf'),
  italics: join(fontFolder, 'Roboto-Italic.ttf'),
  bolditalics: join(fontFolder, 'Roboto-MediumItalic.ttf'),
}

// A paper is made of text alone: nothing that stands in a case may make us load a file or call an address.
pdfmake.addFonts({ Roboto: fonts })
pdfmake.setUrlAccessPolicy(() => false)
pdfmake.setLocalAccessPolicy((path) => Object.values(fonts).includes(path))

const mm = (length: number) => (length * 72) / 25.4
const missingColor = '#b00020'

export async function renderPdf(paper: OfficialDocument): Promise<Uint8Array> {
  return pdfmake
    .createPdf({
      info: { title: `${paper.title} ${paper.reference}`, creator: 'Vọng Gác' },
      pageSize: 'A4',
      pageMargins: [mm(30), mm(20), mm(15), mm(20)],
      defaultStyle: { font: 'Roboto', fontSize: 11, lineHeight: 1.2 },
      content: [
        letterhead(paper),
        ...title(paper),
        { text: paper.addressee, alignment: 'center', margin: [0, 6, 0, 10] },
        { text: paper.opening, alignment: 'justify', leadingIndent: mm(10) },
        ...paper.sections.map((section, index) => [
          { text: `${roman(index + 1)}. ${section.title}`, bold: true, fontSize: 12, margin: [0, 10, 0, 2], headlineLevel: 1 },
          ...section.entries.map(entry),
        ]),
        {
          unbreakable: true,
          stack: [{ text: paper.closing, alignment: 'justify', leadingIndent: mm(10), margin: [0, 8, 0, 14] }, signatures(paper)],
        },
      ],
      footer: footer(paper),
      pageBreakBefore: ({ headlineLevel, startPosition }: { headlineLevel?: number; startPosition: { verticalRatio: number } }) =>
        headlineLevel === 1 && startPosition.verticalRatio > 0.9,
    })
    .getBuffer()
}

function letterhead(paper: OfficialDocument): Content {
  return {
    columns: [
      {
        width: '40%',
        stack: [
          { text: paper.organisation, bold: true, fontSize: 10.5 },
          rule(mm(66), mm(20)),
          { text: paper.symbol, margin: [0, 6, 0, 0] },
        ],
        alignment: 'center',
      },
      {
        width: '60%',
        stack: [
          { text: paper.nation, bold: true, fontSize: 10.5 },
          { text: paper.motto, bold: true },
          rule(mm(99), mm(48)),
          { text: paper.placeAndDate, italics: true, margin: [0, 6, 0, 0] },
        ],
        alignment: 'center',
      },
    ],
  }
}

/** A short line in the middle of a column of the width; points. */
function rule(width: number, length: number): Content {
  const start = (width - length) / 2
  return { canvas: [{ type: 'line', x1: 0, y1: 2, x2: length, y2: 2, lineWidth: 0.7 }], alignment: 'left', margin: [start, 0, 0, 0] }
}

function title(paper: OfficialDocument): Content[] {
  return [
    { text: paper.title, bold: true, fontSize: 15, alignment: 'center', margin: [0, 22, 0, 2] },
    ...(paper.label === '' ? [] : [{ text: `(${paper.label})`, italics: true, fontSize: 10, color: missingColor, alignment: 'center' }]),
    { text: paper.reference, fontSize: 10, alignment: 'center', margin: [0, 0, 0, 6] },
  ]
}

/**
 * Text that can be broken into lines: pdfmake looks for the end of a line by cutting one letter after the other, so a word of 20,000 letters (an encoded payload
 * that somebody pasted, a host name that an attacker made up) would hold the process for half a minute.
 */
export function breakable(text: string): string {
  return text.replaceAll(/\S{200}/gu, '$&\u200B')
}

function entry({ number, label, lines, missing }: Entry): Content {
  const style = missing ? { bold: true, color: missingColor, background: '#fff3a3' } : {}
  const [first = '', ...more] = lines.map(breakable)
  return [
    {
      text: [
        { text: `${number}. ${label}: `, bold: true },
        { text: first, ...style },
      ],
      margin: [0, 2, 0, 2],
    },
    ...more.map((text) => ({ text: [{ text, ...style }], margin: [mm(6), 0, 0, 1] })),
  ]
}

function signatures(paper: OfficialDocument): Content {
  return {
    unbreakable: true,
    columns: [
      {
        width: '40%',
        stack: [{ text: paper.copiesTitle, bold: true, italics: true }, ...paper.copies.map((text) => ({ text, fontSize: 10 }))],
      },
      {
        width: '60%',
        alignment: 'center',
        stack: [
          { text: paper.signature, bold: true },
          { text: paper.signatureHint, italics: true, fontSize: 10 },
          { text: breakable(paper.signatory), bold: true, margin: [0, 56, 0, 0] },
        ],
      },
    ],
  }
}

function footer({ page, reference, label }: OfficialDocument) {
  const text = [reference, label].filter(Boolean).join(' · ')
  return (current: number, total: number) => ({
    text: `${text} · ${page} ${current}/${total}`,
    alignment: 'center',
    fontSize: 9,
    color: '#666666',
    margin: [0, 12, 0, 0],
  })
}

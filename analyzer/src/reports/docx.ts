import {
  AlignmentType,
  BorderStyle,
  Document,
  Footer,
  Packer,
  PageNumber,
  Paragraph,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  TextRun,
  VerticalAlignTable,
  WidthType,
  convertMillimetersToTwip,
  type IParagraphOptions,
} from 'docx'
import type { Entry, OfficialDocument } from './document.ts'
import { roman } from './roman.ts'

/** Page, margins and font of Decree 30/2020/NĐ-CP on official papers: A4, 20/20/30/15 mm, Times New Roman 13. */
const margins = { top: 20, bottom: 20, left: 30, right: 15 }
const font = 'Times New Roman'
/** Half-points. */
const size = { body: 26, small: 22, title: 28, footer: 20 }
const textWidth = convertMillimetersToTwip(210 - margins.left - margins.right)
const missingColor = 'B00020'

export async function renderDocx(paper: OfficialDocument): Promise<Uint8Array> {
  const file = new Document({
    creator: 'Vọng Gác',
    title: `${paper.title} ${paper.reference}`,
    styles: { default: { document: { run: { font, size: size.body, language: { value: paper.language === 'vi' ? 'vi-VN' : 'en-GB' } } } } },
    sections: [
      {
        properties: {
          page: {
            size: { width: convertMillimetersToTwip(210), height: convertMillimetersToTwip(297) },
            margin: Object.fromEntries(Object.entries(margins).map(([side, mm]) => [side, convertMillimetersToTwip(mm)])),
          },
        },
        footers: { default: footer(paper) },
        children: [
          letterhead(paper),
          ...title(paper),
          centred(paper.addressee, { spacing: { before: 120, after: 160 } }),
          body(paper.opening),
          ...paper.sections.flatMap((section, index) => [
            heading(`${roman(index + 1)}. ${section.title}`),
            ...section.entries.flatMap(entry),
          ]),
          body(paper.closing, { keepNext: true, spacing: { before: 120, after: 200 } }),
          signatures(paper),
        ],
      },
    ],
  })
  return Packer.toBuffer(file)
}

function letterhead(paper: OfficialDocument): Table {
  return columns(
    [40, 60],
    [
      [centred(paper.organisation, {}, { bold: true, size: size.small + 2 }), rule(24), centred(paper.symbol, { spacing: { before: 80 } })],
      [
        centred(paper.nation, {}, { bold: true, size: size.small + 2 }),
        centred(paper.motto, {}, { bold: true }),
        rule(24),
        centred(paper.placeAndDate, { spacing: { before: 80 } }, { italics: true, size: size.small + 2 }),
      ],
    ],
  )
}

function title(paper: OfficialDocument): Paragraph[] {
  return [
    centred(paper.title, { spacing: { before: 320, after: 40 } }, { bold: true, size: size.title }),
    ...(paper.label === '' ? [] : [centred(`(${paper.label})`, {}, { italics: true, size: size.small, color: missingColor })]),
    centred(paper.reference, { spacing: { after: 160 } }, { size: size.small }),
  ]
}

function heading(text: string): Paragraph {
  return new Paragraph({ keepNext: true, spacing: { before: 200, after: 60 }, children: [new TextRun({ text, bold: true })] })
}

function entry({ number, label, lines, missing }: Entry): Paragraph[] {
  const run = (text: string) => new TextRun(missing ? { text, bold: true, color: missingColor, highlight: 'yellow' } : { text })
  const [first = '', ...more] = lines
  return [
    new Paragraph({
      spacing: { before: 60, after: 60 },
      children: [new TextRun({ text: `${number}. ${label}: `, bold: true }), run(first)],
    }),
    ...more.map((line) => new Paragraph({ indent: { left: 360 }, spacing: { after: 40 }, children: [run(line)] })),
  ]
}

function signatures(paper: OfficialDocument): Table {
  const small = { size: size.small }
  return columns(
    [40, 60],
    [
      [
        new Paragraph({ children: [new TextRun({ text: paper.copiesTitle, bold: true, italics: true, size: size.small + 2 })] }),
        ...paper.copies.map((text) => new Paragraph({ children: [new TextRun({ text, ...small })] })),
      ],
      [
        centred(paper.signature, {}, { bold: true }),
        centred(paper.signatureHint, {}, { italics: true, ...small }),
        centred(paper.signatory, { spacing: { before: 1_100 } }, { bold: true }),
      ],
    ],
  )
}

function footer({ page, reference, label }: OfficialDocument): Footer {
  const run = { size: size.footer, color: '666666' }
  const text = [reference, label].filter(Boolean).join(' · ')
  return new Footer({
    children: [
      new Paragraph({
        alignment: AlignmentType.CENTER,
        children: [new TextRun({ ...run, children: [`${text} · ${page} `, PageNumber.CURRENT, '/', PageNumber.TOTAL_PAGES] })],
      }),
    ],
  })
}

function centred(
  text: string,
  paragraph: IParagraphOptions = {},
  run: { bold?: boolean; italics?: boolean; size?: number; color?: string } = {},
): Paragraph {
  return new Paragraph({ alignment: AlignmentType.CENTER, ...paragraph, children: [new TextRun({ text, ...run })] })
}

function body(text: string, paragraph: IParagraphOptions = {}): Paragraph {
  return new Paragraph({
    alignment: AlignmentType.JUSTIFIED,
    indent: { firstLine: convertMillimetersToTwip(10) },
    spacing: { before: 60, after: 60 },
    ...paragraph,
    children: [new TextRun({ text })],
  })
}

/** The short line under a name: a paragraph's border between wide indents (mm each side). */
function rule(indent: number): Paragraph {
  const side = convertMillimetersToTwip(indent)
  return new Paragraph({
    indent: { left: side, right: side },
    spacing: { before: 0, after: 0, line: 60, lineRule: 'exact' },
    border: { bottom: { style: BorderStyle.SINGLE, size: 6, space: 1, color: '000000' } },
    children: [],
  })
}

function columns(percent: readonly [number, number], cells: readonly [Paragraph[], Paragraph[]]): Table {
  const none = { style: BorderStyle.NONE, size: 0, color: 'FFFFFF' }
  const borders = { top: none, bottom: none, left: none, right: none, insideHorizontal: none, insideVertical: none }
  const widths = percent.map((part) => Math.round((textWidth * part) / 100))
  return new Table({
    layout: TableLayoutType.FIXED,
    width: { size: textWidth, type: WidthType.DXA },
    columnWidths: widths,
    borders,
    rows: [
      new TableRow({
        cantSplit: true,
        children: cells.map(
          (children, index) =>
            new TableCell({
              children,
              borders,
              width: { size: widths[index]!, type: WidthType.DXA },
              verticalAlign: VerticalAlignTable.TOP,
              margins: { left: 0, right: 0 },
            }),
        ),
      }),
    ],
  })
}

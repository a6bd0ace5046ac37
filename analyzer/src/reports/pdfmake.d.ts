/** The part of pdfmake 0.3 that is used here; the package has no types of its own. */
declare module 'pdfmake' {
  type Content = string | readonly Content[] | Readonly<Record<string, unknown>>

  interface OutputDocument {
    getBuffer(): Promise<Uint8Array>
  }

  interface PdfMake {
    addFonts(fonts: Readonly<Record<string, Readonly<Record<'normal' | 'bold' | 'italics' | 'bolditalics', string>>>>): void
    /** Whether a document may load something from this address. */
    setUrlAccessPolicy(allow: (url: string) => boolean): void
    setLocalAccessPolicy(allow: (path: string) => boolean): void
    createPdf(definition: Readonly<Record<string, unknown>>): OutputDocument
  }

  const pdfmake: PdfMake
  export default pdfmake
  export type { Content }
}

const [dot, zero] = [0x2e, 0x30]

/** The address as a number, of text in the usual notation: four decimal numbers up to 255 without leading zeros. */
export function ipv4Number(text: string): number | undefined {
  return text.length > 15 ? undefined : ipv4At(Buffer.from(text), 0, Buffer.byteLength(text))
}

/** The same of the bytes of a text. */
export function ipv4At(bytes: Uint8Array, start: number, end: number): number | undefined {
  if (end - start < 7 || end - start > 15) return undefined
  let [address, part, digits, dots] = [0, 0, 0, 0]
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!
    if (byte === dot) {
      if (digits === 0 || ++dots > 3) return undefined
      address = address * 256 + part
      part = digits = 0
      continue
    }
    const digit = byte - zero
    if (digit < 0 || digit > 9 || (digits > 0 && part === 0)) return undefined
    part = part * 10 + digit
    digits++
    if (part > 255) return undefined
  }
  return dots === 3 && digits > 0 ? address * 256 + part : undefined
}

/** SQL of the text of an address as `ipv4Number` makes it. */
export function ipv4Text(number: string): string {
  return `concat_ws('.', ${number} >> 24, (${number} >> 16) & 255, (${number} >> 8) & 255, ${number} & 255)`
}

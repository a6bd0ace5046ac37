/**
 * ISO 8601 in UTC with milliseconds, as `Date.toISOString` writes it, for years of four digits. Times come in runs, of one millisecond and of one
 * minute, so most of the text is there already.
 */
export class IsoWriter {
  #ms = NaN
  #text = ''
  #minute = NaN
  #minuteText = ''

  write(ms: number): string {
    if (ms === this.#ms) return this.#text
    const minute = Math.floor(ms / 60_000)
    if (minute !== this.#minute) {
      this.#minute = minute
      this.#minuteText = new Date(minute * 60_000).toISOString().slice(0, 17)
    }
    const rest = Math.floor(ms) - minute * 60_000
    const seconds = Math.floor(rest / 1_000)
    const thousandths = rest - seconds * 1_000
    this.#ms = ms
    this.#text = `${this.#minuteText}${seconds < 10 ? '0' : ''}${seconds}.${thousandths < 10 ? '00' : thousandths < 100 ? '0' : ''}${thousandths}Z`
    return this.#text
  }
}

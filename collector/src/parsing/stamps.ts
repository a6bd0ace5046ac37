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

/**
 * Writes `event.id` as `formatEventId` does. Numbers beyond 2^31 are slow to write in base 36, and all but the last digits of a position and the
 * time are those of the event before.
 */
export class EventIdWriter {
  #receivedMs = NaN
  #time = ''
  #collector = ''
  #high = NaN
  #head = ''

  write(receivedMs: number, collector: string, position: number): string {
    const high = Math.floor(position / 46_656)
    if (receivedMs !== this.#receivedMs || high !== this.#high || collector !== this.#collector) this.#begin(receivedMs, collector, high)
    const low = (position - high * 46_656).toString(36)
    return this.#head + (low.length === 3 ? low : low.padStart(3, '0'))
  }

  #begin(receivedMs: number, collector: string, high: number): void {
    if (receivedMs !== this.#receivedMs) this.#time = receivedMs.toString(36).padStart(9, '0')
    this.#receivedMs = receivedMs
    this.#collector = collector
    this.#high = high
    this.#head = `${this.#time}-${collector}-${high.toString(36).padStart(7, '0')}`
  }
}

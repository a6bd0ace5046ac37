/** Vietnam has had one zone without summer time since 1975: UTC+7. */
const offsetMs = 7 * 3_600_000

/** An ISO time as `<input type="datetime-local">` takes it, in Vietnam's time whatever the computer's zone is. */
export function toLocalInput(iso: string): string {
  return new Date(Date.parse(iso) + offsetMs).toISOString().slice(0, 16)
}

/** Back to ISO in UTC; undefined for an incomplete entry. */
export function fromLocalInput(value: string): string | undefined {
  const at = Date.parse(`${value}Z`)
  return Number.isNaN(at) ? undefined : new Date(at - offsetMs).toISOString()
}

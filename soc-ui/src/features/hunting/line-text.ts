/** Priority, time, host, program: of RFC 5424 up to its structured data, of RFC 3164 up to the program. */
const headers = [
  /^<\d{1,3}>\d{1,2} \S+ \S+ \S+ \S+ \S+ (?:-|(?:\[(?:[^\]"]|"(?:[^"\\]|\\.)*")*\])+) ?/,
  /^<\d{1,3}>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+ /,
]

/** A line of a log as a row of a table shows it: without the head of syslog, which says what other columns say and leaves no room for the rest. */
export function withoutHeader(line: string): string {
  for (const header of headers) {
    const rest = line.replace(header, '')
    if (rest !== line && rest !== '') return rest.replace(/^\uFEFF/, '')
  }
  return line
}

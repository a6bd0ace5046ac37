/** What a new parser begins with: it reads lines such as `2026-11-22T10:00:00+07:00 login user=an ip=10.0.0.1`. */
export function templateOf(description: string): string {
  return [
    `description: ${description}`,
    'dataset: example.log',
    'logsource: { product: example }',
    'steps:',
    '  - dissect:',
    "      pattern: '%{time} %{event.action} user=%{user.name} ip=%{source.ip}'",
    '  - date: { field: time, formats: [rfc3339] }',
    '  - convert:',
    '      fields: { source.ip: ip }',
    '  - remove: [message]',
    '',
  ].join('\n')
}

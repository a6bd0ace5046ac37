/** With what the line after `before` begins: as deep as the line that is left, two deeper behind a key or list that opens. */
export function indentAfter(before: string): string {
  const line = before.slice(before.lastIndexOf('\n') + 1)
  const depth = /^ */.exec(line)![0]
  const deeper = /:\s*$/.test(line) ? '  ' : ''
  const item = /^ *- /.test(line) && deeper !== '' ? '  ' : ''
  return depth + item + deeper
}

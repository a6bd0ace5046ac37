export interface YamlToken {
  readonly text: string
  readonly kind: 'plain' | 'key' | 'string' | 'comment'
}

/** Colours for one line of YAML: its key, its quoted texts, its comment. For reading only, so block texts that look like keys do no harm. */
export function tokensOf(line: string): YamlToken[] {
  const key = /^(\s*(?:- )?)([^\s#'"][^:#]*)(:)(?=\s|$)/.exec(line)
  const tokens: YamlToken[] = []
  let rest = line
  if (key) {
    tokens.push({ text: key[1]!, kind: 'plain' }, { text: key[2]!, kind: 'key' }, { text: key[3]!, kind: 'plain' })
    rest = line.slice(key[0].length)
  }
  for (const [text] of rest.matchAll(/'(?:[^']|'')*'|"(?:[^"\\]|\\.)*"|(?:^|(?<=\s))#.*$|[^'"#]+|./g)) {
    tokens.push({ text, kind: text.startsWith('#') ? 'comment' : /^(['"]).*\1$/s.test(text) && text.length > 1 ? 'string' : 'plain' })
  }
  return tokens.filter((token) => token.text !== '')
}

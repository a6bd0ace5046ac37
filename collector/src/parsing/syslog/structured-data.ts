/** The parameters of RFC 5424 structured data, as `[element id, parameter name, value]`; bounded, because a sender writes it. A `]` in a value is taken also without its backslash. */
const mostParameters = 256
const element = /\[([^\s=\]"]{1,64})((?:\s+[^\s=\]"]{1,64}="(?:[^"\\]|\\.)*")*)\s*\]/gy
const parameter = /([^\s=\]"]{1,64})="((?:[^"\\]|\\.)*)"/g

export function readStructuredData(text: string): [id: string, name: string, value: string][] {
  const found: [string, string, string][] = []
  for (const [, id, parameters] of text.matchAll(element)) {
    for (const [, name, value] of parameters!.matchAll(parameter)) {
      found.push([id!, name!, value!.replaceAll(/\\(["\\\]])/g, '$1')])
      if (found.length === mostParameters) return found
    }
  }
  return found
}

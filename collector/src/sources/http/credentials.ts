/**
 * The tokens that an `authorization` header may mean, the likeliest first: `Bearer TOKEN`; `Basic` with the token as password; `ApiKey`, which
 * Elastic's shippers fill with the base64 of `id:token`, and people with the token itself.
 */
export function tokensIn(authorization: string | undefined): readonly string[] {
  const match = /^(Bearer|Basic|ApiKey)\s+(\S+)\s*$/i.exec(authorization ?? '')
  if (!match) return []
  const [, scheme = '', value = ''] = match
  if (scheme.toLowerCase() === 'bearer') return [value]
  const decoded = Buffer.from(value, 'base64').toString('utf8')
  const colon = decoded.indexOf(':')
  const secret = colon < 0 ? [] : [decoded.slice(colon + 1)]
  return scheme.toLowerCase() === 'basic' ? secret : [...secret, value, decoded]
}

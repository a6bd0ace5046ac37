/** An IPv4 sender on a dual-stack socket shows as `::ffff:10.0.0.5`; a link-local one carries its interface. */
export function plainAddress(address: string | undefined): string {
  if (!address) return ''
  const plain = address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address
  const zone = plain.indexOf('%')
  return zone < 0 ? plain : plain.slice(0, zone)
}

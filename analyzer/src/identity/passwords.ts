import { hash, verify } from '@node-rs/argon2'

/** argon2id at OWASP's first recommendation (Password Storage Cheat Sheet): 19 MiB, 2 passes, 1 lane. The library's default algorithm is argon2id. */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** The encoded hash, with its salt and parameters. */
export function hashPassword(password: string): Promise<string> {
  return hash(normalised(password), parameters)
}

/** Takes as long for a user who does not exist (`undefined`) as for one who does. */
export async function verifyPassword(encoded: string | undefined, password: string): Promise<boolean> {
  const matches = await verify(encoded ?? (await nobodysHash()), normalised(password))
  return matches && encoded !== undefined
}

let nobodys: Promise<string> | undefined

function nobodysHash(): Promise<string> {
  return (nobodys ??= hashPassword('nobody has this password'))
}

/** The same letters may be typed composed or decomposed (RFC 8265): Vietnamese keyboards differ in it. */
function normalised(password: string): string {
  return password.normalize('NFC')
}

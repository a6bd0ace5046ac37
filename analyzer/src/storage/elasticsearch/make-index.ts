import type { Client } from './client.ts'
import { typeOf } from './trouble.ts'

/** True where this call made it; false where it is there, and stays as it is. */
export async function makeIndex(
  client: Client,
  index: string,
  body: { readonly mappings?: object; readonly settings?: object } = {},
): Promise<boolean> {
  if (await client.indices.exists({ index })) return false
  try {
    await client.indices.create({ index, ...body })
    return true
  } catch (error) {
    // Somebody else was faster.
    if (typeOf(error) === 'resource_already_exists_exception') return false
    throw error
  }
}

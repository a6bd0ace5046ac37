import { readFileSync } from 'node:fs'
import { request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'

/** How whoever started a cluster gets into it. */
export interface Entry {
  /** Of the user elastic. */
  readonly password: string
  /** PEM file of the authority that the nodes' certificate is by. */
  readonly caFile: string
}

/** The status of the answer to a GET; undefined where there is none. */
export function statusOf(url: string, entry: Entry | undefined): Promise<number | undefined> {
  const options = entry && { auth: `elastic:${entry.password}`, ca: readFileSync(entry.caFile) }
  const request = url.startsWith('https:') ? requestSecure : requestPlain
  return new Promise((resolve) => {
    request(url, { agent: false, ...options }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', () => resolve(undefined))
      .end()
  })
}

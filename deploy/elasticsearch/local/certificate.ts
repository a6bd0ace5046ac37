import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Authority } from '../../../analyzer/src/onboarding/authority/index.ts'
import { makeCertificateRequest } from '../../../collector/src/tls/certificate-request.ts'

/** PEM files. */
export interface NodeCertificate {
  /** Of the authority that signed it, for those who are to trust the nodes. */
  readonly authority: string
  readonly certificate: string
  readonly key: string
}

/** One certificate for all nodes of a cluster, which stand at the address, by an authority of the cluster's own that stays in the folder. */
export async function makeCertificate(folder: string, address: string): Promise<NodeCertificate> {
  const authority = await Authority.open(join(folder, 'authority'), { now: () => new Date() })
  const { key, request } = await makeCertificateRequest([address])
  const { certificate } = await authority.issueServer(request)
  const files = { authority: join(folder, 'authority.crt'), certificate: join(folder, 'node.crt'), key: join(folder, 'node.key') }
  writeFileSync(files.certificate, certificate)
  writeFileSync(files.key, key, { mode: 0o600 })
  return files
}

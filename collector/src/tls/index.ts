export { IdentityKeeper } from './identity.ts'
export { createTlsServer, type TlsOptions, type TlsPeer } from './server.ts'

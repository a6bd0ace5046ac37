export { IdentityKeeper } from './identity.ts'
export { createTlsServer, type TlsOptions } from './server.ts'

export { IdentityKeeper } from './identity.ts'
export { createTlsServer, type TlsCallbacks, type TlsOptions } from './server.ts'

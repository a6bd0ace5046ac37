export { agenciesOf } from './agencies.ts'
export { createIdentity, type Identity, type IdentityDependencies } from './identity.ts'

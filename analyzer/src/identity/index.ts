export { agenciesOf } from './agencies.ts'
export { createIdentity, type Identity } from './identity.ts'
export { createAssigneeCheck, type AssigneeCheck } from './people.ts'

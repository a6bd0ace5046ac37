export { obligationsOf } from './clocks.ts'
export { readLegalProfile, type LegalProfile } from './profile.ts'

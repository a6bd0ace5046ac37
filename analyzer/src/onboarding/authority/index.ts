export { Authority } from './authority.ts'

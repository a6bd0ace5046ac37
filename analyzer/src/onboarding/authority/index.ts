export { Authority, type Issued } from './authority.ts'

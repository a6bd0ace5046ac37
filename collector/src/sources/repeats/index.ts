export { RepeatGuard, type NamedFrame, type Taken } from './guard.ts'
export { frameName, RecentNames } from './names.ts'

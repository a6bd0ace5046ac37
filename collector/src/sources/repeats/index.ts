export { RepeatGuard, type NamedFrame, type Taken } from './guard.ts'
export { frameName } from './names.ts'
export { placeName, valueAt } from './place.ts'

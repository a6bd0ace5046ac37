export { cutFrames, frameBytes, type Cut, type CutRules, type Span } from './cut.ts'
export { amendHeading, isHeading } from './heading.ts'
export { joiningOf } from './joining.ts'

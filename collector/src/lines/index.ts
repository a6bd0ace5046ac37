export { cutFrames, frameBytes, type Cut, type CutRules, type Span } from './cut.ts'
export { amendHeading, isHeading, type HeadingRules } from './heading.ts'
export { joiningOf } from './joining.ts'

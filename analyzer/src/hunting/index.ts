export { openHunting, type Hunting } from './hunting.ts'
export { ThreadedMatching } from './retro/matching.ts'

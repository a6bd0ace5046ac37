export { openHunting, type Hunting } from './hunting.ts'

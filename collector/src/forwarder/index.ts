export { firstCheckpoint, readCheckpoint } from './checkpoint.ts'
export { Forwarder, type LinkState } from './forwarder.ts'
export { Link } from './link.ts'
export { Reporter } from './reporter.ts'

export { firstCheckpoint, readCheckpoint, type Checkpoint } from './checkpoint.ts'
export { Forwarder, type LinkState } from './forwarder.ts'
export { Link } from './link.ts'
export { Reporter } from './reporter.ts'

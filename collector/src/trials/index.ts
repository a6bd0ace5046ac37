export { runOnThread } from './on-thread.ts'
export { Trials } from './trials.ts'

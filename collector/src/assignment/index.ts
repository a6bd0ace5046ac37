export { readAssignment } from './assignment-file.ts'
export { Follower } from './follower.ts'
export { SourcesInUse } from './sources-in-use.ts'

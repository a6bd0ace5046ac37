export { addRelated } from './related.ts'
export { isSkewed, skewTag } from './skew.ts'

export { ParsingThreads } from './parsing-threads.ts'

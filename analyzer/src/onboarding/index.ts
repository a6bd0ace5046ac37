export { Authority } from './authority/index.ts'
export { openOnboarding, type Onboarding } from './onboarding.ts'
export { ParserLibrary } from './parsers/library.ts'
export { SourceCatalogue } from './registry/catalogue.ts'

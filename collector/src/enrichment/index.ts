export { isAddress, parseAddress } from './address.ts'
export { Enrichment, type EnrichmentSettings } from './enrichment.ts'
export { addRelated } from './related.ts'
export { addSkew, skewTag } from './skew.ts'

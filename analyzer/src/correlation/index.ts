export { openCorrelation, type Correlation } from './correlation.ts'

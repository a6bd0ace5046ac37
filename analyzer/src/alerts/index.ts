export { alertsHandlers } from './handlers.ts'
export { alertKind } from './kind.ts'
export { createHitRecorder, type HitRecorder } from './record-hits.ts'
export { alertsByRule, createAlertVolume, type AlertVolume } from './volume.ts'

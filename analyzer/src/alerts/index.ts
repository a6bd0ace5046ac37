export { alertsHandlers, type AlertsDeps } from './handlers.ts'
export { alertKind } from './kind.ts'
export { createHitRecorder, type HitRecorder } from './record-hits.ts'
export { alertsByRule, createAlertVolume, type AlertVolume, type RuleAlerts } from './volume.ts'

import { alertRoutes } from './alerts.ts'
import { auditRoutes } from './audit.ts'
import { caseRoutes } from './cases.ts'
import { detectionRoutes } from './detection.ts'
import { huntingRoutes } from './hunting.ts'
import { identityRoutes } from './identity.ts'
import { keepingRoutes } from './keeping.ts'
import { onboardingRoutes } from './onboarding.ts'

/** Every operation of the API. */
export const routes = {
  ...identityRoutes,
  ...alertRoutes,
  ...caseRoutes,
  ...detectionRoutes,
  ...huntingRoutes,
  ...auditRoutes,
  ...keepingRoutes,
  ...onboardingRoutes,
} as const

export type Routes = typeof routes
export type RouteName = keyof Routes

/** `GET`, `text/event-stream`: see stream.ts. Not in `routes`, since a stream has no single reply. */
export const streamPath = '/api/stream'

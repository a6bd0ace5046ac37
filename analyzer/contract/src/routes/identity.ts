import { z } from 'zod'
import { agencySchema } from '../config.ts'
import { localizedTextSchema } from '../text.ts'
import { newUserSchema, passwordSchema, sessionSchema, userChangeSchema, userNameSchema, userSchema } from '../user.ts'
import { byId } from './parameters.ts'
import { route } from './route.ts'

/** Set-up, sessions, users, agencies, and what this installation is. */
export const identityRoutes = {
  setupState: route({
    method: 'GET',
    path: '/api/setup',
    summary: 'Whether the first administrator is still to be made',
    tag: 'set-up',
    role: 'public',
    reply: z.object({ needed: z.boolean() }),
  }),
  setup: route({
    method: 'POST',
    path: '/api/setup',
    summary: 'Make the first administrator with the token of the one-time link, and sign in',
    tag: 'set-up',
    role: 'public',
    body: z.object({
      token: z.string().min(1).max(200),
      userName: userNameSchema,
      displayName: z.string().trim().min(1).max(120),
      password: passwordSchema,
    }),
    reply: sessionSchema,
  }),
  signIn: route({
    method: 'POST',
    path: '/api/session',
    summary: 'Sign in',
    tag: 'session',
    role: 'public',
    body: z.object({ userName: z.string().trim().toLowerCase().max(100), password: z.string().max(256) }),
    reply: sessionSchema,
  }),
  session: route({
    method: 'GET',
    path: '/api/session',
    summary: 'Who is signed in',
    tag: 'session',
    role: 'viewer',
    reply: sessionSchema,
  }),
  signOut: route({ method: 'DELETE', path: '/api/session', summary: 'Sign out', tag: 'session', role: 'viewer' }),
  changePassword: route({
    method: 'PUT',
    path: '/api/session/password',
    summary: 'Change one’s own password; other sessions of the user end',
    tag: 'session',
    role: 'viewer',
    body: z.object({ current: z.string().max(256), next: passwordSchema }),
  }),
  listUsers: route({
    method: 'GET',
    path: '/api/users',
    summary: 'Users',
    tag: 'users',
    role: 'viewer',
    reply: z.object({ items: z.array(userSchema) }),
  }),
  createUser: route({
    method: 'POST',
    path: '/api/users',
    summary: 'Add a user',
    tag: 'users',
    role: 'administrator',
    body: newUserSchema,
    reply: userSchema,
  }),
  changeUser: route({
    method: 'PATCH',
    path: '/api/users/:id',
    summary: 'Change a user',
    tag: 'users',
    role: 'administrator',
    params: byId,
    body: userChangeSchema,
    reply: userSchema,
  }),
  listAgencies: route({
    method: 'GET',
    path: '/api/agencies',
    summary: 'Agencies within the session’s scope',
    tag: 'agencies',
    role: 'viewer',
    reply: z.object({ items: z.array(agencySchema) }),
  }),
  about: route({
    method: 'GET',
    path: '/api/about',
    summary: 'The product’s version and what this installation is called',
    tag: 'about',
    role: 'public',
    reply: z.object({ name: z.string(), version: z.string(), operator: localizedTextSchema }),
  }),
} as const

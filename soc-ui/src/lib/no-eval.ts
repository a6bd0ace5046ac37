/**
 * The content security policy forbids making code from text, which zod would try for speed; this switch, read when schemas are made, turns it off.
 * Therefore it must be the first import of main.tsx.
 */
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } })

// @ts-nocheck
import { defineConfig } from 'vitest/config'

/** The tests that say what the language and its expressions mean, without those that only throw much at them: a mutant is to die by a named test. */
export default defineConfig({
  test: {
    include: ['rules/sigma/src/{syntax,ir}/*.test.ts', 'rules/sigma/src/compile/{load,semantics}.test.ts'],
    testTimeout: 20_000,
  },
})

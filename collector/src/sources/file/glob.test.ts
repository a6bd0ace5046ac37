import { expect, it } from 'vitest'
import { fitsGlob } from './glob.ts'

it.each([
  ['/var/log/a.log', '/var/log/*.log', true],
  ['/var/log/a.log.1', '/var/log/*.log', false],
  ['/var/log/x/a.log', '/var/log/*.log', false],
  ['/var/log/x/y/a.log', '/var/log/**/*.log', true],
  ['/var/log/a.log', '/var/log/**/*.log', true],
  ['/var/log/ab.log', '/var/log/?b.l*g', true],
  ['/var/log/[a].log', '/var/log/[a].log', true],
])('%s fits %s: %s', (path, glob, fits) => expect(fitsGlob(path, glob)).toBe(fits))

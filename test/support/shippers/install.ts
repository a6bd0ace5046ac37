/**
 * Makes programs that send logs, for `npm run test:sources`, in the user's cache:
 *
 *     npm run shippers [-- NAME…]
 *
 * Filebeat and the OpenTelemetry Collector are built from Go modules, which takes some minutes and a few gigabytes of Go's caches; syslog-ng is
 * unpacked from the system's packages, the libraries for Python come from its package manager. What cannot be made is named with the reason: its
 * tests are skipped then, and the exit code is 1.
 */
import { homeOf, makeOnce } from './recipe.ts'
import { recipes } from './recipes.ts'

const asked = process.argv.slice(2)
const unknown = asked.find((name) => !recipes.some((recipe) => recipe.name === name))
if (unknown !== undefined) {
  console.error(`There is no ${unknown}; there is ${recipes.map(({ name }) => name).join(', ')}.`)
  process.exit(2)
}
for (const recipe of recipes) {
  if (asked.length > 0 && !asked.includes(recipe.name)) continue
  const started = Date.now()
  try {
    await makeOnce(recipe)
    console.log(`${recipe.name} ${recipe.version}: ${homeOf(recipe)} (${Math.round((Date.now() - started) / 1000)} s)`)
  } catch (error) {
    console.error(`${recipe.name} ${recipe.version} cannot be had: ${(error as Error).message}`)
    process.exitCode = 1
  }
}

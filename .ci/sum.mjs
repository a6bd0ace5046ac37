// Adds up the suites' JSON reports: sum.mjs FOLDER FAILED-STEPS SUITE…
// A suite without a report counts as one failure, and so does a step (build, lint) that failed without failing a test.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const [folder, failedSteps, ...suites] = process.argv.slice(2)
let passed = 0
let failed = 0
let suitesFailed = 0
for (const suite of suites) {
  const file = join(folder, `${suite}.json`)
  const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
  if (!report) {
    console.log(`${suite}: no report`)
    continue
  }
  console.log(`${suite}: ${report.numPassedTests} passed, ${report.numFailedTests} failed, ${report.numPendingTests} skipped`)
  passed += report.numPassedTests
  failed += report.numFailedTests
  if (report.numFailedTests > 0) suitesFailed++
}
failed += Math.max(0, Number(failedSteps) - suitesFailed)
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed > 0 ? 1 : 0)

// Builds what is older than its source: the processes by `tsc -b`, the console by vite. Silent when there is nothing to do.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const require = createRequire(import.meta.url)

/** Time of the newest file below the paths, ms; 0 when there is none. Tests are no part of what is built. */
function newest(...paths) {
  let latest = 0
  for (const path of paths) {
    const full = join(root, path)
    if (!existsSync(full)) continue
    const files = statSync(full).isDirectory()
      ? readdirSync(full, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
          .map((entry) => join(entry.parentPath, entry.name))
      : [full]
    for (const file of files) latest = Math.max(latest, statSync(file).mtimeMs)
  }
  return latest
}

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], shell: process.platform === 'win32' })
  if (status !== 0) process.exit(status ?? 1)
}

const packages = ['rules/sigma', 'analyzer/contract', 'analyzer', 'collector', 'deploy/standalone']

/** A package is stale when a source is newer than its last build, or was never built. */
const stale = packages.filter(
  (folder) => newest(`${folder}/src`, `${folder}/tsconfig.json`, 'tsconfig.base.json') > newest(`${folder}/dist/.tsbuildinfo`),
)
if (stale.length > 0) console.log(`Building ${stale.join(', ')} …`)
// Also when nothing is stale: it takes a moment, and mistakes that the last build found are still mistakes.
run(process.execPath, [join(dirname(require.resolve('typescript/package.json')), 'bin/tsc'), '-b', ...packages])

const consoleSources = [
  'soc-ui/src',
  'soc-ui/index.html',
  'soc-ui/vite.config.ts',
  'soc-ui/public',
  'analyzer/contract/src',
  'rules/sigma/src',
]
if (newest(...consoleSources) > newest('soc-ui/dist/index.html')) {
  console.log('Building the console …')
  run('npm', ['run', '--silent', 'build', '-w', 'soc-ui', '--', '--logLevel', 'warn'])
}

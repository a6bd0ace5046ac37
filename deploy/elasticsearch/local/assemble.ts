import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { withLock } from './lock.ts'
import type { Toolchain } from './toolchain.ts'

const run = promisify(execFile)
const here = import.meta.dirname

/** The first number of a version. Security is published for 9 alone. */
export type Edition = 8 | 9

/** As pom.xml has it. */
function versionOf(edition: Edition): string {
  const profile = new RegExp(`<id>${edition}</id>[^]*?<elasticsearch.version>(.+?)<`)
  return profile.exec(readFileSync(join(here, 'pom.xml'), 'utf8'))![1]!
}

/** By the folder of java/ that they are in: those of every edition, and those of this one. */
function javaSources(edition: Edition): string[] {
  const filesIn = (folder: string) =>
    readdirSync(join(here, folder)).flatMap((name) => (name.endsWith('.java') ? [join(folder, name)] : []))
  return [...filesIn('java'), ...filesIn(`java/${edition}`)]
}

/** They stand on the class path: there they start the server, everything else is a module of its own. */
const starters = new Set(['LocalNode.java', 'PluginFolders.java'])

/**
 * The home folder of a server that can be started, made from published jars where it does not exist yet (84 MB, once). It stands in the
 * user's cache, under a name that changes with whatever it is made from. However many ask at once, one of them makes it.
 */
export async function assembleServer(tools: Toolchain, edition: Edition): Promise<string> {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'vonggac', `elasticsearch-${versionOf(edition)}`)
  const home = join(cache, fingerprint(edition))
  if (existsSync(home)) return home
  mkdirSync(cache, { recursive: true })
  return withLock(join(cache, 'lock'), async () => {
    if (existsSync(home)) return home
    // Renamed when it is complete: a run that was cut short leaves nothing that looks finished.
    const workshop = join(cache, `assembling-${process.pid}`)
    rmSync(workshop, { recursive: true, force: true })
    try {
      await assemble(workshop, tools, edition)
      renameSync(workshop, home)
    } finally {
      rmSync(workshop, { recursive: true, force: true })
    }
    return home
  })
}

function fingerprint(edition: Edition): string {
  const hash = createHash('sha256')
  for (const file of ['pom.xml', 'log4j2.properties', 'assemble.ts', ...javaSources(edition)]) hash.update(readFileSync(join(here, file)))
  return hash.digest('hex').slice(0, 12)
}

async function assemble(home: string, { maven, jdk, zstd }: Toolchain, edition: Edition): Promise<void> {
  const version = versionOf(edition)
  const lib = join(home, 'lib')
  for (const folder of ['lib', 'plugins', 'config', 'classes']) mkdirSync(join(home, folder), { recursive: true })
  await fetchJars(maven, lib, edition)
  for (const name of ['transport-netty4', ...(edition === 9 ? ['x-pack-core', 'x-pack-security'] : [])])
    await makeModule(home, name, version, jdk)
  if (edition === 9) {
    // The class loader of security sees its own folder and core's only.
    const netty = `transport-netty4-${version}.jar`
    cpSync(join(home, 'modules/transport-netty4', netty), join(home, 'modules/x-pack-security', netty))
  }

  const compile = (files: readonly string[], to: string) =>
    run(join(jdk, 'bin/javac'), ['-nowarn', '-cp', join(lib, '*'), '-d', to, ...files.map((file) => join(here, file))])
  const [starting, standIns] = [true, false].map((is) => javaSources(edition).filter((file) => starters.has(basename(file)) === is))
  await compile(starting!, join(home, 'classes'))
  const compiled = join(home, 'stand-ins')
  await compile(standIns!, compiled)
  const module = join(home, 'modules/stand-ins')
  mkdirSync(module)
  await run(join(jdk, 'bin/jar'), ['--create', '--file', join(module, 'stand-ins.jar'), '-C', compiled, '.'])
  rmSync(compiled, { recursive: true })
  writeFileSync(join(module, 'plugin-descriptor.properties'), standInDescriptor(version, edition))

  cpSync(join(here, 'log4j2.properties'), join(home, 'config/log4j2.properties'))
  writeFileSync(join(home, 'config/elasticsearch.yml'), '')
  linkZstd(home, zstd)
}

async function fetchJars(maven: string, lib: string, edition: Edition): Promise<void> {
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${lib}`, '-DincludeScope=runtime']
  try {
    await run(maven, ['--batch-mode', '--quiet', '--activate-profiles', String(edition), '--file', join(here, 'pom.xml'), ...goal], {
      maxBuffer: 1 << 24,
    })
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    throw new Error(
      `Maven did not get the jars of Elasticsearch ${versionOf(edition)}:\n${(stdout + stderr).trim().split('\n').slice(0, 8).join('\n')}`,
      {
        cause: error,
      },
    )
  }
}

/** A module is a folder with its jar and its descriptor; without `modulename` it loads outside the module layers of a distribution. */
async function makeModule(home: string, name: string, version: string, jdk: string): Promise<void> {
  const folder = join(home, 'modules', name)
  const jar = `${name}-${version}.jar`
  mkdirSync(folder, { recursive: true })
  renameSync(join(home, 'lib', jar), join(folder, jar))
  await run(join(jdk, 'bin/jar'), ['--extract', '--file', jar, `META-INF/es-plugins/${name}/plugin-descriptor.properties`], { cwd: folder })
  const extracted = join(folder, 'META-INF')
  const text = readFileSync(join(extracted, 'es-plugins', name, 'plugin-descriptor.properties'), 'utf8')
  const lines = text.split('\n').filter((line) => !/^(#|modulename)/.test(line))
  writeFileSync(join(folder, 'plugin-descriptor.properties'), lines.join('\n'))
  rmSync(extracted, { recursive: true })
}

const standInDescriptor = (version: string, edition: Edition) => `name=stand-ins
description=Stands in for modules that are not published as jars
version=${version}
elasticsearch.version=${version}
java.version=17
classname=vonggac.local.StandInPlugin
${edition === 9 ? 'deployment.target=ALL' : ''}
`

function linkZstd(home: string, zstd: string): void {
  const system = process.platform === 'darwin' ? 'darwin' : 'linux'
  const folder = join(home, 'lib/platform', `${system}-${process.arch === 'arm64' ? 'aarch64' : 'x64'}`)
  mkdirSync(folder, { recursive: true })
  symlinkSync(zstd, join(folder, system === 'darwin' ? 'libzstd.dylib' : 'libzstd.so'))
}

import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { withLock } from './lock.ts'
import type { Toolchain } from './toolchain.ts'

const run = promisify(execFile)
const here = import.meta.dirname
const sources = ['pom.xml', 'log4j2.properties', 'assemble.ts', ...readdirSync(join(here, 'java')).map((name) => join('java', name))]

export const version = /<elasticsearch.version>(.+)</.exec(readFileSync(join(here, 'pom.xml'), 'utf8'))![1]!

/**
 * The home folder of a server that can be started, made from published jars where it does not exist yet (84 MB, once). It stands in the
 * user's cache, under a name that changes with whatever it is made from. However many ask at once, one of them makes it.
 */
export async function assembleServer(tools: Toolchain): Promise<string> {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'vonggac', `elasticsearch-${version}`)
  const home = join(cache, fingerprint())
  if (existsSync(home)) return home
  mkdirSync(cache, { recursive: true })
  return withLock(join(cache, 'lock'), async () => {
    if (existsSync(home)) return home
    // Renamed when it is complete: a run that was cut short leaves nothing that looks finished.
    const workshop = join(cache, `assembling-${process.pid}`)
    rmSync(workshop, { recursive: true, force: true })
    try {
      await assemble(workshop, tools)
      renameSync(workshop, home)
    } finally {
      rmSync(workshop, { recursive: true, force: true })
    }
    return home
  })
}

function fingerprint(): string {
  const hash = createHash('sha256')
  for (const file of sources) hash.update(readFileSync(join(here, file)))
  return hash.digest('hex').slice(0, 12)
}

async function assemble(home: string, { maven, jdk, zstd }: Toolchain): Promise<void> {
  const lib = join(home, 'lib')
  for (const folder of ['lib', 'plugins', 'config', 'classes']) mkdirSync(join(home, folder), { recursive: true })
  await fetchJars(maven, lib)
  for (const name of ['transport-netty4', 'x-pack-core', 'x-pack-security']) await makeModule(home, name, jdk)
  // The class loader of security sees its own folder and core's only.
  const netty = `transport-netty4-${version}.jar`
  cpSync(join(home, 'modules/transport-netty4', netty), join(home, 'modules/x-pack-security', netty))

  const javac = join(jdk, 'bin/javac')
  await run(javac, ['-nowarn', '-cp', join(lib, '*'), '-d', join(home, 'classes'), join(here, 'java/LocalNode.java')])
  const compiled = join(home, 'stand-ins')
  const standIns = ['StandInPlugin', 'RootPage', 'DataStreams'].map((name) => join(here, 'java', `${name}.java`))
  await run(javac, ['-nowarn', '-cp', join(lib, '*'), '-d', compiled, ...standIns])
  const module = join(home, 'modules/stand-ins')
  mkdirSync(module)
  await run(join(jdk, 'bin/jar'), ['--create', '--file', join(module, 'stand-ins.jar'), '-C', compiled, '.'])
  rmSync(compiled, { recursive: true })
  writeFileSync(join(module, 'plugin-descriptor.properties'), standInDescriptor)

  cpSync(join(here, 'log4j2.properties'), join(home, 'config/log4j2.properties'))
  writeFileSync(join(home, 'config/elasticsearch.yml'), '')
  linkZstd(home, zstd)
}

async function fetchJars(maven: string, lib: string): Promise<void> {
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${lib}`, '-DincludeScope=runtime']
  try {
    await run(maven, ['--batch-mode', '--quiet', '--file', join(here, 'pom.xml'), ...goal], { maxBuffer: 1 << 24 })
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    throw new Error(
      `Maven did not get the jars of Elasticsearch ${version}:\n${(stdout + stderr).trim().split('\n').slice(0, 8).join('\n')}`,
      {
        cause: error,
      },
    )
  }
}

/** A module is a folder with its jar and its descriptor; without `modulename` it loads outside the module layers of a distribution. */
async function makeModule(home: string, name: string, jdk: string): Promise<void> {
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

const standInDescriptor = `name=stand-ins
description=Stands in for modules that are not published as jars
version=${version}
elasticsearch.version=${version}
java.version=21
classname=vonggac.local.StandInPlugin
deployment.target=ALL
`

function linkZstd(home: string, zstd: string): void {
  const system = process.platform === 'darwin' ? 'darwin' : 'linux'
  const folder = join(home, 'lib/platform', `${system}-${process.arch === 'arm64' ? 'aarch64' : 'x64'}`)
  mkdirSync(folder, { recursive: true })
  symlinkSync(zstd, join(folder, system === 'darwin' ? 'libzstd.dylib' : 'libzstd.so'))
}

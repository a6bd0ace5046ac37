import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** What turns published jars into a running server. */
export interface Toolchain {
  readonly maven: string
  /** The folder of a JDK 21 or newer. */
  readonly jdk: string
  /** libzstd: without it indices that are compressed by zstd never become ready. */
  readonly zstd: string
}

const oldestJava = 21
const jdkFolders = ['/usr/lib/jvm', '/usr/java', '/Library/Java/JavaVirtualMachines']
const zstdFiles = [
  '/usr/lib/x86_64-linux-gnu/libzstd.so.1',
  '/usr/lib/aarch64-linux-gnu/libzstd.so.1',
  '/usr/lib64/libzstd.so.1',
  '/usr/lib/libzstd.so.1',
  '/opt/homebrew/lib/libzstd.dylib',
  '/usr/local/lib/libzstd.dylib',
]

/** The tools of this machine, or one sentence that says what is missing. */
export function findToolchain(): Toolchain | { readonly missing: string } {
  const maven = onPath('mvn')
  const jdk = newestJdk()
  const zstd = zstdFiles.find((file) => existsSync(file))
  if (maven !== undefined && jdk !== undefined && zstd !== undefined) return { maven, jdk, zstd }
  const missing = [
    ...(maven === undefined ? ['Maven (the command mvn)'] : []),
    ...(jdk === undefined ? [`a JDK ${oldestJava} or newer (JAVA_HOME, or a folder in ${jdkFolders[0]})`] : []),
    ...(zstd === undefined ? ['libzstd (Debian package libzstd1)'] : []),
  ]
  return { missing: `A local Elasticsearch needs ${missing.join(' and ')}, which this machine does not have.` }
}

function onPath(command: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.map((folder) => join(folder, command)).find((file) => existsSync(file))
}

function newestJdk(): string | undefined {
  const homes = jdkFolders.flatMap((folder) => (existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []))
  const candidates = [process.env.JAVA_HOME ?? '', ...homes, ...homes.map((home) => join(home, 'Contents/Home'))]
  const found = candidates.map((home) => ({ home, version: javaVersion(home) })).filter(({ version }) => version >= oldestJava)
  return found.toSorted((a, b) => b.version - a.version)[0]?.home
}

/** 0 where there is no complete JDK. */
function javaVersion(home: string): number {
  if (home === '' || !existsSync(join(home, 'bin/javac')) || !existsSync(join(home, 'release'))) return 0
  return Number(/^JAVA_VERSION="(\d+)/m.exec(readFileSync(join(home, 'release'), 'utf8'))?.[1] ?? 0)
}

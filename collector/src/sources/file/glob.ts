import { readdir, realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'

/** Folders that one search looks into, so that `**` at the root of a disk ends. */
const mostFolders = 10_000

/** Whether a path fits a glob: `*` and `?` within a name, `**` for any number of folders. */
export function fitsGlob(path: string, glob: string): boolean {
  return fits(path.split('/'), 0, glob.split('/'), 0)
}

function fits(path: readonly string[], at: number, glob: readonly string[], place: number): boolean {
  if (place === glob.length) return at === path.length
  if (glob[place] === '**') return fits(path, at, glob, place + 1) || (at < path.length && fits(path, at + 1, glob, place))
  return at < path.length && nameFits(path[at]!, glob[place]!) && fits(path, at + 1, glob, place + 1)
}

/** By stepping back to the last `*` alone: quadratic at worst. */
function nameFits(name: string, glob: string): boolean {
  let [n, g, star, mark] = [0, 0, -1, 0]
  while (n < name.length) {
    if (glob[g] === '*') {
      star = g++
      mark = n
    } else if (g < glob.length && (glob[g] === '?' || glob[g] === name[n])) {
      n++
      g++
    } else if (star >= 0) {
      g = star + 1
      n = ++mark
    } else return false
  }
  while (glob[g] === '*') g++
  return g === glob.length
}

/** The paths that fit any of the globs and none of `exclude`, in order of their names, `most` at most. Folders that cannot be read have none. */
export async function findPaths(globs: readonly string[], exclude: readonly string[], most: number): Promise<string[]> {
  const found = new Set<string>()
  const budget = { folders: mostFolders }
  const add = (path: string) => {
    if (found.size < most && !exclude.some((glob) => fitsGlob(path, glob))) found.add(path)
  }
  for (const glob of globs) await walk('/', glob.split('/').slice(1), budget, add)
  return [...found].toSorted()
}

async function walk(folder: string, parts: readonly string[], budget: { folders: number }, add: (path: string) => void): Promise<void> {
  const [part = '', ...rest] = parts
  if (!/[*?]/.test(part)) {
    if (rest.length === 0) add(join(folder, part))
    else await walk(join(folder, part), rest, budget, add)
    return
  }
  if (budget.folders-- <= 0) return
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  if (part === '**') await walk(folder, rest, budget, add)
  for (const entry of entries) {
    const path = join(folder, entry.name)
    if (part === '**') {
      if (entry.isDirectory()) await walk(path, parts, budget, add)
    } else if (nameFits(entry.name, part)) {
      if (rest.length > 0) await walk(path, rest, budget, add)
      else if (!entry.isDirectory()) add(path)
    }
  }
}

/** Whether the file, links followed, stands below one of the folders. */
export async function standsBelow(path: string, folders: readonly string[]): Promise<boolean> {
  const real = await realpath(path)
  for (const folder of folders) {
    const base = await realpath(folder).catch(() => folder)
    if (real.startsWith(base.endsWith(sep) ? base : base + sep)) return true
  }
  return false
}

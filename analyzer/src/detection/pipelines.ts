import { VonggacError } from '@vonggac/contract'
import { parsePipeline, type Pipeline } from '@vonggac/sigma'
import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'

/** The processing pipelines in these folders, by file name without `.yml`. Throws `invalid-configuration` for one with a mistake: without it rules would be mapped wrongly. */
export async function readPipelines(folders: readonly string[]): Promise<ReadonlyMap<string, Pipeline>> {
  const pipelines = new Map<string, Pipeline>()
  for (const folder of folders) {
    const names = await readdir(folder).catch((error: unknown) => {
      throw new VonggacError('invalid-configuration', `The folder of pipelines ${folder} cannot be read.`, { cause: error })
    })
    for (const name of names.filter((entry) => entry.endsWith('.yml')).toSorted()) {
      const file = join(folder, name)
      const { pipeline, diagnostics } = parsePipeline(await readFile(file, 'utf8'), { file })
      if (!pipeline) {
        const first = diagnostics.find(({ severity }) => severity === 'error')
        throw new VonggacError('invalid-configuration', first ? `${file}:${first.line}: ${first.message}` : `${file} is no pipeline.`)
      }
      pipelines.set(basename(name, '.yml'), pipeline)
    }
  }
  return pipelines
}

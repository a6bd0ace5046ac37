/**
 * Holds the playbooks to OASIS's JSON schemas of CACAO 2.0, which are not part of this tree.
 *
 *     npm run conformance:cacao -- SCHEMAS [PLAYBOOK.json …]
 *
 * SCHEMAS is the folder `schemas` of https://github.com/oasis-open/cacao-json-schemas; without playbooks, those in `playbooks/` are checked.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Ajv2019 } from 'ajv/dist/2019.js'

const playbooks = fileURLToPath(new URL('../../playbooks', import.meta.url))
const draft7 = 'http://json-schema.org/draft-07/schema#'

function filesBelow(folder: string, name: RegExp): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => name.test(path))
    .map((path) => join(folder, path))
    .toSorted()
}

/**
 * The schemas call themselves draft-07 and use `unevaluatedProperties` of 2019-09, so they are read as that. In command-data.json, the base of all commands, it would
 * refuse the properties of every command made from it: there it is left out.
 */
function loadSchemas(folder: string): Ajv2019 {
  const ajv = new Ajv2019({ strict: false, allErrors: true, validateFormats: false })
  for (const file of filesBelow(folder, /\.json$/)) {
    const schema = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
    if (schema['$schema'] === draft7) delete schema['$schema']
    if (file.endsWith('command-data.json')) delete schema['unevaluatedProperties']
    ajv.addSchema(schema)
  }
  return ajv
}

function main(): number {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { help: { type: 'boolean', default: false } } })
  const [schemas, ...given] = positionals
  if (values.help || schemas === undefined) {
    console.log('usage: npm run conformance:cacao -- SCHEMAS [PLAYBOOK.json …]')
    return values.help ? 0 : 2
  }
  const ajv = loadSchemas(schemas)
  const validate = ajv.getSchema('https://raw.githubusercontent.com/oasis-open/cacao-json-schemas/main/schemas/playbook.json')
  if (!validate) throw new Error(`${schemas} does not hold playbook.json of the CACAO schemas`)
  const files = given.length > 0 ? given : filesBelow(playbooks, /playbook\.json$/)
  let failed = 0
  for (const file of files) {
    const valid = validate(JSON.parse(readFileSync(file, 'utf8')))
    if (!valid) failed++
    console.log(`${valid ? 'valid  ' : 'INVALID'} ${file}`)
    for (const error of (valid ? [] : (validate.errors ?? [])).slice(0, 20))
      console.log(`        ${error.instancePath || '/'} ${error.message ?? ''}`)
  }
  console.log(`${files.length - failed} valid, ${failed} invalid`)
  return failed === 0 ? 0 : 1
}

process.exitCode = main()

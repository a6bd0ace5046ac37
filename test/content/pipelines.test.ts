/** The shipped pipelines fit rules in Sigma's own names to flat ECS, and say which rules cannot work. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  loadRules,
  parsePipeline,
  type CompiledRule,
  type Expression,
  type LoadedRules,
  type LogSource,
  type Pipeline,
} from '@vonggac/sigma'
import { describe, expect, it } from 'vitest'

const folder = join(import.meta.dirname, '../../rules/sigma/pipelines')
const ecs = ['ecs-web', 'ecs-windows', 'ecs-linux', 'ecs-network', 'ecs-network-products', 'ecs-kubernetes']

it.each(readdirSync(folder))('%s is read without a complaint', (file) => {
  expect(parsePipeline(readFileSync(join(folder, file), 'utf8'), { file }).diagnostics).toEqual([])
})

/** Log source, a field in Sigma's name, and what it is in ECS. */
const mapped: readonly [LogSource, string, readonly string[]][] = [
  [{ category: 'webserver' }, 'cs-uri-query', ['url.original', 'url.query']],
  [{ category: 'webserver', product: 'nginx' }, 'sc-status', ['http.response.status_code']],
  [{ category: 'proxy' }, 'c-useragent', ['user_agent.original']],
  [{ category: 'firewall' }, 'dst_port', ['destination.port']],
  [{ category: 'dns' }, 'query', ['dns.question.name']],
  [{ product: 'zeek', service: 'dns' }, 'query', ['dns.question.name']],
  [{ product: 'zeek', service: 'http' }, 'id.resp_h', ['destination.ip']],
  [{ product: 'zeek', service: 'dce_rpc' }, 'operation', ['zeek.operation']],
  [{ product: 'zeek', service: 'x509' }, 'certificate.serial', ['zeek.certificate.serial']],
  [{ product: 'fortigate', service: 'event' }, 'action', ['event.action']],
  [{ product: 'fortigate', service: 'event' }, 'cfgpath', ['fortinet.firewall.cfgpath']],
  [{ category: 'process_creation', product: 'windows' }, 'Image', ['process.executable']],
  [{ category: 'process_creation', product: 'windows' }, 'User', ['winlog.event_data.User']],
  [{ category: 'process_creation', product: 'linux' }, 'User', ['user.name']],
  [{ category: 'process_creation', product: 'macos' }, 'CommandLine', ['process.command_line']],
  [{ category: 'image_load', product: 'windows' }, 'ImageLoaded', ['dll.path']],
  [{ category: 'registry_set', product: 'windows' }, 'TargetObject', ['registry.path']],
  [{ category: 'process_access', product: 'windows' }, 'SourceImage', ['process.executable']],
  [{ category: 'ps_script', product: 'windows' }, 'ScriptBlockText', ['powershell.file.script_block_text']],
  [{ product: 'windows', service: 'security' }, 'EventID', ['event.code']],
  [{ product: 'windows', service: 'security' }, 'TargetUserName', ['winlog.event_data.TargetUserName']],
  [{ product: 'windows', service: 'security' }, 'IpAddress', ['source.ip']],
  [{ product: 'windows', service: 'security' }, 'user.name', ['user.name']],
  [{ product: 'linux', service: 'auditd' }, 'a0', ['auditd.data.a0']],
  [{ product: 'linux', service: 'auditd' }, 'exe', ['process.executable']],
  [{ product: 'linux', service: 'sshd' }, 'source.ip', ['source.ip']],
  [{ product: 'kubernetes', service: 'audit' }, 'objectRef.resource', ['kubernetes.audit.objectRef.resource']],
  [{ product: 'kubernetes', service: 'audit' }, 'user.username', ['user.name']],
]

describe('fields become ECS', () => {
  it.each(mapped)('%o %s', (logSource, field, names) => {
    const { rules, diagnostics } = load([rule(logSource, { selection: { [field]: 'x' } }, 'selection')], ecs)
    expect(diagnostics).toEqual([])
    expect(fieldsOf(onlyRule(rules).expression)).toEqual(names)
  })

  it('takes the hash out of the list of hashes', () => {
    const wanted = { 'Hashes|contains': ['MD5=0123456789abcdef0123456789abcdef', 'IMPHASH=fedcba9876543210fedcba9876543210'] }
    const { rules } = load([rule({ category: 'process_creation', product: 'windows' }, { selection: wanted }, 'selection')], ecs)
    expect(onlyRule(rules).expression).toEqual({
      any: [
        { field: 'process.hash.md5', test: { kind: 'equals', value: '0123456789abcdef0123456789abcdef' } },
        { field: 'process.pe.imphash', test: { kind: 'equals', value: 'fedcba9876543210fedcba9876543210' } },
      ],
    })
  })
})

describe('fields that events never have', () => {
  const selection = { 'Image|endswith': '\\a.exe' }
  const fileEvent: LogSource = { category: 'file_event', product: 'windows' }

  it('refuse a rule that can match by nothing else', () => {
    const { rules, notApplicable } = load([rule(fileEvent, { selection: { ...selection, CommandLine: 'x' } }, 'selection')], ecs)
    expect(rules).toEqual([])
    expect(notApplicable).toMatchObject([{ fields: ['CommandLine'] }])
  })

  it('refuse a rule that excludes by them, since the exclusion would be gone', () => {
    const { rules, notApplicable } = load([rule(fileEvent, { selection, filter: { ParentImage: 'x' } }, 'selection and not filter')], ecs)
    expect(rules).toEqual([])
    expect(notApplicable).toMatchObject([{ fields: ['ParentImage'] }])
  })

  it('leave a rule that has other ways to match, with a warning', () => {
    const { rules, diagnostics } = load([rule(fileEvent, { selection, other: { ParentImage: 'x' } }, '1 of them')], ecs)
    expect(rules).toHaveLength(1)
    expect(diagnostics).toMatchObject([{ severity: 'warning', code: 'partly-applicable', field: 'ParentImage' }])
  })

  it('4688 has no OriginalFileName: an alternative is dropped, an exclusion refused', () => {
    const creation: LogSource = { category: 'process_creation', product: 'windows' }
    const name = { OriginalFileName: 'A.EXE' }
    const { rules, notApplicable } = load(
      [rule(creation, { selection, name }, '1 of them'), rule(creation, { selection, name }, 'selection and not name')],
      ['ecs-windows', 'windows-security'],
    )
    expect(rules.map(({ logSource }) => logSource)).toEqual([{ product: 'windows', service: 'security' }])
    expect(fieldsOf(onlyRule(rules).expression)).toEqual(['event.code', 'process.executable'])
    expect(notApplicable).toMatchObject([{ fields: ['OriginalFileName'] }])
  })
})

it('Sysmon by event id keeps the fields and narrows by the id', () => {
  const { rules } = load(
    [rule({ category: 'dns_query', product: 'windows' }, { selection: { QueryName: 'x.example' } }, 'selection')],
    ['ecs-windows', 'windows-sysmon'],
  )
  expect(onlyRule(rules).logSource).toEqual({ product: 'windows', service: 'sysmon' })
  expect(onlyRule(rules).expression).toEqual({
    all: [
      { field: 'event.code', test: { kind: 'equals', value: 22 } },
      { field: 'dns.question.name', test: { kind: 'equals', value: 'x.example' } },
    ],
  })
})

let nextRule = 0

/** A rule as a file; JSON is YAML. */
function rule(logsource: LogSource, selections: object, condition: string): { file: string; text: string } {
  const id = `00000000-0000-4000-8000-${String(nextRule++).padStart(12, '0')}`
  const document = { title: 'A rule', id, level: 'low', status: 'test', logsource, detection: { ...selections, condition } }
  return { file: `${id}.yml`, text: JSON.stringify(document) }
}

function load(files: readonly { file: string; text: string }[], names: readonly string[]): LoadedRules {
  const pipelines = names.map((name) => parsePipeline(readFileSync(join(folder, `${name}.yml`), 'utf8')).pipeline as Pipeline)
  return loadRules(files, { pipelines })
}

function onlyRule(rules: readonly CompiledRule[]): CompiledRule {
  expect(rules).toHaveLength(1)
  return rules[0] as CompiledRule
}

function fieldsOf(expression: Expression): string[] {
  if ('field' in expression) return [expression.field]
  if ('not' in expression) return fieldsOf(expression.not)
  return ('all' in expression ? expression.all : expression.any).flatMap(fieldsOf)
}

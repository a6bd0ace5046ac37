/**
 * The fields of ECS 9.4.0 (Elastic, Apache 2.0) that hold no text, by type. ecs-types.test.ts holds them to the reference, and says what to put here when it changes.
 */

const ip = `
  client.ip client.nat.ip destination.ip destination.nat.ip dns.resolved_ip host.ip host.target.ip network.forwarded_ip observer.ip
  orchestrator.resource.ip process.entry_leader.entry_meta.source.ip related.ip server.ip server.nat.ip source.ip source.nat.ip
  threat.enrichments.indicator.ip threat.indicator.ip
`

const integer = `
  client.as.number client.bytes client.nat.port client.packets client.port container.disk.read.bytes container.disk.write.bytes
  container.network.egress.bytes container.network.ingress.bytes destination.as.number destination.bytes destination.nat.port
  destination.packets destination.port dll.pe.go_imports_names_entropy dll.pe.go_imports_names_var_entropy dll.pe.imports_names_entropy
  dll.pe.imports_names_var_entropy dll.pe.sections.entropy dll.pe.sections.physical_size dll.pe.sections.var_entropy
  dll.pe.sections.virtual_size dns.answers.ttl email.attachments.file.size event.duration event.sequence event.severity
  file.elf.go_imports_names_entropy file.elf.go_imports_names_var_entropy file.elf.header.entrypoint file.elf.imports_names_entropy
  file.elf.imports_names_var_entropy file.elf.sections.chi2 file.elf.sections.entropy file.elf.sections.physical_size
  file.elf.sections.var_entropy file.elf.sections.virtual_address file.elf.sections.virtual_size file.macho.go_imports_names_entropy
  file.macho.go_imports_names_var_entropy file.macho.imports_names_entropy file.macho.imports_names_var_entropy
  file.macho.sections.entropy file.macho.sections.physical_size file.macho.sections.var_entropy file.macho.sections.virtual_size
  file.pe.go_imports_names_entropy file.pe.go_imports_names_var_entropy file.pe.imports_names_entropy file.pe.imports_names_var_entropy
  file.pe.sections.entropy file.pe.sections.physical_size file.pe.sections.var_entropy file.pe.sections.virtual_size file.size
  file.x509.public_key_exponent file.x509.public_key_size gen_ai.request.choice.count gen_ai.request.max_tokens gen_ai.request.seed
  gen_ai.usage.input_tokens gen_ai.usage.output_tokens host.disk.read.bytes host.disk.write.bytes host.network.egress.bytes
  host.network.egress.packets host.network.ingress.bytes host.network.ingress.packets host.target.disk.read.bytes
  host.target.disk.write.bytes host.target.network.egress.bytes host.target.network.egress.packets host.target.network.ingress.bytes
  host.target.network.ingress.packets host.target.uptime host.uptime http.request.body.bytes http.request.bytes http.response.body.bytes
  http.response.bytes http.response.status_code log.origin.file.line log.syslog.facility.code log.syslog.priority log.syslog.severity.code
  network.bytes network.packets package.size process.args_count process.elf.go_imports_names_entropy
  process.elf.go_imports_names_var_entropy process.elf.header.entrypoint process.elf.imports_names_entropy
  process.elf.imports_names_var_entropy process.elf.sections.chi2 process.elf.sections.entropy process.elf.sections.physical_size
  process.elf.sections.var_entropy process.elf.sections.virtual_address process.elf.sections.virtual_size process.entry_leader.args_count
  process.entry_leader.parent.pid process.entry_leader.parent.session_leader.pid process.entry_leader.parent.session_leader.vpid
  process.entry_leader.parent.vpid process.entry_leader.pid process.entry_leader.tty.char_device.major
  process.entry_leader.tty.char_device.minor process.entry_leader.vpid process.exit_code process.group_leader.args_count
  process.group_leader.pid process.group_leader.tty.char_device.major process.group_leader.tty.char_device.minor process.group_leader.vpid
  process.io.bytes_skipped.length process.io.bytes_skipped.offset process.io.total_bytes_captured process.io.total_bytes_skipped
  process.macho.go_imports_names_entropy process.macho.go_imports_names_var_entropy process.macho.imports_names_entropy
  process.macho.imports_names_var_entropy process.macho.sections.entropy process.macho.sections.physical_size
  process.macho.sections.var_entropy process.macho.sections.virtual_size process.parent.args_count
  process.parent.elf.go_imports_names_entropy process.parent.elf.go_imports_names_var_entropy process.parent.elf.header.entrypoint
  process.parent.elf.imports_names_entropy process.parent.elf.imports_names_var_entropy process.parent.elf.sections.chi2
  process.parent.elf.sections.entropy process.parent.elf.sections.physical_size process.parent.elf.sections.var_entropy
  process.parent.elf.sections.virtual_address process.parent.elf.sections.virtual_size process.parent.exit_code
  process.parent.group_leader.pid process.parent.group_leader.vpid process.parent.macho.go_imports_names_entropy
  process.parent.macho.go_imports_names_var_entropy process.parent.macho.imports_names_entropy
  process.parent.macho.imports_names_var_entropy process.parent.macho.sections.entropy process.parent.macho.sections.physical_size
  process.parent.macho.sections.var_entropy process.parent.macho.sections.virtual_size process.parent.pe.go_imports_names_entropy
  process.parent.pe.go_imports_names_var_entropy process.parent.pe.imports_names_entropy process.parent.pe.imports_names_var_entropy
  process.parent.pe.sections.entropy process.parent.pe.sections.physical_size process.parent.pe.sections.var_entropy
  process.parent.pe.sections.virtual_size process.parent.pid process.parent.thread.id process.parent.tty.char_device.major
  process.parent.tty.char_device.minor process.parent.uptime process.parent.vpid process.pe.go_imports_names_entropy
  process.pe.go_imports_names_var_entropy process.pe.imports_names_entropy process.pe.imports_names_var_entropy
  process.pe.sections.entropy process.pe.sections.physical_size process.pe.sections.var_entropy process.pe.sections.virtual_size
  process.pid process.previous.args_count process.session_leader.args_count process.session_leader.parent.pid
  process.session_leader.parent.session_leader.pid process.session_leader.parent.session_leader.vpid process.session_leader.parent.vpid
  process.session_leader.pid process.session_leader.tty.char_device.major process.session_leader.tty.char_device.minor
  process.session_leader.vpid process.thread.id process.tty.char_device.major process.tty.char_device.minor process.tty.columns
  process.tty.rows process.uptime process.vpid server.as.number server.bytes server.nat.port server.packets server.port source.as.number
  source.bytes source.nat.port source.packets source.port threat.enrichments.indicator.as.number
  threat.enrichments.indicator.file.elf.go_imports_names_entropy threat.enrichments.indicator.file.elf.go_imports_names_var_entropy
  threat.enrichments.indicator.file.elf.header.entrypoint threat.enrichments.indicator.file.elf.imports_names_entropy
  threat.enrichments.indicator.file.elf.imports_names_var_entropy threat.enrichments.indicator.file.elf.sections.chi2
  threat.enrichments.indicator.file.elf.sections.entropy threat.enrichments.indicator.file.elf.sections.physical_size
  threat.enrichments.indicator.file.elf.sections.var_entropy threat.enrichments.indicator.file.elf.sections.virtual_address
  threat.enrichments.indicator.file.elf.sections.virtual_size threat.enrichments.indicator.file.pe.go_imports_names_entropy
  threat.enrichments.indicator.file.pe.go_imports_names_var_entropy threat.enrichments.indicator.file.pe.imports_names_entropy
  threat.enrichments.indicator.file.pe.imports_names_var_entropy threat.enrichments.indicator.file.pe.sections.entropy
  threat.enrichments.indicator.file.pe.sections.physical_size threat.enrichments.indicator.file.pe.sections.var_entropy
  threat.enrichments.indicator.file.pe.sections.virtual_size threat.enrichments.indicator.file.size
  threat.enrichments.indicator.file.x509.public_key_exponent threat.enrichments.indicator.file.x509.public_key_size
  threat.enrichments.indicator.port threat.enrichments.indicator.scanner_stats threat.enrichments.indicator.sightings
  threat.enrichments.indicator.url.port threat.enrichments.indicator.x509.public_key_exponent
  threat.enrichments.indicator.x509.public_key_size threat.indicator.as.number threat.indicator.file.elf.go_imports_names_entropy
  threat.indicator.file.elf.go_imports_names_var_entropy threat.indicator.file.elf.header.entrypoint
  threat.indicator.file.elf.imports_names_entropy threat.indicator.file.elf.imports_names_var_entropy
  threat.indicator.file.elf.sections.chi2 threat.indicator.file.elf.sections.entropy threat.indicator.file.elf.sections.physical_size
  threat.indicator.file.elf.sections.var_entropy threat.indicator.file.elf.sections.virtual_address
  threat.indicator.file.elf.sections.virtual_size threat.indicator.file.pe.go_imports_names_entropy
  threat.indicator.file.pe.go_imports_names_var_entropy threat.indicator.file.pe.imports_names_entropy
  threat.indicator.file.pe.imports_names_var_entropy threat.indicator.file.pe.sections.entropy
  threat.indicator.file.pe.sections.physical_size threat.indicator.file.pe.sections.var_entropy
  threat.indicator.file.pe.sections.virtual_size threat.indicator.file.size threat.indicator.file.x509.public_key_exponent
  threat.indicator.file.x509.public_key_size threat.indicator.port threat.indicator.scanner_stats threat.indicator.sightings
  threat.indicator.url.port threat.indicator.x509.public_key_exponent threat.indicator.x509.public_key_size
  tls.client.x509.public_key_exponent tls.client.x509.public_key_size tls.server.x509.public_key_exponent tls.server.x509.public_key_size
  url.port volume.size
`

const number = `
  container.cpu.usage container.memory.usage event.risk_score event.risk_score_norm gen_ai.request.frequency_penalty
  gen_ai.request.presence_penalty gen_ai.request.temperature gen_ai.request.top_k gen_ai.request.top_p host.cpu.usage
  host.risk.calculated_score host.risk.calculated_score_norm host.risk.static_score host.risk.static_score_norm host.target.cpu.usage
  host.target.risk.calculated_score host.target.risk.calculated_score_norm host.target.risk.static_score
  host.target.risk.static_score_norm user.changes.risk.calculated_score user.changes.risk.calculated_score_norm
  user.changes.risk.static_score user.changes.risk.static_score_norm user.effective.risk.calculated_score
  user.effective.risk.calculated_score_norm user.effective.risk.static_score user.effective.risk.static_score_norm
  user.risk.calculated_score user.risk.calculated_score_norm user.risk.static_score user.risk.static_score_norm
  user.target.risk.calculated_score user.target.risk.calculated_score_norm user.target.risk.static_score
  user.target.risk.static_score_norm vulnerability.score.base vulnerability.score.environmental vulnerability.score.temporal
`

const boolean = `
  cloud.entity.attributes.managed cloud.entity.attributes.mfa_enabled cloud.origin.entity.attributes.managed
  cloud.origin.entity.attributes.mfa_enabled cloud.target.entity.attributes.managed cloud.target.entity.attributes.mfa_enabled
  container.security_context.privileged dll.code_signature.exists dll.code_signature.trusted dll.code_signature.valid dll.pe.go_stripped
  entity.attributes.managed entity.attributes.mfa_enabled entity.target.attributes.managed entity.target.attributes.mfa_enabled
  faas.coldstart file.code_signature.exists file.code_signature.trusted file.code_signature.valid file.elf.go_stripped
  file.macho.go_stripped file.pe.go_stripped host.entity.attributes.managed host.entity.attributes.mfa_enabled
  host.target.entity.attributes.managed host.target.entity.attributes.mfa_enabled orchestrator.entity.attributes.managed
  orchestrator.entity.attributes.mfa_enabled process.code_signature.exists process.code_signature.trusted process.code_signature.valid
  process.elf.go_stripped process.entry_leader.interactive process.entry_leader.same_as_process process.group_leader.interactive
  process.group_leader.same_as_process process.interactive process.io.max_bytes_per_process_exceeded process.macho.go_stripped
  process.parent.code_signature.exists process.parent.code_signature.trusted process.parent.code_signature.valid
  process.parent.elf.go_stripped process.parent.interactive process.parent.macho.go_stripped process.parent.pe.go_stripped
  process.pe.go_stripped process.session_leader.interactive process.session_leader.same_as_process service.entity.attributes.managed
  service.entity.attributes.mfa_enabled service.origin.entity.attributes.managed service.origin.entity.attributes.mfa_enabled
  service.target.entity.attributes.managed service.target.entity.attributes.mfa_enabled
  threat.enrichments.indicator.file.code_signature.exists threat.enrichments.indicator.file.code_signature.trusted
  threat.enrichments.indicator.file.code_signature.valid threat.enrichments.indicator.file.elf.go_stripped
  threat.enrichments.indicator.file.pe.go_stripped threat.indicator.file.code_signature.exists
  threat.indicator.file.code_signature.trusted threat.indicator.file.code_signature.valid threat.indicator.file.elf.go_stripped
  threat.indicator.file.pe.go_stripped tls.established tls.resumed user.changes.entity.attributes.managed
  user.changes.entity.attributes.mfa_enabled user.effective.entity.attributes.managed user.effective.entity.attributes.mfa_enabled
  user.entity.attributes.managed user.entity.attributes.mfa_enabled user.target.entity.attributes.managed
  user.target.entity.attributes.mfa_enabled volume.removable volume.writable
`

const date = `
  @timestamp cloud.entity.last_seen_timestamp cloud.entity.lifecycle.last_activity cloud.origin.entity.last_seen_timestamp
  cloud.origin.entity.lifecycle.last_activity cloud.target.entity.last_seen_timestamp cloud.target.entity.lifecycle.last_activity
  dll.code_signature.timestamp email.delivery_timestamp email.origination_timestamp entity.last_seen_timestamp
  entity.lifecycle.last_activity entity.target.last_seen_timestamp entity.target.lifecycle.last_activity event.created event.end
  event.ingested event.start file.accessed file.code_signature.timestamp file.created file.ctime file.elf.creation_date file.mtime
  file.x509.not_after file.x509.not_before host.entity.last_seen_timestamp host.entity.lifecycle.last_activity
  host.target.entity.last_seen_timestamp host.target.entity.lifecycle.last_activity orchestrator.entity.last_seen_timestamp
  orchestrator.entity.lifecycle.last_activity package.installed process.code_signature.timestamp process.elf.creation_date process.end
  process.entry_leader.parent.session_leader.start process.entry_leader.parent.start process.entry_leader.start process.group_leader.start
  process.parent.code_signature.timestamp process.parent.elf.creation_date process.parent.end process.parent.group_leader.start
  process.parent.start process.session_leader.parent.session_leader.start process.session_leader.parent.start process.session_leader.start
  process.start service.entity.last_seen_timestamp service.entity.lifecycle.last_activity service.origin.entity.last_seen_timestamp
  service.origin.entity.lifecycle.last_activity service.target.entity.last_seen_timestamp service.target.entity.lifecycle.last_activity
  threat.enrichments.indicator.file.accessed threat.enrichments.indicator.file.code_signature.timestamp
  threat.enrichments.indicator.file.created threat.enrichments.indicator.file.ctime threat.enrichments.indicator.file.elf.creation_date
  threat.enrichments.indicator.file.mtime threat.enrichments.indicator.file.x509.not_after
  threat.enrichments.indicator.file.x509.not_before threat.enrichments.indicator.first_seen threat.enrichments.indicator.last_seen
  threat.enrichments.indicator.modified_at threat.enrichments.indicator.x509.not_after threat.enrichments.indicator.x509.not_before
  threat.enrichments.matched.occurred threat.indicator.file.accessed threat.indicator.file.code_signature.timestamp
  threat.indicator.file.created threat.indicator.file.ctime threat.indicator.file.elf.creation_date threat.indicator.file.mtime
  threat.indicator.file.x509.not_after threat.indicator.file.x509.not_before threat.indicator.first_seen threat.indicator.last_seen
  threat.indicator.modified_at threat.indicator.x509.not_after threat.indicator.x509.not_before tls.client.not_after tls.client.not_before
  tls.client.x509.not_after tls.client.x509.not_before tls.server.not_after tls.server.not_before tls.server.x509.not_after
  tls.server.x509.not_before user.changes.entity.last_seen_timestamp user.changes.entity.lifecycle.last_activity
  user.effective.entity.last_seen_timestamp user.effective.entity.lifecycle.last_activity user.entity.last_seen_timestamp
  user.entity.lifecycle.last_activity user.target.entity.last_seen_timestamp user.target.entity.lifecycle.last_activity
`

/** What a value of an event must be. */
export type EcsType = 'ip' | 'integer' | 'number' | 'boolean' | 'date'

function entries(names: string, type: EcsType): [string, EcsType][] {
  return names
    .trim()
    .split(/\s+/)
    .map((name) => [name, type])
}

/** By the names of fields. */
export const ecsTypes: ReadonlyMap<string, EcsType> = new Map([
  ...entries(ip, 'ip'),
  ...entries(integer, 'integer'),
  ...entries(number, 'number'),
  ...entries(boolean, 'boolean'),
  ...entries(date, 'date'),
])

const fieldSets: ReadonlySet<string> = new Set(
  (
    'agent client cloud container data_stream destination device dll dns ecs email entity error event faas file gen_ai group host http ' +
    'log network observer orchestrator organization package process registry related rule server service source span threat tls trace ' +
    'transaction url user user_agent volume vulnerability'
  ).split(' '),
)

/** Whether the name belongs to one of ECS' field sets. */
export function isEcsName(name: string): boolean {
  const dot = name.indexOf('.')
  return dot > 0 && fieldSets.has(name.slice(0, dot))
}

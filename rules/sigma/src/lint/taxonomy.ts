/**
 * The fields of Sigma's taxonomy for each log source, from the specification's appendix of 2.1.0 and the event definitions of Sysmon's schema 4.90. A log source that is
 * not here has no fixed fields.
 */
import type { LogSource } from '../rule.ts'

const windowsHeader = words(
  'EventID Channel Provider_Name Computer ComputerName Hostname Level Keywords Message Task OpCode EventRecordID UtcTime TimeCreated RuleName Data',
)
const actor = words('Image ProcessId ProcessGuid User')
const peInformation = words('OriginalFileName Description Product Company FileVersion Hashes md5 sha1 sha256 Imphash')
const web = words(
  'date time c-ip c-port s-ip s-port s-computername cs-method cs-uri cs-uri-query cs-uri-stem cs-host cs-bytes sc-bytes sc-status cs-user-agent cs-referer cs-referrer cs-username cs-cookie cs-version cs-content-type time-taken',
)

/** Category -> fields; Windows' header fields come on top. */
const windowsCategories: Readonly<Record<string, readonly string[]>> = {
  process_creation: [
    ...actor,
    ...peInformation,
    ...words(
      'CommandLine CurrentDirectory ParentImage ParentProcessId ParentProcessGuid ParentCommandLine ParentUser LogonId LogonGuid TerminalSessionId IntegrityLevel',
    ),
  ],
  process_termination: actor,
  process_tampering: [...actor, 'Type'],
  network_connection: [
    ...actor,
    ...words('Protocol Initiated SourceIp SourceHostname SourcePort SourcePortName SourceIsIpv6'),
    ...words('DestinationIp DestinationHostname DestinationPort DestinationPortName DestinationIsIpv6'),
  ],
  file_event: [...actor, 'TargetFilename', 'CreationUtcTime'],
  file_change: [...actor, 'TargetFilename', 'CreationUtcTime', 'PreviousCreationUtcTime'],
  file_delete: [...actor, ...words('TargetFilename Hashes IsExecutable Archived')],
  file_rename: [...actor, 'SourceFilename', 'TargetFilename'],
  file_access: [...actor, 'FileName', 'CreateOptions'],
  file_block_executable: [...actor, 'TargetFilename', 'Hashes'],
  file_block_shredding: [...actor, ...words('TargetFilename Hashes IsExecutable')],
  file_executable_detected: [...actor, 'TargetFilename', 'Hashes'],
  image_load: [...actor, ...peInformation, ...words('ImageLoaded Signed Signature SignatureStatus')],
  driver_load: [...peInformation, ...words('ImageLoaded Signed Signature SignatureStatus')],
  create_remote_thread: words(
    'SourceImage SourceProcessId SourceProcessGuid SourceUser TargetImage TargetProcessId TargetProcessGuid TargetUser NewThreadId StartAddress StartModule StartFunction',
  ),
  process_access: words(
    'SourceImage SourceProcessId SourceProcessGUID SourceThreadId SourceUser TargetImage TargetProcessId TargetProcessGUID TargetUser GrantedAccess CallTrace',
  ),
  raw_access_thread: [...actor, 'Device'],
  registry_event: [...actor, ...words('EventType TargetObject Details NewName')],
  registry_add: [...actor, ...words('EventType TargetObject')],
  registry_delete: [...actor, ...words('EventType TargetObject')],
  registry_set: [...actor, ...words('EventType TargetObject Details')],
  registry_rename: [...actor, ...words('EventType TargetObject NewName')],
  create_stream_hash: [...actor, ...words('TargetFilename CreationUtcTime Hash Contents')],
  pipe_created: [...actor, 'EventType', 'PipeName'],
  dns_query: [...actor, ...words('QueryName QueryStatus QueryResults')],
  clipboard_capture: [...actor, ...words('Session ClientInfo Hashes Archived')],
  wmi_event: words('Operation User EventNamespace Name Query Type Destination Consumer Filter'),
  ps_script: words('ScriptBlockText ScriptBlockId MessageNumber MessageTotal Path'),
  ps_module: words('ContextInfo UserData Payload'),
  ps_classic_start: words('HostApplication HostName HostVersion EngineVersion'),
  ps_classic_provider_start: words('HostApplication HostName ProviderName NewProviderState'),
  sysmon_error: words('ID Description'),
  sysmon_status: words('State Version SchemaVersion Configuration ConfigurationFileHash'),
}

const unixProcess = words(
  'Image ProcessId ProcessGuid CommandLine CurrentDirectory User LogonId LogonGuid TerminalSessionId Hashes ParentImage ParentProcessId ParentProcessGuid ParentCommandLine ParentUser',
)

const unixCategories: Readonly<Record<string, readonly string[]>> = {
  process_creation: unixProcess,
  file_event: [...actor, 'TargetFilename'],
  file_delete: [...actor, 'TargetFilename'],
  network_connection: [...(windowsCategories['network_connection'] ?? [])],
}

const devices: Readonly<Record<string, readonly string[]>> = {
  webserver: web,
  proxy: [
    ...web,
    ...words(
      'c-uri c-uri-extension c-uri-query c-uri-stem c-useragent cs-cookie r-dns dst_ip dst_port src_ip rs-content-type cs-mime-type',
    ),
  ],
  firewall: words('src_ip src_port dst_ip dst_port username action protocol app'),
  dns: words('query record_type parent_domain answer response_code src_ip dst_ip'),
}

function words(text: string): readonly string[] {
  return text.split(' ')
}

/** The categories that rules are written for, for suggestions. */
export const categories: readonly string[] = [
  ...new Set([...Object.keys(windowsCategories), ...Object.keys(devices), 'antivirus', 'application', 'database']),
]

export const products: readonly string[] = words(
  'windows linux macos aws azure gcp m365 okta onelogin github bitbucket kubernetes docker cisco fortigate fortios paloalto huawei juniper zeek apache nginx django jvm nodejs opencanary python rpc_firewall ruby_on_rails spring sql velocity qualys',
)

const known = new Map<readonly string[], ReadonlySet<string>>()

/** The fields that events of a log source can have, or undefined where they are not fixed. */
export function fieldsOf({ category = '', product }: LogSource): ReadonlySet<string> | undefined {
  const isWindows = product === 'windows'
  const table = isWindows ? windowsCategories : product === 'linux' || product === 'macos' ? unixCategories : devices
  const fields = Object.hasOwn(table, category) ? table[category] : undefined
  if (fields === undefined) return undefined
  const set = known.get(fields) ?? new Set([...fields, ...(isWindows ? windowsHeader : [])])
  known.set(fields, set)
  return set
}

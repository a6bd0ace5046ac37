import { valueSentences } from './value-sentences.ts'

/**
 * What the platform says to people, in English, by a stable code; `{name}` stands for a value. The console has each of them in Vietnamese
 * (soc-ui/src/lib/i18n/vi/sentences.ts), so a code that is added here is added there.
 */
export const sentences = {
  ...valueSentences,

  // Requests in general.
  'request-too-large': 'Send less at once: the body is larger than this address takes.',
  'request-unforeseen': 'Something went wrong here. The log has it under {request}: give this id to whoever runs the server.',
  'address-unknown': 'There is nothing at {method} {path}.',
  'address-too-busy': 'Too many requests from your address. Try again in {after}.',
  'consoles-too-many': 'Too many consoles are open on this server. Close some of them and try again.',
  'role-needed': 'This needs the role {required}; yours is {role}.',
  'session-missing': 'There is no session, or it has ended. Sign in and try again.',
  'session-ended': 'The session has just ended. Sign in again.',
  'origin-foreign': 'A page of {origin} may not change anything here; open the console at {expected}.',
  'csrf-missing': "Send the session's CSRF token in the header {header}; GET /api/session tells it.",
  'record-unknown': 'There is no {kind} {id}, or it belongs to another agency.',
  'record-changed': 'Somebody changed the {kind} in the meantime; look at it again, then repeat the change.',
  'label-beyond-clearance':
    'You are cleared for {clearance}: what is marked with a more restricted label, others change, and only they mark it so.',
  'clearance-beyond-own': 'You are cleared for {own} and cannot clear others for more.',
  'record-busy': 'The {kind} is being changed all the time; try again.',
  'document-changed': 'Somebody changed the {kind} {id} in the meantime. Load it again and repeat the change.',
  'document-there': 'There is a {kind} {id} already.',
  'document-unknown': 'There is no {kind} {id}.',
  'document-foreign': 'The {kind} {id} belongs to another agency.',
  'page-mark-wrong': 'The page mark "after" is not one that this list gave out. Load the list from its start.',

  // People.
  'credentials-wrong': 'Check both and try again. An administrator can set a new password.',
  'passwords-too-many': 'Too many wrong passwords. Try again in {seconds} seconds.',
  'password-not-present': 'body.current: this is not your present password.',
  'setup-done': 'There is an administrator already. Sign in instead.',
  'setup-link-used': 'This link is not valid, or not any more: it works once, for 24 hours. Restart the server to get a new one.',
  'user-unknown': 'There is no user {user}.',
  'user-name-taken': 'The user name {user} is taken.',
  'user-changed': 'Somebody changed the user {user} in the meantime. Load it again and repeat the change.',
  'user-agency-foreign': 'You administer the agency {own}; its users cannot belong to {other}.',
  'administrator-last': 'This is the last administrator of the installation. Make somebody else administrator of every agency first.',
  'assignee-wrong': 'body.assignee: is nobody who can work on this: choose an active user of the agency.',
  'agency-unknown': 'There is no agency "{agency}".',

  // Cases.
  'detection-future': 'body.detectedAt: the incident cannot have been detected in the future.',
  'case-tasks-open': 'The case {number} cannot be closed while mandatory tasks are open: do or skip {tasks}.',
  'case-notes-many': 'The case {number} has {most} notes, the most it can have.',
  'case-notes-long':
    'The notes of the case {number} would exceed {most} characters: keep long material as evidence elsewhere, and note where.',
  'case-tasks-many': 'The case {number} has {most} tasks, the most it can have.',
  'case-task-unknown': 'The case {number} has no task {task}.',
  'case-obligation-unknown': 'The case {number} has no obligation {obligation}.',
  'case-closed': 'The case {number} is closed; reopen it first.',
  'case-alerts-many': 'The case {number} has {most} alerts, the most it can have.',
  'case-alert-foreign': 'The alert belongs to the agency {own}, the case {number} to {other}: open another case.',
  'alert-foreign': 'The alert {alert} belongs to another agency than the case.',
  'case-agency-foreign': 'You work for the agency {own}: a case of {other} is opened by its own people.',
  'cases-too-fast': 'Too many cases are being opened at once; try again.',

  // Rules.
  'rule-unknown': 'There is no rule {rule}.',
  'rule-switch-foreign': 'A rule watches over every agency: ask a manager of every agency to switch it.',
  'rule-refused': 'The rule {rule} was refused; correct {file} first.',
  'rule-switched': 'Somebody switched the rule at the same moment. Look at it again.',

  // Searching.
  'query-wrong': 'The query is not KQL. {problems}',
  'query-not-sigma': 'This query cannot be a Sigma rule. {problems}',
  'search-period-wrong': 'The period must end after it begins and be 366 days long at most.',
  'search-left': 'The search was ended, since nobody waits for its answer any more.',
  'search-too-slow':
    'The search was ended after {seconds} s. Shorten the period, or name a dataset or a whole value: parts of texts and regular expressions have to read every event.',
  'searches-too-many': 'Too many searches are running. Try again in a moment.',
  'event-unknown': 'There is no event {event}, or it belongs to another agency or is past its retention.',
  'export-too-large':
    'The query finds {count} events, and an export has {most} at most. Export a shorter period at a time, or narrow the query.',

  // Saved hunts.
  'hunt-deleted': 'The hunt {hunt} was deleted.',
  'hunts-many': 'There are {most} saved hunts; delete some that nobody needs any more.',
  'hunt-unscheduled': 'The hunt has no schedule, so there is nothing that it has not looked at yet. Search with its query instead.',
  'hunt-just-ran': 'The hunt has just run. Try again in a moment.',
  'hunt-busy': 'The hunt {hunt} is being changed all the time.',
  'hunt-runs-given-up': '{count} runs before this one came due too long ago and were given up.',
  'hunt-collector-silent':
    'The collector {collector} has been silent since {at} and held {frames} frames then; what it delivers later is not looked at.',

  // Rules over history.
  'retro-under-way': 'A run over history of {user} is under way ({percent} %). Wait for its end, or pause or cancel it.',
  'retro-wrong-state': 'The run is {state}: only one that is {wanted} can be told to {action}.',
  'retro-busy': 'The run is being changed all the time; try again.',
  'retro-period-wrong': 'The period must end after it begins, and begin before now.',
  'retro-no-rule': 'No rule can take part.',
  'retro-no-rule-on': 'No rule is on.',
  'retro-started-twice': 'Somebody started another run over history at the same moment. Look at the list.',
  'retro-interrupted': 'The run over history was interrupted.',
  'retro-resume': 'Resume it when the cause is gone: it goes on where it was.',
  'skipped-no-events': 'There is no event of its log source in the period.',
  'skipped-unknown': 'There is no such rule.',
  'skipped-refused': 'The rule was refused: {problem}',
  'skipped-correlation': 'A correlation needs the hits of other rules in the order of their arrival; run these rules instead.',
  'skipped-silent': 'The rule raises no alerts of its own: it only feeds correlations.',

  // The stores.
  'hold-period-wrong': 'A hold must end after it begins: "to" is the first moment that is not held.',
  'holds-many': 'There are {most} holds already. Lift those that are no longer needed.',
  'hold-changed': 'Somebody changed the hold at the same moment. Look at it again.',
  'job-every-agency': 'A back-up holds the data of every agency: only their administrators may make one.',
  'job-unable': 'The stores of this installation have no {kind} of their own.',
  'job-running': 'A {kind} is running. Wait for its end.',
  'job-cut-off': 'The analyzer ended before the job did. Start it again.',
  'job-stopped': 'The analyzer was stopped meanwhile. Start the job again.',
  'check-sound': 'Every file is as it was written, and every audit chain is whole.',
  'audit-chain-broken': 'The audit chain of {agency} is broken at entry {entry}: what was recorded was changed.',
  'backed-up':
    'Backed up {events} events and all documents to {folder} ({files} files, {megabytes} MB). Secrets are not in it: keep the folder "secrets" yourself.',
  'clock-ahead':
    "Nothing is deleted for its age: this machine's clock says {now}, but the newest event was received at {newest}. Correct the clock, or see why no events arrive.",
  'clock-jumped':
    "Nothing is deleted for its age: this machine's clock jumped from {from} to {to}. If that is right, deleting goes on by itself a day later.",
  'clock-behind':
    "The newest event says that it was received at {newest}, but this machine's clock says {now}: that of a collector or this one is wrong.",
  'budget-used-up':
    'The events have reached their limit of {gigabytes} GB (analyzer.storage.budgetGigabytes): no more are taken in, and collectors keep what arrives. Shorten the retention or give more space; then it goes on by itself.',
  'disk-full':
    'The disk of {folder} has only {megabytes} MB free: no more are taken in, and collectors keep what arrives. Shorten the retention or give more space; then it goes on by itself.',
  'space-ends-today':
    'At the pace of the last day the space for events is used up in less than a day. Shorten the retention or give more space.',
  'space-ends-in-days':
    'At the pace of the last day the space for events is used up in about {days} days. Shorten the retention or give more space.',
  'engine-starting': 'The query engine is starting; searches fail until it is ready.',
  'event-engine-down': 'The event store cannot answer: its engine does not start. The log says why.',
  'event-engine-failed': 'The event store cannot answer: {reason}.',
  'document-store-failed': "The document store {what}: {reason}. Check the disk's space and the folder's permissions.",
  'elasticsearch-failed': 'Elasticsearch {what}: {reason}.',
  'segment-damaged': 'The segment {path} {damage}: its {events} events are left out. Restore it from a back-up.',
  'segments-damaged': '{damaged} of {all} segments are damaged',
  'log-file-damaged': '{bytes} bytes of the log file {path} are damaged.',
  'indices-red': 'Indices have lost shards (red): they cannot be searched, and may take no events. Bring the missing nodes back.',
  'indices-blocked': '{indices} indices take no events ({kinds}). Free disk space, then lift the block.',
  'indices-yellow': 'Some replicas have no node (yellow): the loss of one more node could lose events. Add nodes, or set fewer replicas.',
  'node-disk-filling':
    'The disk of the node {node} is {percent} % full; at 95 % Elasticsearch takes no more events. Add space, or keep events shorter.',
  'fields-refused': 'Elasticsearch refused the fields of {events} events since the start: they are kept whole and found, but slowly.',
  'lines-rejected': '{lines} lines that are no events are kept in {index}.',
  'signatures-damaged':
    'The signatures {path} are damaged. No event is lost, but searches read the segment more often. Restore the file from a back-up.',

  // The ledger.
  'ledger-period-wrong': 'The period must end after it begins and be seven days long at most.',

  // Systems and sources.
  'registration-foreign': 'You work for the agency {own}: what is {other}’s is registered by its own people.',
  'systems-many': 'There are {most} systems; remove some that are there no more.',
  'system-agency-fixed': 'A system stays with its agency: its sources and their events are of that agency.',
  'system-in-use': 'The system has {count} sources; remove them or put them under another system first.',
  'system-removed': 'The system {system} was removed.',
  'system-other-agency': 'the system {system} is of the agency {agency}',
  'sources-many': 'There are {most} sources; remove some that are there no more.',
  'source-fetched':
    'What a collector fetches by itself is registered by people of every agency: it reaches into the network and the disk of the operator.',
  'source-id-fixed': 'The id and the agency of a source stay as they are: its events carry them. Register another source.',
  'source-id-taken': 'The source id {source} is taken; choose another.',
  'source-id-reserved': '"{source}" is a name that the platform uses itself; choose another id',
  'source-removed': 'The source {source} was removed.',
  'network-wrong': '"{network}" is neither an IP address nor a network such as 10.0.0.0/8',
  'time-zone-wrong': '"{zone}" is no time zone such as Asia/Ho_Chi_Minh',
  'parser-unusable': 'there is no parser "{parser}" for sources of {agency}; parsers are: {parsers}',
  'source-parser-missing': 'there is no parser "{parser}"; parsers are: {parsers}',
  'source-declared': 'vonggac.yml declares a source of the same id: that one is used',
  'source-of-operator': 'sources with transport {transport} are declared in vonggac.yml',
  'tokens-none': 'Senders over {transport} have no tokens: issue a client certificate, or give their addresses.',
  'tokens-many': 'The source has {most} tokens; revoke the one that is used no more, then issue another.',
  'token-unknown': 'The source has no token {token}.',
  'certificates-by-token': 'Senders of this source are not known by certificates: issue a token.',
  'certificates-fetched': 'Senders of this source are not known by certificates: the collector asks for its logs.',
  'certificates-many': 'The source has {most} certificates; revoke those that are used no more.',
  'certificate-unknown': 'The source has no certificate {serial}.',
  'snippet-unknown': 'There is no configuration of {shipper} for a source over {transport}; there is for {others}.',
  'snippet-closed': 'The collector does not listen for {protocol}: let the operator set {setting}.',
  'snippet-needs-certificate': 'Over TLS {shipper} shows a client certificate: issue one for this source, then look here again.',

  // Parsers.
  'parsers-many': 'There are {most} parsers; remove some that no source uses.',
  'parsers-long': 'All parsers together are too long; remove some that no source uses.',
  'parser-of-product': 'The parser {parser} comes with the product; save yours under another name.',
  'parser-in-use': 'The parser {parser} is used by {sources}; give them another one first.',
  'parser-name-taken': 'The parser name {parser} is taken; choose another.',
  'parser-removed': 'There is no parser {parser}, or it was removed.',
  'parser-changed': 'Somebody changed the parser {parser} in the meantime; look at it again, then repeat the change.',
  'trial-no-answer': 'The collector gave no answer; try again.',
  'trial-no-collector':
    'No collector is connected: parsers run there alone. Start it, or see why it does not reach the analyzer; then try again.',
  'trials-many': 'Too many people try parsers out at once; try again in a moment.',
  'trial-long': 'The parser took longer than {seconds} s for these lines; try fewer, or simpler patterns.',
  'trial-failed': 'The trial failed: {reason}',
  'trial-without-result': 'The trial ended without a result.',
  'trial-too-slow': 'The collector did not answer in time; try again with fewer lines.',

  // What is wrong in the text of a parser, after its place there.
  'parser-field-form': 'a field name is letters, digits, dots, hyphens and underscores',
  'parser-dataset-form': 'a data set is named like nginx.access',
  'parser-step-unknown': 'a step is one of: {steps}',
  'parser-late-failure': 'only the first step of an alternative may fail: write optional: true',
  'parser-case-twice': '"{value}" has a case already',
  'regex-wrong': '{reason}',
  'dissect-part-unknown': '{part} is not understood: write {plain} or {last}',
  'dissect-parts-touch': 'two parts of "{pattern}" touch: put the text between them that tells where one ends',
  'dissect-last-twice': '"{pattern}" has two parts marked :last',
  'dissect-no-part': '"{pattern}" has no {part}',

  // What is wrong with YAML; `reason` is what its reader says.
  'yaml-long': 'the text has more than {most} characters',
  'yaml-second-document': 'a second document begins here; there may be only one',
  'yaml-aliases': 'there may be {most} aliases (*name)',
  'yaml-deep': 'values may be nested {most} levels deep',
  'yaml-values': 'the aliases (*name) make more than {most} values of this text',
  'yaml-indent': '{reason}',
  'yaml-tab': '{reason}',
  'yaml-name-twice': '{reason}',
  'yaml-name-lines': '{reason}',
  'yaml-nested-inline': '{reason}',
  'yaml-sign-missing': '{reason}',
  'yaml-sign-unexpected': '{reason}',
  'yaml-start': '{reason}',
  'yaml-escape': '{reason}',
} as const satisfies Readonly<Record<string, string>>

export type SentenceCode = keyof typeof sentences

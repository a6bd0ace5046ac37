/** Over HTTP with the source's token: Elasticsearch's `_bulk`, OTLP, or plain lines of JSON. */
import { tokenPlaceholder as token } from '@vonggac/contract'
import { fluentBitFiles, fluentBitQueue, vectorFiles, vectorQueue } from './files.ts'
import { authorityFile, urlOf, type Receiver } from './receiver.ts'

export function vectorHttp(to: Receiver): string {
  return `# /etc/vector/vonggac.yaml
${vectorFiles}
sinks:
  vonggac:
    type: http
    inputs: [vonggac_files]
    uri: ${urlOf(to)}/v1/events
    method: post
    auth:
      strategy: bearer
      token: ${token}
    encoding:
      codec: json
    framing:
      method: newline_delimited
    request:
      headers:
        content-type: application/x-ndjson${to.http.tls ? `\n    tls:\n      ca_file: ${authorityFile}` : ''}
    acknowledgements:
      enabled: true
${vectorQueue}
`
}

export function fluentBitHttp({ host, http: { port, tls } }: Receiver): string {
  return `${fluentBitFiles}
  outputs:
    - name: http
      match: nginx
      host: ${host}
      port: ${port}
      uri: /v1/events
      format: json_lines
      header:
        - Authorization Bearer ${token}
        - Content-Type application/x-ndjson
${fluentBitQueue}${tls ? `\n      tls: on\n      tls.verify: on\n      tls.ca_file: ${authorityFile}` : ''}
`
}

export function opentelemetryHttp(to: Receiver): string {
  return `# /etc/otelcol-contrib/config.yaml; the source wants the parser otlp.
receivers:
  filelog:
    include: [/var/log/nginx/access.log]
    # Also of a file that comes while this one is away; what has been read is in the storage.
    start_at: beginning
    storage: file_storage
exporters:
  otlphttp:
    logs_endpoint: ${urlOf(to)}/v1/logs
    headers:
      authorization: Bearer ${token}${to.http.tls ? `\n    tls:\n      ca_file: ${authorityFile}` : ''}
    # What the collector does not take at the moment waits on the disk.
    retry_on_failure: { enabled: true, max_elapsed_time: 0s }
    sending_queue: { enabled: true, storage: file_storage, queue_size: 100000 }
extensions:
  file_storage:
    directory: /var/lib/otelcol
service:
  extensions: [file_storage]
  pipelines:
    logs: { receivers: [filelog], exporters: [otlphttp] }
`
}

export function logstashHttp(to: Receiver): string {
  const secure = to.http.tls ? `\n    ssl_certificate_authorities => ["${authorityFile}"]` : ''
  return `# /etc/logstash/conf.d/vonggac.conf
# In /etc/logstash/logstash.yml, so that nothing is lost while the collector is away: queue.type: persisted
input {
  beats { port => 5044 }
}
output {
  elasticsearch {
    hosts => ["${urlOf(to)}"]
    custom_headers => { "authorization" => "Bearer ${token}" }
    index => "vonggac"
    manage_template => false
    ilm_enabled => false${secure}
  }
}
`
}

export function rsyslogHttp({ host, http: { port, tls } }: Receiver): string {
  return `# /etc/rsyslog.d/60-vonggac.conf; apt-get install rsyslog-elasticsearch
module(load="omelasticsearch")
template(name="vonggac_json" type="list" option.jsonf="on") {
  property(outname="@timestamp" name="timereported" dateFormat="rfc3339" format="jsonf")
  property(outname="host.name" name="hostname" format="jsonf")
  property(outname="process.name" name="programname" format="jsonf")
  property(outname="message" name="msg" format="jsonf")
}
# What the collector does not take at the moment waits on the disk, also while this machine restarts.
action(type="omelasticsearch" name="vonggac" template="vonggac_json"
       server="${tls ? 'https' : 'http'}://${host}" serverport="${port}" uid="vonggac" pwd="${token}"
       searchIndex="vonggac" searchType="" bulkmode="on"${tls ? ` tls.cacert="${authorityFile}"` : ''}
       action.resumeRetryCount="-1" action.resumeInterval="10"
       queue.type="LinkedList" queue.filename="vonggac" queue.maxDiskSpace="2g" queue.size="100000"
       queue.dequeueBatchSize="500" queue.saveOnShutdown="on")
`
}

export function syslogNgHttp(to: Receiver): string {
  const secure = to.http.tls ? `\n    tls(ca-file("${authorityFile}") peer-verify(yes))` : ''
  return `# /etc/syslog-ng/conf.d/vonggac.conf; "s_src" is the source that your syslog-ng.conf declares (s_sys in some distributions).
destination d_vonggac {
  http(url("${urlOf(to)}/v1/events") method("POST")
    headers("Authorization: Bearer ${token}", "Content-Type: application/x-ndjson")
    body("$(format-json @timestamp=$ISODATE host.name=$HOST process.name=$PROGRAM message=$MESSAGE)")
    batch-lines(500) batch-timeout(1000) delimiter("\\n") retries(1000000)${secure}
    # What the collector does not take at the moment waits on the disk, also while this machine restarts.
    disk-buffer(reliable(yes) disk-buf-size(2147483648) dir("/var/lib/syslog-ng"))
  );
};
log { source(s_src); destination(d_vonggac); };
`
}

export function curl(to: Receiver): string {
  const secure = to.http.tls ? ` --cacert ${authorityFile}` : ''
  return `#!/bin/sh
# One JSON object a line in events.ndjson. The answer comes when every line is on the collector's disk; without one, send again: by the key, each line is
# taken once. Other lines want another key.
curl --fail-with-body${secure} -H 'Authorization: Bearer ${token}' -H 'Content-Type: application/x-ndjson' \\
     -H "Idempotency-Key: $(sha256sum < events.ndjson | cut -c1-64)" \\
     --retry 10 --retry-connrefused --data-binary @events.ndjson ${urlOf(to)}/v1/events
`
}

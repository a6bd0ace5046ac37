/** What shippers that read files have in common, whichever way they send: which file, and where what the collector does not take at the moment waits. */

export const vectorFiles = `data_dir: /var/lib/vector
sources:
  vonggac_files:
    type: file
    include: [/var/log/nginx/access.log]`

export const vectorQueue = `    # What the collector does not take at the moment waits on the disk.
    buffer:
      type: disk
      max_size: 2147483648
      when_full: block`

export const fluentBitFiles = `# /etc/fluent-bit/vonggac.yaml
service:
  # What the collector does not take at the moment waits on the disk.
  storage.path: /var/lib/fluent-bit
  storage.sync: full
pipeline:
  inputs:
    - name: tail
      path: /var/log/nginx/access.log
      tag: nginx
      # Also of a file that comes while this one is away; what has been read is in the db.
      read_from_head: true
      db: /var/lib/fluent-bit/vonggac.db
      storage.type: filesystem`

export const fluentBitQueue = `      storage.total_limit_size: 2G
      retry_limit: no_limits`

export const rsyslogFiles = `# Files that programs write themselves (take out what you do not need):
# module(load="imfile")
# input(type="imfile" File="/var/log/nginx/access.log" Tag="nginx:")`

export const rsyslogQueue = `       action.resumeRetryCount="-1" action.resumeInterval="10"
       queue.type="LinkedList" queue.filename="vonggac" queue.maxDiskSpace="2g" queue.size="100000"
       queue.saveOnShutdown="on"`

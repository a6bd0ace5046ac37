import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { output, type Recipe } from './recipe.ts'

/** Neither a C compiler nor a newer Go is fetched or asked for. */
const go = { CGO_ENABLED: '0', GOTOOLCHAIN: 'local', GOFLAGS: '-mod=mod -buildvcs=false -trimpath' }

/** Built where its module is unpacked: there its own `replace` directives hold. */
export const filebeat: Recipe = {
  name: 'filebeat',
  version: '7.17.29',
  needs: ['go'],
  async make(home) {
    const module = `github.com/elastic/beats/v7@v${this.version}`
    const { Dir: folder } = JSON.parse(await output('go', ['mod', 'download', '-json', module])) as { Dir: string }
    const env = { ...go, GOFLAGS: '-mod=readonly -buildvcs=false -trimpath' }
    await output('go', ['build', '-ldflags=-s -w', '-o', join(home, 'filebeat'), './filebeat'], { cwd: folder, env })
  },
}

const otelVersion = '0.149.0'
const core = (module: string) => ({ gomod: `go.opentelemetry.io/collector/${module} v${otelVersion}` })
const contrib = (module: string) => ({ gomod: `github.com/open-telemetry/opentelemetry-collector-contrib/${module} v${otelVersion}` })
const manifest = {
  dist: { name: 'otelcol', module: 'otelcol', version: otelVersion },
  receivers: [contrib('receiver/filelogreceiver')],
  exporters: [core('exporter/otlphttpexporter')],
  extensions: [contrib('extension/storage/filestorage')],
}

/** A distribution of the OpenTelemetry Collector that reads files and sends OTLP, by OpenTelemetry's own builder. */
export const opentelemetryCollector: Recipe = {
  name: 'opentelemetry-collector',
  version: otelVersion,
  inputs: [JSON.stringify(manifest)],
  needs: ['go'],
  async make(home) {
    const file = join(home, 'manifest.yaml')
    writeFileSync(file, stringify({ ...manifest, dist: { ...manifest.dist, output_path: join(home, 'source') } }))
    await output('go', ['run', `go.opentelemetry.io/collector/cmd/builder@v${otelVersion}`, '--config', file, '--skip-compilation'], {
      env: go,
    })
    await output('go', ['build', '-ldflags=-s -w', '-o', join(home, 'otelcol'), '.'], { cwd: join(home, 'source'), env: go })
    rmSync(join(home, 'source'), { recursive: true })
  },
}

const syslogNgPackages = ['syslog-ng-core', 'syslog-ng-mod-http', 'syslog-ng-scl']

/** Of the system's packages, unpacked beside the system: installed, it would drive out rsyslog. */
export const syslogNg: Recipe = {
  name: 'syslog-ng',
  version: 'of-this-system',
  inputs: syslogNgPackages,
  needs: ['apt-get', 'dpkg'],
  async make(home) {
    const plan = await output('apt-get', ['--simulate', 'install', '--no-install-recommends', ...syslogNgPackages])
    const packages = [...plan.matchAll(/^Inst (\S+)/gm)].map(([, name]) => name!)
    await output('apt-get', ['download', ...packages], { cwd: home })
    await output('sh', ['-c', 'for package in *.deb; do dpkg -x "$package" . && rm "$package"; done'], { cwd: home })
  },
}

const pythonPackages = ['pygelf==0.4.3', 'graypy==2.1.0']

/** Libraries that programs in Python log with. */
export const pythonLogging: Recipe = {
  name: 'python-logging',
  version: '1',
  inputs: pythonPackages,
  needs: ['python3'],
  async make(home) {
    await output('python3', ['-m', 'pip', 'install', '--quiet', '--no-deps', '--target', home, ...pythonPackages])
  },
}

/** The cheap ones first. */
export const recipes: readonly Recipe[] = [syslogNg, pythonLogging, filebeat, opentelemetryCollector]

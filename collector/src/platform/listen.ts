import type { AddressInfo, Server } from 'node:net'

/** A port that cannot be had. `setting` is its name in `vonggac.yml`. */
export class ListenError extends Error {
  readonly setting: string

  constructor(setting: string, host: string, port: number, cause: NodeJS.ErrnoException) {
    super(explain(setting, host, port, cause), { cause })
    this.name = 'ListenError'
    this.setting = setting
  }
}

function explain(setting: string, host: string, port: number, { code, message }: NodeJS.ErrnoException): string {
  const place = `${host}:${port}`
  if (code === 'EADDRINUSE') return `Port ${port} on ${host} is in use: stop the program that holds it, or set ${setting} to another port.`
  if (code === 'EACCES') return `Port ${port} on ${host} is reserved for root: set ${setting} to a port above 1023.`
  if (code === 'EADDRNOTAVAIL') return `This machine has no address ${host}: correct the host beside ${setting}.`
  return `Cannot listen on ${place} (${setting}): ${message}`
}

/** @throws ListenError */
export function listen(server: Server, { host, port }: { host: string; port: number }, setting: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => reject(new ListenError(setting, host, port, error))
    server.once('error', failed)
    server.listen(port, host, () => {
      server.off('error', failed)
      resolve(server.address() as AddressInfo)
    })
  })
}

export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}

export interface RunningServer {
  readonly address: AddressInfo
  /** Takes no more, hands over what has arrived, and closes. */
  stop(): Promise<void>
}

import { Gauge, type Registry } from 'prom-client'

/** A number that is read when `/metrics` is: its values by label, or one value without. */
export interface Reading {
  readonly name: string
  readonly help: string
  readonly label?: string
  readonly read: () => Promise<number | Readonly<Record<string, number>>> | number | Readonly<Record<string, number>>
}

/** A reading that fails is left out: the others are still told. */
export function registerGauges(registry: Registry, readings: readonly Reading[]): void {
  for (const { name, help, label, read } of readings) {
    const gauge = new Gauge({
      name,
      help,
      labelNames: label === undefined ? [] : [label],
      registers: [registry],
      async collect() {
        gauge.reset()
        const values = await Promise.resolve()
          .then(read)
          .catch(() => undefined)
        if (typeof values === 'number') gauge.set(values)
        else for (const [key, value] of Object.entries(values ?? {})) gauge.set({ [label!]: key }, value)
      },
    })
  }
}

import { expect, it } from 'vitest'
import { killRounds } from '../../analyzer/src/storage/duckdb/kill-rounds.testing.ts'

/** `VONGGAC_KILLS=100 npm run test:chaos -- store-kills`: a kill takes two to three seconds. */
const kills = Number(process.env['VONGGAC_KILLS'] ?? 20)
const seed = Number(process.env['VONGGAC_SEED'] ?? 1)

it(
  `kill -9, ${kills} times, while events arrive, become segments, are merged, deleted and backed up: none is lost or doubled`,
  { timeout: 60_000 + kills * 20_000 },
  async () => {
    const { done } = await killRounds(kills, seed)
    console.log(
      `${kills} kills (seed ${seed}) among ${Object.entries(done)
        .map(([what, times]) => `${times} × ${what}`)
        .join(', ')}`,
    )
    for (const what of ['flush', 'compact', 'retain', 'back-up']) expect(done[what], what).toBeGreaterThan(0)
  },
)

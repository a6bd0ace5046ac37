import fc from 'fast-check'

/** Property tests draw the same cases in every run: what fails tells of the change, not of luck. `VONGGAC_SEED=N npm test` draws others. */
fc.configureGlobal({ seed: Number(process.env['VONGGAC_SEED'] ?? 20_261_122) })

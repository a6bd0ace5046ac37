import type { ReactNode } from 'react'
import classes from './facts.module.css'

/** Names and values in two columns; a fact without a value says so with a dash. */
export function Facts({ facts }: { facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value]) => (
        <div key={name} className={classes.fact}>
          <dt>{name}</dt>
          <dd>
            {Array.isArray(value)
              ? value.length > 0
                ? value.map((one, index) => (
                    <span key={index} className={classes.one}>
                      {one}
                    </span>
                  ))
                : '–'
              : (value ?? '–')}
          </dd>
        </div>
      ))}
    </dl>
  )
}

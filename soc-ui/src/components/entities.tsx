import classes from './entities.module.css'

/** Addresses, accounts or hosts in a tight place: the first, and how many more. */
export function Entities({ values, none = '–' }: { values: readonly string[]; none?: string }) {
  const [first, ...others] = values
  if (first === undefined) return <span className={classes.none}>{none}</span>
  return (
    <span className={classes.entities} title={values.join(', ')}>
      <span className={classes.first}>{first}</span>
      {others.length > 0 && <span className={classes.more}>+{others.length}</span>}
    </span>
  )
}

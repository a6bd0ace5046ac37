import classes from './view-tabs.module.css'

interface ViewTabsProps<T extends string> {
  readonly label: string
  readonly value: T
  readonly views: readonly { readonly value: T; readonly label: string; readonly count?: string | undefined }[]
  readonly onChange: (value: T) => void
}

/** The views of a list, one of them pressed, with how much each holds. */
export function ViewTabs<T extends string>({ label, value, views, onChange }: ViewTabsProps<T>) {
  return (
    <div className={classes.views} role="group" aria-label={label}>
      {views.map((view) => (
        <button
          key={view.value}
          type="button"
          className={classes.view}
          aria-pressed={view.value === value}
          onClick={() => onChange(view.value)}
          data-testid={`view-${view.value}`}
        >
          {view.label}
          {view.count !== undefined && <span className={classes.count}>{view.count}</span>}
        </button>
      ))}
    </div>
  )
}

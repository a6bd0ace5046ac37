import { fields, type Scalar } from '@vonggac/contract'
import { useEffect, useState, type RefObject } from 'react'
import { ValueButtons, type Narrow } from './value-buttons.tsx'
import classes from './cell-tools.module.css'

interface Target {
  readonly field: string
  readonly value: Scalar
  readonly top: number
  readonly left: number
}

/**
 * The buttons of the value under the pointer: one pair for the whole table, since thousands of hidden ones would make it slow. For the mouse alone;
 * the keyboard has the same buttons in the opened event.
 */
export function CellTools({ frame, valueOf, onNarrow }: CellToolsProps) {
  const [target, setTarget] = useState<Target>()
  useEffect(() => {
    const box = frame.current
    if (!box) return
    const follow = (event: MouseEvent) => {
      const at = event.target as Element
      if (at.closest(`.${classes.tools}`)) return
      const cell = at.closest('td')?.querySelector<HTMLElement>('[data-field]')
      const field = cell?.dataset['field']
      const value = cell && field ? valueOf(cell.dataset['rowId'] ?? '', field) : undefined
      if (!cell || !field || value === undefined || field === fields.original) return setTarget(undefined)
      const place = cell.closest('td')!.getBoundingClientRect()
      const outer = box.getBoundingClientRect()
      setTarget({ field, value, top: place.bottom - outer.top, left: place.right - outer.left + box.scrollLeft })
    }
    const leave = () => setTarget(undefined)
    box.addEventListener('mouseover', follow)
    box.addEventListener('mouseleave', leave)
    return () => {
      box.removeEventListener('mouseover', follow)
      box.removeEventListener('mouseleave', leave)
    }
  }, [frame, valueOf])
  return (
    target && (
      <div className={classes.tools} style={{ top: target.top, left: target.left }}>
        <ValueButtons field={target.field} value={target.value} onNarrow={onNarrow} />
      </div>
    )
  )
}

interface CellToolsProps {
  readonly frame: RefObject<HTMLElement | null>
  /** The one value of an event's field; undefined for several or none. */
  readonly valueOf: (id: string, field: string) => Scalar | undefined
  readonly onNarrow: Narrow
}

/** Conditions on a detection item. */
import type { DetectionItem } from '../syntax/document.ts'
import { readText } from '../syntax/fields.ts'
import type { CheckFactories } from './conditions.ts'

export const itemConditions: CheckFactories<DetectionItem> = {
  processing_item_applied: (parameters, findings) => {
    const id = readText(parameters, 'processing_item_id', findings) ?? ''
    return (item) => item.applied?.has(id) === true
  },
}

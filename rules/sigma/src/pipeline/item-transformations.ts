/** Transformations of detection items and their values. */
import { requireText, type TransformationFactory } from './field-transformations.ts'

export const itemTransformations: Readonly<Record<string, TransformationFactory>> = {
  drop_detection_item: () => ({ level: 'item', apply: () => undefined }),
  detection_item_failure: (parameters, findings) => {
    const message = requireText(parameters, 'message', findings)
    return {
      level: 'item',
      apply: (item, state) => {
        state.findings.error('not-applicable', item.at, item.field === undefined ? message : `${message} (field "${item.field}")`, {
          field: item.field,
        })
        return item
      },
    }
  },
}

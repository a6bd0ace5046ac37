/** Transformations of detection items and their values. */
import { readText } from '../syntax/fields.ts'
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
  strict_field_mapping_failure: (parameters, findings) => {
    const message = readText(parameters, 'message', findings) ?? 'The events of this log source have no such field'
    return {
      level: 'item',
      apply: (item, state) => {
        if (item.field !== undefined && !state.mapped.has(item.field))
          state.findings.error('not-applicable', item.at, `${message}: "${item.field}".`, { field: item.field })
        return item
      },
    }
  },
}

import type { Detection, DetectionItem } from './document.ts'

/** Every item of some detections, at any depth, in the order written. */
export function* itemsOf(detections: Iterable<Detection>): Iterable<DetectionItem> {
  for (const detection of detections) {
    if (detection.kind === 'item') yield detection
    else yield* itemsOf(detection.of)
  }
}

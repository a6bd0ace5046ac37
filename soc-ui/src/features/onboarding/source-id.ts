import { slugOf } from '../../lib/slug.ts'

/** The id that a source's name suggests: `Tường lửa Trung tâm dữ liệu` is `tuong-lua-trung-tam-du-lieu`. */
export function sourceIdOf(name: string): string {
  return slugOf(name).slice(0, 40).replace(/-+$/, '')
}

import { fold } from '../../lib/fold.ts'

/** A name as an id: `Tường lửa Trung tâm dữ liệu` is `tuong-lua-trung-tam-du-lieu`. Empty where nothing of the name can stand in one. */
export function slugOf(name: string): string {
  return fold(name)
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 40)
    .replace(/-+$/, '')
}

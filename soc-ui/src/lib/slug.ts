import { fold } from './fold.ts'

/** A name in letters and digits that every system keeps as they are: `Đăng nhập lạ` is `dang-nhap-la`. Empty where nothing of it can stand there. */
export function slugOf(name: string, joint: '-' | '_' = '-'): string {
  return fold(name)
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
    .join(joint)
}

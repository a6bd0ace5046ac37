/** For searching as people type: lower case, without Vietnamese marks. `đ` is folded by hand, since Unicode does not take it for a marked `d`. */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('đ', 'd')
}

/** What an alert's rule is, by its id: a rule of a pack, a saved hunt (`hunt:…`), or the watch over sources and the ledger (`watch:…`). */

/** What the watch finds it finds in the ledger and not in events: it has no conditions to show. */
export function isWatch(rule: string): boolean {
  return rule.startsWith('watch:')
}

/** Only rules of packs are among the rules. */
export function hasRulePage(rule: string): boolean {
  return !isWatch(rule) && !rule.startsWith('hunt:')
}

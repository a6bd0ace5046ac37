import { expect, it } from 'vitest'
import { errorCatalogue } from '@vonggac/contract'
import { en } from './en/index.ts'
import { vi } from './vi/index.ts'

type Tree = { readonly [key: string]: string | Tree }

/** Every text by its path. */
function leaves(tree: Tree, path = ''): Map<string, string> {
  const all = new Map<string, string>()
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') all.set(path + key, value)
    else for (const [inner, text] of leaves(value, `${path}${key}.`)) all.set(inner, text)
  }
  return all
}
const texts = { vi: leaves(vi), en: leaves(en) }
const placeholdersOf = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).toSorted()

it('has the same keys in both languages', () => {
  expect([...texts.en.keys()]).toEqual([...texts.vi.keys()])
})

it('has the same placeholders in both languages', () => {
  for (const [key, text] of texts.vi) expect([key, placeholdersOf(texts.en.get(key) ?? '')]).toEqual([key, placeholdersOf(text)])
})

it('leaves no text empty or untidy', () => {
  for (const language of ['vi', 'en'] as const) {
    for (const [key, text] of texts[language])
      expect([key, text]).toEqual([key, text.trim().replace(/ {2,}/g, ' ').normalize('NFC') || 'empty'])
  }
})

it('has a title for every error of the API', () => {
  expect(Object.keys(vi.errors)).toEqual(expect.arrayContaining(Object.keys(errorCatalogue)))
})

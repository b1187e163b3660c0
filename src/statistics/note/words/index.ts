import type { Language } from '../../press/index.ts'
import { arabic } from './arabic.ts'
import { english } from './english.ts'
import { french } from './french.ts'
import type { NoteWords } from './words.ts'

export const wordsOf: Readonly<Record<Language, NoteWords>> = {
  fr: french,
  ar: arabic,
  en: english,
}
export type { NoteWords, Told } from './words.ts'

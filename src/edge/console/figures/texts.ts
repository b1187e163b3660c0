import type { Language } from '../../../statistics/press/index.ts'
import { arabic } from './texts-ar.ts'
import { english } from './texts-en.ts'
import { french } from './texts-fr.ts'
import type { Texts } from './words.ts'

export const texts: Readonly<Record<Language, Texts>> = { fr: french, ar: arabic, en: english }

export const languageNames: Readonly<Record<Language, string>> = {
  fr: 'Français',
  ar: 'العربية',
  en: 'English',
}

import type { Language } from '../checkout/session.ts'
import type { Texts } from './sentences.ts'
import { arabic } from './texts-ar.ts'
import { english } from './texts-en.ts'
import { french } from './texts-fr.ts'

export const texts: Readonly<Record<Language, Texts>> = {
  fr: french,
  en: english,
  ar: arabic,
}

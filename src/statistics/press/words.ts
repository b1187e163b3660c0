import type { Month } from '../period.ts'
import type { Language } from './number.ts'

/** Months as each language of the country calls them. */
const months: Readonly<Record<Language, readonly string[]>> = {
  fr: [
    ...['janvier', 'février', 'mars', 'avril', 'mai', 'juin'],
    ...['juillet', 'août', 'septembre', 'octobre', 'novembre', 'décembre'],
  ],
  ar: [
    ...['يناير', 'فبراير', 'مارس', 'أبريل', 'ماي', 'يونيو'],
    ...['يوليوز', 'غشت', 'شتنبر', 'أكتوبر', 'نونبر', 'دجنبر'],
  ],
  en: [
    ...['January', 'February', 'March', 'April', 'May', 'June'],
    ...['July', 'August', 'September', 'October', 'November', 'December'],
  ],
}

const shortMonths: Readonly<Record<Language, readonly string[]>> = {
  fr: [
    'janv.',
    'févr.',
    'mars',
    'avr.',
    'mai',
    'juin',
    'juil.',
    'août',
    'sept.',
    'oct.',
    'nov.',
    'déc.',
  ],
  ar: months.ar,
  en: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
}

/** Monday first. */
const weekdays: Readonly<Record<Language, readonly string[]>> = {
  fr: ['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi', 'dimanche'],
  ar: ['الإثنين', 'الثلاثاء', 'الأربعاء', 'الخميس', 'الجمعة', 'السبت', 'الأحد'],
  en: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
}

const numberOf = (month: Month): number => Number(month.slice(5))

/** `septembre`. */
export const monthName = (month: Month, language: Language): string =>
  months[language][numberOf(month) - 1] ?? month

/** `septembre 2013`. */
export const monthText = (month: Month, language: Language): string =>
  `${monthName(month, language)} ${month.slice(0, 4)}`

/** `sept.`, under a column of a chart. */
export const shortMonth = (month: Month, language: Language): string =>
  shortMonths[language][numberOf(month) - 1] ?? month

/** From `1`, Monday. */
export const weekdayName = (isoDay: number, language: Language): string =>
  weekdays[language][isoDay - 1] ?? String(isoDay)

type Words = Readonly<Record<Language, string>>

/** The values of the dimensions, as a reader knows them. */
const values: Readonly<Record<string, Readonly<Record<string, Words>>>> = {
  channel: {
    internet: { fr: 'Internet', ar: 'الإنترنت', en: 'Internet' },
    terminal: { fr: 'terminaux (TPE)', ar: 'أجهزة الأداء', en: 'terminals' },
  },
  cardOrigin: {
    moroccan: { fr: 'cartes marocaines', ar: 'البطاقات المغربية', en: 'Moroccan cards' },
    foreign: { fr: 'cartes étrangères', ar: 'البطاقات الأجنبية', en: 'foreign cards' },
  },
  gateway: {
    cmi: { fr: 'CMI', ar: 'CMI', en: 'CMI' },
    'maroc-telecommerce': {
      ...{ fr: 'Maroc Telecommerce', ar: 'Maroc Telecommerce', en: 'Maroc Telecommerce' },
    },
    none: { fr: 'terminaux', ar: 'أجهزة الأداء', en: 'terminals' },
  },
  brand: {
    visa: { fr: 'Visa', ar: 'Visa', en: 'Visa' },
    mastercard: { fr: 'Mastercard', ar: 'Mastercard', en: 'Mastercard' },
    cmi: { fr: 'marque nationale', ar: 'العلامة الوطنية', en: 'national brand' },
  },
  sector: {
    billers: { fr: 'grands facturiers', ar: 'كبار المفوترين', en: 'billers' },
    airlines: { fr: 'compagnies aériennes', ar: 'شركات الطيران', en: 'airlines' },
    'financial-services': {
      ...{ fr: 'services financiers', ar: 'الخدمات المالية', en: 'financial services' },
    },
    deals: { fr: 'sites de deals', ar: 'مواقع العروض', en: 'deals sites' },
    'e-government': { fr: 'e-gouvernement', ar: 'الإدارة الإلكترونية', en: 'e-government' },
    other: { fr: 'autres secteurs', ar: 'قطاعات أخرى', en: 'other sectors' },
    retail: { fr: 'grande distribution', ar: 'المتاجر الكبرى', en: 'retail' },
    hotels: { fr: 'hôtellerie', ar: 'الفنادق', en: 'hotels' },
    restaurants: { fr: 'restauration', ar: 'المطاعم', en: 'restaurants' },
    clothing: { fr: 'habillement', ar: 'الملابس', en: 'clothing' },
    fuel: { fr: 'stations-service', ar: 'محطات الوقود', en: 'fuel' },
    health: { fr: 'santé', ar: 'الصحة', en: 'health' },
    furniture: { fr: 'ameublement', ar: 'الأثاث', en: 'furniture' },
    electronics: { fr: 'électroménager', ar: 'الأجهزة الإلكترونية', en: 'electronics' },
  },
}

/** The value itself where it has no other name: a merchant, a site, a bank. */
export const valueText = (dimension: string, value: string, language: Language): string =>
  values[dimension]?.[value]?.[language] ?? value.replaceAll('-', ' ')

/** With a capital, where it begins a line; Arabic has none. */
export const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)

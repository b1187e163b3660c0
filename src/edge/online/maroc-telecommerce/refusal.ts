/** Why a form is not accepted. Codes are stable and never reused. */
export type RefusalCode =
  'MTC-1001' | 'MTC-0001' | 'MTC-0002' | 'MTC-0003' | 'MTC-0004' | 'MTC-0006'

export type FormRefusal = {
  readonly code: RefusalCode
  readonly field: string | null
  readonly rule: { readonly fr: string; readonly en: string }
}

export const wrongChecksum: FormRefusal = {
  code: 'MTC-1001',
  field: 'checksum',
  rule: {
    fr: 'Code de contrôle erroné : il ne correspond ni à l’adresse appelée, ni au panier, ni au secret du site.',
    en: 'Wrong checksum: it matches neither the address called, nor the cart, nor the site’s secret.',
  },
}

export const unreadable = (field: string | null, rule: string): FormRefusal => ({
  code: 'MTC-0001',
  field,
  rule: { fr: `Formulaire illisible : ${rule}`, en: `The form cannot be read: ${rule}` },
})

export const notPosted: FormRefusal = {
  code: 'MTC-0001',
  field: null,
  rule: {
    fr: 'Cette adresse attend le formulaire d’une boutique, envoyé par POST.',
    en: 'This address expects a shop’s form, sent by POST.',
  },
}

export const unknownStore: FormRefusal = {
  code: 'MTC-0002',
  field: 'storeId',
  rule: { fr: 'Site marchand inconnu.', en: 'No such merchant site.' },
}

export const missing = (field: string): FormRefusal => ({
  code: 'MTC-0003',
  field,
  rule: { fr: `Le champ ${field} est obligatoire.`, en: `The field ${field} is required.` },
})

export const invalid = (field: string, fr: string, en: string): FormRefusal => ({
  code: 'MTC-0004',
  field,
  rule: { fr, en },
})

/** Kept nowhere: a form is stored for its echo. */
export const cardData = (field: string): FormRefusal => ({
  code: 'MTC-0006',
  field,
  rule: {
    fr: 'La carte se saisit ici : un site n’envoie ni son numéro ni son code.',
    en: 'The card is entered here: a site sends neither its number nor its code.',
  },
})

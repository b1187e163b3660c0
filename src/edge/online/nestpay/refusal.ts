/**
 * Why a form is not accepted. Codes are stable and never reused; `3D-1004` is the gateway's own for
 * a wrong hash, the others are ours.
 */
export type RefusalCode =
  '3D-1004' | 'FORM-0001' | 'FORM-0002' | 'FORM-0003' | 'FORM-0004' | 'FORM-0005' | 'FORM-0006'

export type FormRefusal = {
  readonly code: RefusalCode
  readonly field: string | null
  readonly rule: { readonly fr: string; readonly en: string }
}

export const wrongHash: FormRefusal = {
  code: '3D-1004',
  field: 'hash',
  rule: {
    fr: 'Code de sécurité erroné : la signature ne correspond pas aux champs et à la clé du site (hashAlgorithm ver3 ; ver1 et ver2 seulement si le site les autorise).',
    en: 'Wrong security code: the hash does not match the fields and the site’s store key (hashAlgorithm ver3; ver1 and ver2 only where the site allows them).',
  },
}

export const unreadable = (field: string | null, rule: string): FormRefusal => ({
  code: 'FORM-0001',
  field,
  rule: { fr: `Formulaire illisible : ${rule}`, en: `The form cannot be read: ${rule}` },
})

export const notPosted: FormRefusal = {
  code: 'FORM-0001',
  field: null,
  rule: {
    fr: 'Cette adresse attend le formulaire d’une boutique, envoyé par POST.',
    en: 'This address expects a shop’s form, sent by POST.',
  },
}

export const unknownSite: FormRefusal = {
  code: 'FORM-0002',
  field: 'clientid',
  rule: { fr: 'Site marchand inconnu.', en: 'No such merchant site.' },
}

export const missing = (field: string): FormRefusal => ({
  code: 'FORM-0003',
  field,
  rule: { fr: `Le champ ${field} est obligatoire.`, en: `The field ${field} is required.` },
})

export const invalid = (field: string, fr: string, en: string): FormRefusal => ({
  code: 'FORM-0004',
  field,
  rule: { fr, en },
})

export const wrongCurrency: FormRefusal = {
  code: 'FORM-0005',
  field: 'currency',
  rule: {
    fr: 'Cette devise n’est pas celle du site.',
    en: 'This is not the currency of the site.',
  },
}

/** Kept nowhere: a form is stored for its echo. */
export const cardData = (field: string): FormRefusal => ({
  code: 'FORM-0006',
  field,
  rule: {
    fr: 'La carte se saisit ici : un site n’envoie ni son numéro ni son code.',
    en: 'The card is entered here: a site sends neither its number nor its code.',
  },
})

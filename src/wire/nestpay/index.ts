/** The CMI gateway's form protocol (Nestpay/EST): fields, forms, the ver3 hash. Pure. */
export { field, findField, textOf, trimBytes, type Field } from './field.ts'
export { compareNatural } from './natural-order.ts'
export { parseForm } from './form.ts'
export type { FormError } from './form-field.ts'
export { readUrlencoded } from './urlencoded.ts'
export { hashVer3, matchVer3, canonicalVariant, type HashVariant } from './hash-ver3.ts'
export { isSignedBy, matchOld, type OldVersion } from './hash-old.ts'
export { encodeForm, hashVersionOf, mangledName, signFields, type HashVersion } from './outbound.ts'

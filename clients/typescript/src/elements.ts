/** What `/elements.js` of a centre puts on `window`: the card fields in a frame of its own. */
export type ElementsLanguage = 'fr' | 'ar' | 'en'

export type CardError = {
  readonly code: string
  /** In the frame's language, to be shown to the customer. */
  readonly message: string
  readonly field: 'number' | 'expiry' | 'cvc' | 'name' | null
}

export type Tokenized =
  | { readonly token: string; readonly error?: undefined }
  | { readonly error: CardError; readonly token?: undefined }

export type CardElement = {
  tokenize(): Promise<Tokenized>
  focus(): void
  destroy(): void
}

export type CardOptions = {
  readonly language?: ElementsLanguage
  /** Enter was typed in a field. */
  readonly onSubmit?: () => void
}

/** `element` is one of the page, or a selector of it. */
export type Elements = { card(element: object | string, options?: CardOptions): CardElement }

export type MonetiqueElements = (publishableKey: string) => Elements

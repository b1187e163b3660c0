import { createHash } from 'node:crypto'
import { elementsScript } from './elements-script.ts'
import { cardScript } from './card-script.ts'
import { frameScript } from './frame-script.ts'

/** A script of ours that a page may run: named by its hash in the page's policy, and no other runs. */
export type PageScript = {
  readonly name: string
  /** Why the page needs it [PCI-DSS 6.4.3]. */
  readonly purpose: string
  readonly source: string
  /** `sha256-…`, as a Content-Security-Policy and Subresource Integrity write it. */
  readonly integrity: string
}

function pageScript(name: string, purpose: string, source: string): PageScript {
  const digest = createHash('sha256').update(source).digest('base64')
  return { name, purpose, source, integrity: `sha256-${digest}` }
}

/** Groups the number, names the brand, says what is wrong beside each field. */
export const cardFields = pageScript(
  'card-fields',
  'Helps to type a card; it sends nothing and reads nothing but the four fields',
  cardScript,
)

/** The answer to a POST becomes a page that "back" and "reload" get again without posting a card. */
const keepAddress = `history.replaceState(null,'',location.href)`

export const keepPage = pageScript(
  'keep-page',
  'Makes reload and back ask for the page again, so that no card is posted twice',
  keepAddress,
)

export const leaveByItself = pageScript(
  'leave-by-itself',
  'Sends the customer back to the shop with the result, after the seconds that the form says',
  `${keepAddress};(function(){var f=document.getElementById('back');` +
    `setTimeout(function(){f.submit()},1000*f.getAttribute('data-seconds'))})()`,
)

/** In the frame of a shop's own page. */
export const frameToken = pageScript(
  'frame-token',
  'Exchanges the card typed in the frame for a token, here, and tells the shop’s page the token alone',
  frameScript,
)

/** Runs in the shop's page, where no card is. */
export const elements = pageScript(
  'elements',
  'Puts the frame with the card fields into a shop’s page, and hands the page its token',
  elementsScript,
)

/** Every script of every page about a payment. */
export const inventory: readonly PageScript[] = [
  cardFields,
  keepPage,
  leaveByItself,
  frameToken,
  elements,
]

import { html, type Html } from '../../../wire/html/index.ts'

/** One chart, the table that it draws, and its numbers for a spreadsheet. */
export type Section = {
  /** In the address of its download. */
  readonly id: string
  /** What the figures say: a sentence, as a newspaper's. */
  readonly heading: string
  /** What is drawn, in which unit. */
  readonly note: string
  readonly chart: (width: number) => Html
  readonly table: Table
  /** The same with every digit, dots for decimals, and the names of the API. */
  readonly csv: Table
}

export type Table = {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** The widths at which charts are drawn: a desk's and a phone's, the other one hidden. */
const widths = [
  ['wide', 520],
  ['narrow', 340],
] as const

export function renderSection(
  section: Section,
  words: { readonly table: string; readonly download: string; readonly href: string },
): Html {
  const { id, heading, note, chart, table } = section
  return html`<section id="${id}">
    <h2>${heading}</h2>
    <p class="note">${note}</p>
    ${widths.map(([name, width]) => html`<div class="${name}">${chart(width)}</div>`)}
    <details>
      <summary>${words.table}</summary>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              ${table.head.map((cell) => html`<th scope="col">${cell}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${table.rows.map(
              ([name = '', ...cells]) =>
                html`<tr>
                  <th scope="row">${name}</th>
                  ${cells.map((cell) => html`<td><bdi dir="ltr">${cell}</bdi></td>`)}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>
    <p class="download"><a href="${words.href}" download>${words.download}</a></p>
  </section>`
}

/** [RFC4180] */
export const csvText = ({ head, rows }: Table): string =>
  [head, ...rows].map((row) => `${row.map(csvCell).join(',')}\r\n`).join('')

const csvCell = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text

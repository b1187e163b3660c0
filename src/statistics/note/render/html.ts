import { html, Html } from '../../../wire/html/index.ts'
import type { Block, Figure, Legend, Note, TableBlock, Text } from '../document.ts'
import { plainText } from '../document.ts'
import { noteStyle } from './style.ts'

/**
 * One file that needs nothing else. Whatever text it is given is escaped, and the policy in it lets
 * nothing be fetched nor run, should that ever not be enough.
 */
export function noteToHtml(note: Note): string {
  const direction = note.language === 'ar' ? 'rtl' : 'ltr'
  const page = html`<html lang="${note.language}" dir="${direction}">
    <head>
      <meta charset="utf-8" />
      <meta
        http-equiv="Content-Security-Policy"
        content="default-src 'none'; style-src 'unsafe-inline'"
      />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>${plainText(note.title)}</title>
      <style>
        ${new Html(noteStyle(note.language === 'ar' ? ' من ' : ' / '))}
      </style>
    </head>
    <body>
      <header>
        <div class="top"><b>${note.centre}</b><span>${note.kind}</span></div>
        <h1>${inline(note.title)}</h1>
        <p class="date">${inline(note.dateLine)}</p>
        ${note.mark === null ? null : html`<p class="mark">${note.mark}</p>`}
      </header>
      <main>${note.blocks.map(blockToHtml)}</main>
    </body>
  </html> `
  return `<!doctype html>\n${page.text}`
}

const inline = (text: Text): readonly Html[] =>
  text.map((one) => (typeof one === 'string' ? html`${one}` : figureToHtml(one)))

/**
 * [UAX9] Signs and percents beside a number take the direction of the line: alone in its isolate, a
 * figure keeps its order. One with Arabic words in it is read from the right like its line.
 */
const figureToHtml = ({ figure }: Figure): Html =>
  html`<bdi dir="${/[\u0600-\u06ff]/.test(figure) ? 'rtl' : 'ltr'}">${figure}</bdi>`

function blockToHtml(block: Block): Html {
  switch (block.kind) {
    case 'heading':
      return html`<h2 class="${block.apart ? 'apart' : 'here'}">${block.text}</h2> `
    case 'notice':
    case 'lead':
    case 'small':
      return html`<p class="${block.kind}">${inline(block.text)}</p> `
    case 'paragraph':
      return html`<p>${inline(block.text)}</p> `
    case 'highlights':
      return html`<dl class="highlights">
        ${block.items.map(
          ({ label, period, value, detail }) =>
            html`<div>
              <dt>${label}<br />${period}</dt>
              <dd class="big">${figureToHtml(value)}</dd>
              <dd class="more">${inline(detail)}</dd>
            </div> `,
        )}
      </dl> `
    case 'chart':
      return html`<figure>
        <figcaption>
          <b>${block.title}</b> <span class="legend">${block.legend.map(legendToHtml)}</span>
        </figcaption>
        ${block.svg}${block.note === null ? null : html`<p class="small">${inline(block.note)}</p>`}
      </figure> `
    case 'table':
      return tableToHtml(block)
  }
}

const legendToHtml = ({ mark, text }: Legend): Html =>
  html`<span><i class="${mark}"></i>${text}</span>`

function tableToHtml({ title, columns, groups, note }: TableBlock): Html {
  const kind = columns.length > 8 ? 'wide' : columns.length < 5 ? 'dense' : 'points'
  return html`<section class="table ${kind}">
    <h3>${title}</h3>
    <table>
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col">${column}</th>`)}
        </tr>
      </thead>
      ${groups.map(
        (group) =>
          html`<tbody>
            ${
              group.title === null
                ? null
                : html`<tr class="group">
                    <th scope="rowgroup" colspan="${columns.length}">${group.title}</th>
                  </tr> `
            }${group.rows.map(
              ({ label, cells, strong }) =>
                html`<tr class="${strong ? 'strong' : 'part'}">
                  <th scope="row">${label}</th>
                  ${cells.map((cell) => html`<td>${inline(cell)}</td>`)}
                </tr> `,
            )}
          </tbody> `,
      )}
    </table>
    ${note === null ? null : html`<p class="small">${inline(note)}</p>`}
  </section> `
}

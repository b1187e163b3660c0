import { MAD } from '../../../kernel/currency.ts'
import type { Month, PublishedTable, TableRow } from '../../../statistics/index.ts'
import {
  amountText,
  capital,
  countText,
  languages,
  monthText,
  valueText,
  wholeText,
  type Language,
} from '../../../statistics/press/index.ts'
import { html, type Html } from '../../../wire/html/index.ts'
import { addressOf, filterNames, filterValues, type Asked, type FilterName } from './asked.ts'
import type { Gathered } from './gather.ts'
import { growthCell } from './measure.ts'
import { renderSection, type Section } from './section.ts'
import { languageNames, texts } from './texts.ts'
import type { Texts } from './words.ts'

/** Where the page is, and which months it may show. */
export type Place = { readonly path: string; readonly months: readonly Month[] }

export function figuresPage(
  place: Place,
  asked: Asked,
  { month, table }: Gathered,
  sections: readonly Section[],
): Html {
  const { language } = asked
  const t = texts[language]
  const shown = { ...asked, month }
  const state = table.provisional
    ? html`<p class="state open">${t.provisional(table.asOf.slice(0, 16).replace('T', ' '))}</p>`
    : html`<p class="state">${t.final}</p>`
  return document(
    place,
    shown,
    html`<h1>${t.title}${t.comma} ${monthText(month, language)}</h1>
      ${state} ${besides(table, t)} ${headlines(table, t, language)} ${filterForm(place, shown, t)}
      <div class="charts">
        ${sections.map((section) =>
          renderSection(section, {
            table: t.table,
            download: t.download,
            href: addressOf(`${place.path}/${section.id}.csv`, shown),
          }),
        )}
      </div>`,
  )
}

function besides({ currencies }: PublishedTable, t: Texts): Html | null {
  const others = currencies.filter((currency) => currency !== MAD)
  return others.length === 0 ? null : html`<p class="state">${t.besides(others.join(', '))}</p>`
}

/** In place of the figures: what is wrong, or that there are none. */
export function plainPage(
  place: Place,
  asked: Asked,
  said: { readonly title: string; readonly text: string },
): Html {
  const t = texts[asked.language]
  const form = place.months.length === 0 ? null : filterForm(place, asked, t)
  return document(
    place,
    asked,
    html`<h1>${said.title}</h1>
      <p>${said.text}</p>
      ${form}`,
  )
}

function document(place: Place, asked: Asked, body: Html): Html {
  const { language } = asked
  const t = texts[language]
  return html`<header>
      <span class="centre">${t.centre}</span>
      <nav>
        ${languages.map((each) => {
          const href = addressOf(place.path, asked, { language: each })
          return each === language
            ? html`<a href="${href}" lang="${each}" aria-current="true">${languageNames[each]}</a>`
            : html`<a href="${href}" lang="${each}">${languageNames[each]}</a>`
        })}
      </nav>
    </header>
    <main>${body}</main>`
}

/** The published table's own first lines, for the month and for the year so far. */
function headlines(table: PublishedTable, t: Texts, language: Language): Html {
  const month = monthText(table.month, language)
  const row = (id: string): TableRow | undefined => table.rows.find((each) => each.id === id)
  const figure = (label: string, count: TableRow | undefined, amount: TableRow | undefined): Html =>
    html`<div>
      <dt>${label}</dt>
      <dd>
        ${countText(count?.value ?? 0n, language)}
        <small>${grown(t.operations, count, t, language)}</small>
      </dd>
      <dd>
        ${amountText(amount?.value ?? 0n, language)}
        <small>${grown(t.amount, amount, t, language)}</small>
      </dd>
    </div>`
  const sites = row('ytd.internet.activeSites')
  return html`<div class="heads">
    ${(['month', 'ytd'] as const).map(
      (period) =>
        html`<div>
          <h2>${period === 'month' ? t.inMonth(month) : t.inYear(month)}</h2>
          <dl>
            ${figure(t.headlines.all, row(`${period}.all.count`), row(`${period}.all.amount`))}
            ${figure(
              t.headlines.internet,
              row(`${period}.internet.count`),
              row(`${period}.internet.amount`),
            )}
            ${
              period === 'month' || sites === undefined
                ? null
                : html`<div>
                    <dt>${t.headlines.sites}</dt>
                    <dd>
                      ${wholeText(sites.value ?? 0n, language)}
                      <small
                        ><bdi dir="ltr">${growthCell(sites.growthPct, language)}</bdi>
                        ${t.onAYear}</small
                      >
                    </dd>
                  </div>`
            }
          </dl>
        </div>`,
    )}
  </div>`
}

const grown = (unit: string, row: TableRow | undefined, t: Texts, language: Language): Html => {
  const growth = growthCell(row?.growthPct ?? null, language)
  return growth === ''
    ? html`${unit}`
    : html`${unit}${t.comma} <bdi dir="ltr">${growth}</bdi> ${t.onAYear}`
}

/** A plain form: every choice is in the address, so that it can be sent to somebody. */
function filterForm({ path, months }: Place, asked: Asked, t: Texts): Html {
  const { language, measure, filters } = asked
  const option = (value: string, text: string, chosen: boolean): Html =>
    chosen
      ? html`<option value="${value}" selected>${text}</option>`
      : html`<option value="${value}">${text}</option>`
  const select = (name: FilterName | 'month' | 'measure', options: readonly Html[]): Html =>
    html`<label
      >${t.filters[name]}<br /><select name="${name}">
        ${options}
      </select></label
    >`
  return html`<form method="get" action="${path}">
    <input type="hidden" name="lang" value="${language}" />
    ${select(
      'month',
      months.map((each) => option(each, monthText(each, language), each === asked.month)),
    )}
    ${select(
      'measure',
      (['count', 'amount'] as const).map((each) =>
        option(each, t.measures[each], each === measure),
      ),
    )}
    ${filterNames.map((name) =>
      select(name, [
        option('', t.all, filters[name] === undefined),
        ...filterValues[name].map((value) =>
          option(value, capital(valueText(name, value, language)), filters[name] === value),
        ),
      ]),
    )}
    <button>${t.show}</button>
  </form>`
}

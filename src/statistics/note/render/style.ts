import { chartStyle } from '../../charts/index.ts'

const textStyle = `
:root{--ink:#16222e;--muted:#5b6875;--grid:#dde3e8;--paper:#fff;--ground:#eef1f4;--now:#0b5d66;
--before:#a9c6c9;--wash:#f3f7f7;--warn:#8a4b00;--warn-wash:#fff5e6;
--face:"Noto Sans","Segoe UI",system-ui,sans-serif;--display:"Noto Serif",Georgia,serif}
@media screen and (prefers-color-scheme:dark){:root{--ink:#e8edf1;--muted:#9fadb9;--grid:#2e3a45;
--paper:#141c24;--ground:#0c1218;--now:#5cc0c6;--before:#3a5f66;--wash:#1a252e;--warn:#ffc37a;
--warn-wash:#2d2212}}
[lang=ar]{--face:"Noto Sans Arabic","Noto Sans","Segoe UI",Tahoma,sans-serif;
--display:"Noto Naskh Arabic","Noto Sans Arabic",serif}
*{box-sizing:border-box}
html{background:var(--ground)}
body{margin:0 auto;max-width:210mm;padding:15mm 17mm;background:var(--paper);color:var(--ink);
font:10pt/1.5 var(--face)}
[lang=ar] body{line-height:1.75}
header{border-top:3px solid var(--now);padding-top:10px;margin-bottom:16px}
.top{display:flex;justify-content:space-between;gap:16px;color:var(--muted);font-size:8.5pt}
.top b{color:var(--now);font-weight:650}
h1{font:600 23pt/1.18 var(--display);margin:12px 0 6px;text-wrap:balance}
[lang=ar] h1{line-height:1.45;font-weight:700}
.date{color:var(--muted);margin:0;font-size:9.5pt}
.mark{display:inline-block;margin:8px 0 0;padding:1px 9px;border:1.5px solid var(--warn);
color:var(--warn);font-weight:650;font-size:9pt;border-radius:2px}
.notice{margin:0 0 10px;padding:6px 11px;background:var(--warn-wash);
border-inline-start:3px solid var(--warn);font-size:9pt}
.lead{font:12.5pt/1.5 var(--display);margin:0 0 14px}
[lang=ar] .lead{line-height:1.85}
.highlights{display:grid;grid-template-columns:repeat(auto-fit,minmax(36mm,1fr));margin:0 0 18px;
border-block:1px solid var(--grid)}
.highlights div{padding:9px 12px}
.highlights div+div{border-inline-start:1px solid var(--grid)}
.highlights dt{color:var(--muted);font-size:7.8pt;line-height:1.35;min-height:2.7em}
.highlights dd{margin:3px 0 0}
.highlights .big{font:600 13pt/1.3 var(--display);color:var(--now)}
.highlights .more{font-size:9pt}
h2{font:600 13.5pt/1.3 var(--display);margin:20px 0 5px;color:var(--now);break-after:avoid}
h3{font:650 9.5pt/1.4 var(--face);margin:0 0 5px;break-after:avoid}
p{margin:0 0 7px;orphans:3;widows:3}
figure{margin:12px 0 16px;break-inside:avoid}
figcaption{display:flex;flex-wrap:wrap;justify-content:space-between;gap:4px 14px;margin-bottom:8px}
figcaption b{font-weight:650;font-size:9.5pt}
.legend{display:flex;gap:13px;color:var(--muted);font-size:8.5pt}
.legend i{display:inline-block;width:11px;height:11px;margin-inline-end:5px;vertical-align:-1px}
.legend .now{background:var(--now)}.legend .before{background:var(--before)}
.legend .tick{width:2px;background:var(--ink);height:13px}
.legend .band{background:var(--now);opacity:.18}
.legend .coming{height:0;width:16px;border-top:2px dashed var(--now);vertical-align:4px}
tbody{break-inside:avoid}
td{white-space:nowrap}`

const tableStyle = `
.table{margin:0 0 17px}
table{border-collapse:collapse;width:100%;font-size:8pt;line-height:1.35}
.wide table{font-size:7.4pt}
.wide th,.wide td,.dense th,.dense td{padding-block:2px}
.apart{break-before:page;margin-top:0}
th,td{padding:3px 4px;text-align:end;font-variant-numeric:tabular-nums}
th:first-child{text-align:start;padding-inline-start:0}
td:last-child,thead th:last-child{padding-inline-end:0}
[dir=rtl] th,[dir=rtl] td{text-align:start}
thead th{color:var(--muted);font-weight:500;border-bottom:1px solid var(--ink);vertical-align:bottom}
tbody th{font-weight:400}
tbody tr+tr>*{border-top:1px solid var(--grid)}
tr.group{break-after:avoid}
tr.group th{color:var(--now);font-weight:650;padding-top:8px;text-align:start}
tr.strong>*{font-weight:650}
.points td{font-size:9pt}.points th{font-size:9pt}
.small{color:var(--muted);font-size:7.8pt;border-top:1px solid var(--grid);padding-top:7px}
footer{color:var(--muted);font-size:7.8pt}`

/**
 * For a screen, light and dark, and for A4; `of` stands between a page's number and how many there
 * are. No font is fetched: what is installed is used.
 */
export const noteStyle = (of: string): string => `${textStyle}${tableStyle}
${chartStyle}
@page{size:A4;margin:15mm 17mm 16mm;
@bottom-center{content:counter(page) "${of}" counter(pages);font:8pt sans-serif;color:#5b6875}}
@media print{html{background:none}body{padding:0;max-width:none;-webkit-print-color-adjust:exact;
print-color-adjust:exact}}
@media screen and (max-width:600px){body{padding:16px}.table{overflow-x:auto}h1{font-size:19pt}}
`

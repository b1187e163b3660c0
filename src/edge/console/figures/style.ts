import { chartStyle } from '../../../statistics/charts/index.ts'

/** A page to read, as a newspaper's: one column of charts, two where there is room; light and dark. */
export const style = `*{box-sizing:border-box}
:root{color-scheme:light dark;--face:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Noto Sans Arabic",sans-serif;
--paper:#fff;--page:#f4f5f2;--ink:#17211d;--muted:#5c6863;--grid:#e2e6e3;--now:#0b6b57;--before:#b3c9c1;--line:#d9dfdb}
@media (prefers-color-scheme:dark){:root{--paper:#151b19;--page:#0e1312;--ink:#e6ece9;--muted:#9caaa4;--grid:#28322e;
--now:#3fb596;--before:#3a544b;--line:#2a3430}}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 var(--face)}
header,main,footer{max-width:74rem;margin:0 auto;padding:0 1.1rem}
header{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:baseline;gap:.4rem 1.5rem;padding-top:1.1rem}
.centre{font-weight:650}
nav a{margin-inline-start:.9rem;padding:.4rem 0}
nav [aria-current]{font-weight:700;text-decoration:none;color:var(--ink)}
a{color:var(--now)}
h1{font-size:clamp(1.7rem,4.5vw,2.6rem);line-height:1.12;letter-spacing:-.02em;margin:1.4rem 0 .3rem}
h2{font-size:1.22rem;line-height:1.25;letter-spacing:-.01em;margin:0 0 .15rem;text-wrap:balance}
.state{color:var(--muted);margin:.2rem 0 1rem;font-size:.92rem}
.state.open{color:var(--ink);border-inline-start:4px solid #c98a1b;padding-inline-start:.7rem}
form{display:flex;flex-wrap:wrap;gap:.7rem;align-items:end;margin:0 0 1.4rem}
label{display:block;font-size:.8rem;color:var(--muted)}
select,button{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--line);border-radius:.45rem;
padding:.5rem .6rem;min-height:2.75rem}
button{background:var(--now);color:var(--paper);border-color:var(--now);font-weight:650;cursor:pointer}
select:focus-visible,button:focus-visible,a:focus-visible,summary:focus-visible{outline:3px solid var(--now);outline-offset:2px}
.heads{display:grid;gap:0;border-top:2px solid var(--ink);border-bottom:1px solid var(--line);margin-bottom:1.6rem}
.heads>div{padding:.9rem 0;border-top:1px solid var(--line)}
.heads>div:first-child{border-top:0}
.heads h2{font-size:.95rem;color:var(--muted);font-weight:600}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.6rem 1.5rem;margin:.4rem 0 0}
dt{font-size:.85rem;color:var(--muted)}
dd{margin:0;font-size:clamp(1.15rem,5vw,1.5rem);line-height:1.2;font-weight:680;letter-spacing:-.015em}
dd small{display:block;font-size:.88rem;font-weight:500;letter-spacing:0;color:var(--muted)}
.charts{display:grid;gap:1.3rem;padding-bottom:2rem}
section{background:var(--paper);border:1px solid var(--line);border-radius:.6rem;padding:1.1rem 1.15rem .9rem;min-width:0}
.note{margin:0 0 .8rem;color:var(--muted);font-size:.88rem}
.wide{max-width:40rem}
.narrow{display:none}
details{margin-top:.7rem}
summary{cursor:pointer;color:var(--now);padding:.45rem 0}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.88rem;font-variant-numeric:tabular-nums}
th,td{padding:.3rem .55rem;text-align:end;border-bottom:1px solid var(--line);white-space:nowrap}
th:first-child{text-align:start}
thead th{color:var(--muted);font-weight:600}
.download{margin:.1rem 0 0;font-size:.88rem}
footer{color:var(--muted);font-size:.85rem;padding-bottom:2rem}
@media (min-width:62rem){.charts{grid-template-columns:1fr 1fr}.heads{grid-template-columns:5fr 7fr;gap:0 2.2rem}
.heads>div{border-top:0}}
@media (max-width:30rem){.wide{display:none}.narrow{display:block}form>*{flex:1 1 9rem}select,button{width:100%}}
@media print{form,nav,.download,summary{display:none}body{background:#fff}section{break-inside:avoid}}
${chartStyle}`

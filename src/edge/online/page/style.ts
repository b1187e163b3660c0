/** The look of every page of the online door: phone first, no picture, no font to fetch. */
export const style = `
*{box-sizing:border-box}
:root{--ink:#16302b;--soft:#5b6f6a;--line:#d5dfdb;--field:#fbfdfc;--brand:#0b6b57;--deep:#084c3e;
--sand:#f3efe6;--bad:#a3262a;--badbg:#fdf1f0;--good:#0b6b57}
html{-webkit-text-size-adjust:100%}
body{margin:0;min-height:100vh;background:linear-gradient(180deg,#e7f0ec 0,var(--sand) 22rem);
color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",
"Noto Sans Arabic",sans-serif;display:flex;flex-direction:column;align-items:center;padding:0 1rem}
header,main,footer{width:100%;max-width:27rem}
header{display:flex;align-items:center;justify-content:space-between;padding:.7rem .25rem .5rem;min-height:3.9rem}
.brand{display:flex;align-items:center;gap:.55rem;font-weight:650;letter-spacing:-.01em}
.brand svg{width:1.7rem;height:1.7rem;color:var(--brand)}
.safe{display:flex;align-items:center;justify-content:center;gap:.35rem}
.langs fieldset{display:flex;gap:.1rem;margin:0;margin-inline-end:-.55rem;padding:0;border:0;min-width:0}
.langs legend{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.langs button{width:auto;min-width:2.75rem;min-height:2.75rem;padding:.3rem .55rem;background:none;
color:var(--soft);font-size:.85rem;font-weight:550;border-radius:.5rem}
.langs button:hover{color:var(--ink);text-decoration:underline}
.langs [aria-current]{color:var(--brand);font-weight:700;text-decoration:underline;
text-underline-offset:.35em;text-decoration-thickness:2px}
.head{display:flex;justify-content:space-between;align-items:baseline;gap:.6rem}
.kind{font-size:.82rem;font-weight:650;color:var(--brand)}
.safe svg{width:.95rem;height:.95rem}
main{background:#fff;border-radius:1.1rem;box-shadow:0 1px 2px #16302b14,0 14px 40px -18px #16302b40;
overflow:hidden}
.order{padding:1.35rem 1.4rem 1.2rem;border-bottom:1px solid var(--line);background:#fcfdfc}
.shop{margin:0;font-weight:600;overflow-wrap:anywhere}
.amount{margin:.1rem 0 0;font-size:2.05rem;line-height:1.2;font-weight:680;letter-spacing:-.02em;
font-variant-numeric:tabular-nums}
.ref{margin:.2rem 0 0;font-size:.85rem;color:var(--soft);overflow-wrap:anywhere}
.body{padding:1.3rem 1.4rem 1.5rem}
h1{font-size:1.2rem;line-height:1.3;margin:0 0 .6rem;letter-spacing:-.01em}
h2{font-size:1.02rem;margin:1.5rem 0 .3rem}
a{color:var(--brand)}
p{margin:.5rem 0}
small{font-size:.55em;font-weight:550;letter-spacing:0}
label{display:block;font-size:.87rem;font-weight:600;margin:0 0 .3rem}
.opt{font-weight:400;color:var(--soft)}
input{width:100%;font:inherit;font-size:1.06rem;padding:.72rem .8rem;color:inherit;
background:var(--field);border:1.5px solid var(--line);border-radius:.65rem}
input.num{font-variant-numeric:tabular-nums;letter-spacing:.03em;direction:ltr;text-align:start}
[dir=rtl] input.num{text-align:right}
input:focus{outline:3px solid #0b6b5733;border-color:var(--brand);background:#fff}
input[aria-invalid=true]{border-color:var(--bad);background:var(--badbg)}
.field{margin-bottom:1.05rem}
.two{display:grid;grid-template-columns:1fr 1fr;gap:.9rem}
.hint{margin:.3rem 0 0;font-size:.8rem;color:var(--soft)}
.err{margin:.3rem 0 0;font-size:.85rem;color:var(--bad);font-weight:550}
button,a.go{display:block;width:100%;text-align:center;font:inherit;font-weight:650;cursor:pointer;
padding:.85rem 1rem;border-radius:.7rem;border:0;text-decoration:none}
.hint+.go{margin-top:.9rem}
.go{background:var(--brand);color:#fff;font-size:1.08rem;box-shadow:0 8px 18px -10px var(--deep)}
.go:hover{background:var(--deep)}
.leave{background:none;color:var(--soft);font-weight:550;margin-top:.5rem;padding:.6rem}
.leave:hover{color:var(--ink);text-decoration:underline}
button:focus-visible,a:focus-visible{outline:3px solid #0b6b5766;outline-offset:2px}
.note{margin:0 0 1.1rem;padding:.8rem .95rem;border-radius:.7rem;background:var(--badbg);
color:#7d1d20;border-inline-start:4px solid var(--bad)}
.note b{display:block}
.note p{margin:.1rem 0 0}
.mark{display:flex;align-items:center;justify-content:center;width:3.6rem;height:3.6rem;
border-radius:50%;margin:.3rem auto 1rem;background:#e4f2ec;color:var(--good)}
.mark.no{background:var(--badbg);color:var(--bad)}
.mark.wait{background:#eef2f1;color:var(--soft)}
.mark svg{width:1.9rem;height:1.9rem}
.centre{text-align:center}
p+a.go{margin-top:1.1rem}
dl{margin:1.1rem 0 1.4rem;font-size:.92rem}
dl div{display:flex;justify-content:space-between;gap:1rem;padding:.5rem 0;
border-bottom:1px solid #edf2f0}
dt{color:var(--soft)}
dd{margin:0;font-weight:600;text-align:end;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
footer p{margin:.2rem 0}
footer{padding:1.1rem .25rem 2rem;font-size:.78rem;color:var(--soft);text-align:center}
code{font:.9em/1.4 ui-monospace,Menlo,Consolas,monospace;overflow-wrap:anywhere}
@media (min-width:40rem){header{padding-top:2.6rem}}
@media (prefers-contrast:more){:root{--line:#6b7f79;--soft:#33453f}}
`

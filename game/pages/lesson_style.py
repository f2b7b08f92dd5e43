"""How lesson sheets look: on the screen, on a projector and on A4."""

from __future__ import annotations

from typing import Final

from .analysis_style import STYLE as _BASE

_SHEETS: Final = """
@page { size: A4; margin: 15mm 16mm 17mm; @bottom-right { content: counter(page); font: 8pt "Noto Sans", sans-serif; color: #666 } }
body { max-width: 60rem; padding-top: 1.2rem }
nav.sheets { margin: 1rem 0 2.5rem; border: 1px solid var(--line); padding: .4rem 1.2rem 1rem }
nav.sheets h2 { border: 0; font-size: 1rem; margin: .8rem 0 .3rem } nav.sheets ul { padding: 0; margin: 0; columns: 2; max-width: none }
nav.sheets li { padding: .12rem 0; max-width: none } nav.sheets li span { color: var(--dim); font-size: .85em; margin-left: .6em }
.sheet { margin: 0 0 5rem; border-top: 3px solid var(--ink); padding-top: .5rem }
.sheet > header { display: flex; justify-content: space-between; gap: 1rem; color: var(--dim); font-size: .82rem; letter-spacing: .02em }
.sheet h1 { margin: .5rem 0 .3rem; font-size: 1.9rem; line-height: 1.2 }
.sheet h2 { margin: 1.7em 0 .5em; font-size: 1.15rem } .sheet h3 { margin: 1.3em 0 .3em; font-size: 1rem }
.sheet p, .sheet li { max-width: 46rem } .sheet ul { padding-left: 1.15rem; margin: .3rem 0 } .sheet li { margin: .28em 0 }
.lead { font-size: 1.08rem; margin: .2rem 0 1rem }
.tag { display: inline-block; min-width: 1.9em; padding: 0 .4em; margin-right: .55em; border: 1px solid currentColor; border-radius: 2px;
  font-size: .8em; font-weight: 600; text-align: center; color: var(--s1) }
.note { display: block; color: var(--dim); font-size: .9em }
dl.facts { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.1rem; margin: .7rem 0 1rem } dl.facts dt { color: var(--dim) } dl.facts dd { margin: 0 }
ul.check { list-style: none; padding: 0 } ul.check li { padding-left: 1.7em; text-indent: -1.7em }
ul.check li::before { content: ""; display: inline-block; width: .85em; height: .85em; border: 1.4px solid var(--ink); margin-right: .85em; vertical-align: -.06em }
pre.code { margin: .35rem 0; padding: .4rem .8rem; white-space: pre-wrap; overflow-wrap: anywhere }
.aside { border-left: 3px solid var(--line); padding: .1rem .9rem; color: var(--dim); font-size: .9em; margin: .6rem 0 } .aside b { margin-right: .5em }
.aside.secret, .aside.stale { border-color: var(--s0); color: var(--s0); font-weight: 600 }
.careful li::marker { content: "!  "; color: var(--s0); font-weight: 700 }
.ask { font-size: 1.08rem; font-weight: 600; margin: 1.3rem 0 .3rem; break-after: avoid } .ask .tag { color: var(--ink); text-indent: 0 } .ask.numbered { padding-left: 2.32em; text-indent: -2.32em } .ask.numbered .tag { min-width: 2.35em }
.key b { margin-right: .7em; color: var(--s3) } .key.listen b { color: var(--s1) } .see { margin-top: .3rem } .differs { font-weight: 600 }
.fork + p { margin-top: .2em }
.rules { height: 2.1rem; border-bottom: 1px solid var(--dim); max-width: none } .named { display: inline-block; width: 16rem; border-bottom: 1px solid var(--dim) }
.sheet table { min-width: 100%; width: 100%; table-layout: auto } .sheet td, .sheet th { padding: .42rem .55rem } .sheet td span.line { display: block } .sheet td code { font-size: .82em }
.sheet tbody th { background: none; font-weight: 600; text-align: left }
table.script { table-layout: fixed } table.script th:first-child { width: 3.6rem; white-space: nowrap; font-variant-numeric: tabular-nums } table.script th:nth-child(2) { width: 38% } table.script th:nth-child(3) { width: 28% }
table.script td span.line + span.line { color: var(--dim); font-size: .92em; margin-top: .25rem }
table.levers { table-layout: fixed } table.levers th:first-child { width: 13% } table.levers th:nth-child(2) { width: 39% } table.levers th:nth-child(3) { width: 12% } table.levers th:nth-child(4) { width: 13% }
table.boxes { table-layout: fixed } table.boxes td, table.boxes th { border: 1px solid var(--line); height: 2.5rem } table.boxes thead th:first-child { width: 15% } table.boxes thead th:nth-child(2) { width: 34% }
table.sources { table-layout: fixed } table.sources th:first-child { width: 17% } table.sources th:nth-child(2) { width: 36% }
table.fork { font-size: .85rem } table.fork td:nth-child(n+3), table.fork thead th:nth-child(n+3) { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
table.glossary { table-layout: fixed } table.glossary th:first-child { width: 17% } table.glossary td:nth-child(2) { width: 21%; color: var(--dim) } table.glossary thead th:nth-child(2) { width: 21% }
table.theses td:last-child, table.theses th:last-child { width: 30% } table.theses tbody th { font-weight: 400 }
figure.curve { margin: 1rem 0 } .fine { stroke: var(--grid); stroke-width: .5; fill: none } .grid { stroke-width: 1 } circle.s0 { fill: var(--s0) } text.label { font-weight: 600 }
.kind-questions .ask { font-size: 1.3rem; font-weight: 500; margin: 1.1rem 0 } .kind-questions h2 { font-size: 1.35rem; color: var(--s1) }
@media screen { .alone.kind-questions { font-size: 1.15rem } }
@media (max-width: 40rem) { nav.sheets ul { columns: 1 } table.script, table.levers, table.boxes, table.sources, table.glossary { min-width: 38rem } }
@media print {
  body { font-size: 9.6pt; line-height: 1.5; padding: 0 } :lang(zh) { line-height: 1.6 } main { margin: 0 } nav.sheets { display: none }
  .sheet { margin: 0; padding: 0; border: 0; break-before: page } .sheet:first-of-type { break-before: auto } .zh:not(:first-child) > .sheet:first-of-type, .en:not(:first-child) > .sheet:first-of-type { break-before: auto }
  .sheet > header { font-size: 8pt; border-bottom: .6pt solid #000; padding-bottom: 1.2mm } .sheet h1 { font-size: 19pt; margin: 3mm 0 1mm }
  .sheet h2 { font-size: 12pt; margin: 1.15em 0 .35em } .sheet h3 { font-size: 10pt; margin: .9em 0 .2em } .lead { font-size: 10.6pt; margin: 0 0 2.5mm }
  .sheet table { font-size: 8.4pt; line-height: 1.42 } .sheet td, .sheet th { padding: .9mm 1.4mm } table.boxes td, table.boxes th { height: 9mm }
  .wide { margin: .5rem 0; overflow: visible } .new { break-before: page } li, .ask, .aside, .key, dl.facts { break-inside: avoid } .ask { margin: .9rem 0 .2rem; font-size: 10.4pt }
  .kind-questions .ask { font-size: 12.5pt; margin: 5mm 0 } .rules { height: 8.5mm } figure.curve svg { max-height: none } pre.code { font-size: 7.8pt; border: .5pt solid #999; background: none }
  .kind-handout, .kind-lesson { font-size: 9.2pt; line-height: 1.42 } .kind-lesson h2, .kind-handout h2 { margin: .85em 0 .25em } .kind-handout li, .kind-lesson li { margin: .16em 0 } .kind-role { font-size: 9.8pt } .kind-role li { margin: .3em 0 } .kind-role h2 { margin: .9em 0 .3em } table.glossary td, table.glossary th, table.levers td, table.levers th { padding: .5mm 1.4mm; line-height: 1.32 } .group { break-inside: avoid } }
"""

STYLE: Final = _BASE + _SHEETS

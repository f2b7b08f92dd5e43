"""How the report of a class, its grade sheet and its quizzes look: the analysis page's looks, and print by the page."""

from __future__ import annotations

from typing import Final

from game.pages.analysis_style import STYLE as ANALYSIS

_CLASS: Final = """
body { max-width: 64rem } html { scroll-behavior: smooth }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto } }
h1 { font-size: clamp(1.5rem, 4vw, 2.1rem); margin-bottom: .2em } h1 + .about { margin-top: 0 }
h2 { margin-top: 2.6em } h2 .step { color: var(--dim); font-weight: 400; font-size: .8em; margin-right: .5em }
section > .lead { color: var(--dim); margin-top: -.2em }
.paper { border: 1px solid var(--line); padding: 1rem 1.2rem; background: var(--tint); margin: 1.2rem 0 } .paper > :first-child { margin-top: 0 }
.paper > :last-child { margin-bottom: 0 }
.plain { display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: .3rem 1.6rem; margin: 1rem 0 }
.plain > div { border-top: 1px solid var(--line); padding-top: .25rem } .plain dt { color: var(--dim); font-size: .82rem }
.plain dd { margin: 0; overflow-wrap: anywhere }
nav.contents { margin: 1.4rem 0 0 } nav.contents ol { display: flex; flex-wrap: wrap; gap: .25rem 1.3rem; padding: .6rem 0; margin: 0; list-style: none;
  border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); columns: auto }
nav.contents li { break-inside: auto } nav.contents a { text-decoration: none } nav.contents a:hover { text-decoration: underline }
.wait { border-left: 4px solid var(--s1); padding: .5rem 1rem; background: var(--tint) }
.wait::before { content: "… "; font-weight: 700 }
table.files td:last-child { min-width: 16rem } table.files th, table.files td { overflow-wrap: anywhere } .files th[scope=row] { min-width: 7.5rem; max-width: 14rem; font-weight: 600 } .files td:nth-child(2) { white-space: nowrap }
table.who td { font-size: .8rem; min-width: 6.5rem; overflow-wrap: anywhere } table.who td:last-child { min-width: 6.5rem }
table.who th[scope=row] { min-width: 6rem; max-width: 9rem; overflow-wrap: anywhere; font-weight: 600; position: sticky; left: 0; background: var(--tint) }
table.who .dim { color: var(--dim) }
.who span { line-height: inherit } .who ul { list-style: none; margin: 0; padding: 0 } .who li { line-height: 1.4 }
.pupil .hit { fill: none; stroke: transparent; stroke-width: 11; pointer-events: stroke }
.pupil .own { fill: none; stroke: var(--s0); stroke-width: 1.3; stroke-opacity: .62; stroke-linejoin: round; pointer-events: none }
.pupil .tip { fill: var(--s0) } .cross { fill: none; stroke: var(--ink); stroke-width: 2 }
.pupil:hover .own { stroke-width: 3.2; stroke-opacity: 1 } .pupil:hover .tip { stroke: var(--ink); stroke-width: 1.5 }
.lead { fill: none; stroke: var(--far); stroke-width: .7 } text.who { font-size: 11px }
circle.s3 { fill: var(--s3) } .bot { fill: none; stroke: var(--s1); stroke-width: 1.6 } path.line.main { stroke-width: 3 } .fine { stroke-width: .6; stroke-dasharray: 1 3 }
rect.up { fill: var(--s0) } rect.down { fill: var(--paper); stroke: var(--s1); stroke-width: 1.4 }
rect.way.done { fill: var(--calm) } rect.way.other { fill: var(--paper); stroke: var(--s0); stroke-width: 1.4 }
.median { stroke: var(--ink); stroke-width: 2.2; fill: none } path.true { fill: var(--s2); stroke: var(--paper); stroke-width: 1 }
details.look { margin: 1.4rem 0; border: 1px solid var(--line) } details.look > summary { cursor: pointer; padding: .7rem 1rem; font-weight: 600; background: var(--tint) }
details.look > summary:focus-visible { outline: 3px solid var(--link) } details.look > .in { padding: .2rem 1rem 1rem }
.hand { display: flex; flex-wrap: wrap; gap: .4rem 2.4rem; color: var(--dim); margin: .4rem 0 } .hand span { border-bottom: 1px solid var(--dim); min-width: 11rem }
.fork { margin-top: 2rem } .fork .move { font-weight: 600 }
.q { display: grid; grid-template-columns: 5.4rem minmax(0, 1.35fr) minmax(0, 1fr); gap: .1rem 1.2rem; border-top: 1px solid var(--line); padding: .55rem 0; break-inside: avoid }
.q h4 { margin: 0; font-size: .95em } .q p, .q blockquote { margin: 0 0 .3em; line-height: 1.55 } .q blockquote { color: var(--ink); overflow-wrap: anywhere }
.q ul { margin: 0; padding: 0; list-style: none; font-size: .88em; line-height: 1.55 } .q li span { margin-right: .8em; display: inline-block } .q li b { font-weight: 600 } .q .none { color: var(--dim) }
.q .moves { font-size: .92em } .sign { font-weight: 700; margin-right: .35em }
.pupils > h2 { margin-bottom: 0 } .run > h3:first-child, .run > .name { margin-top: 2.4rem } .name { border-bottom: 2px solid var(--ink); padding-bottom: .2rem; overflow-wrap: anywhere }
.marks { color: var(--dim); margin: .3em 0 }
.steps3 { list-style: none; padding: 0 } .steps3 > li { margin: 0 0 1.2rem } ol.ask { padding-left: 1.6rem } ol.ask > li { margin: .7rem 0; break-inside: avoid } ol.ask .listen, ol.ask .here { font-size: .9rem; margin: .15rem 0 } ol.ask .listen { color: var(--dim) } ol.ask .here { border-left: 3px solid var(--s3); padding-left: .6rem }
table.grades td, table.grades th { text-align: center; padding: .35rem .3rem; font-variant-numeric: tabular-nums; border: 1px solid var(--line) }
table.grades th[scope=row] { text-align: left; max-width: 11rem; overflow-wrap: anywhere } table.grades td, table.grades td:last-child { min-width: 2.6rem } table.grades td:first-child { min-width: 2.6rem }
table.grades .empty { background: var(--paper) } table.grades thead th { vertical-align: bottom; font-size: .78rem; line-height: 1.35 }
.marking { border: 1px solid var(--line); padding: .7rem 1rem; margin: 1rem 0; break-inside: avoid } .marking h4 { margin: 0 0 .4rem; overflow-wrap: anywhere }
.two { display: grid; grid-template-columns: 1fr 1fr; gap: 1.2rem } .two > div { display: flex; flex-direction: column } .two > div > p { margin: .2rem 0 } .two .cells { margin-top: auto } .two blockquote { color: var(--ink); overflow-wrap: anywhere }
.cells { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: .4rem; margin-top: .5rem; font-size: .8rem; line-height: 1.35 }
.essay { display: grid; grid-template-columns: minmax(6rem, 1fr) 3fr; gap: .4rem 1rem; align-items: center; margin-top: .6rem } .essay > p { margin: 0 } .essay .cells { grid-template-columns: repeat(auto-fit, minmax(6rem, 1fr)); margin: 0 }
.cells span { border: 1px solid var(--dim); min-height: 3rem; padding: .2rem .35rem; color: var(--dim) }
.blank { border-bottom: 1px solid var(--dim); min-height: 1.9rem; margin: .2rem 0 } .answer { border-left: 3px solid var(--s3); padding-left: .8rem }
ol.quiz { padding-left: 1.5rem } ol.quiz > li { margin: 1.3rem 0; break-inside: avoid } .choices { list-style: none; margin: .4rem 0; padding: 0 } .choices li { margin: .15rem 0 } .objective { color: var(--dim); font-size: .85rem }
.sum { font-family: "Cascadia Mono", "SF Mono", Menlo, Consolas, "Noto Sans Mono CJK SC", monospace; font-size: .86rem }
@media (max-width: 640px) { body { padding: 1rem .8rem 3rem } .q { grid-template-columns: 1fr } .q h4 { border: 0 } .two { grid-template-columns: 1fr }
  figure { margin: 1.2rem 0 } .chart { overflow-x: auto } .chart svg { min-width: 34rem } h2 { margin-top: 2em } .big dd { font-size: 1.3rem } }
@media print { @page { margin: 14mm 13mm } nav.contents, .screen { display: none } h2 { margin-top: 1.4em } .sheet, .run, .new { break-before: page }
  .pupils + .run { break-before: auto } .run .chart svg { max-height: 4.6cm } .run .chart.regret { display: none } .run figure { margin: .7rem 0 } .run h4 { margin: .7rem 0 .2rem } .run li, .run .about { font-size: 9pt }
  .run .big { margin: .5rem 0 } .run .big dd { font-size: 12pt } .run .name { margin-top: 0 } .q ul { line-height: 1.4 } .q p, .q blockquote { line-height: 1.4; margin-bottom: .15em }
  details.look { border: 0 } details.look > summary { background: none; padding-left: 0 } details.look > .in { padding: 0 }
  details.look:not([open]) { display: none } .sheet.alone { break-after: page } svg { max-height: 7cm } .frame .chart svg { max-height: none } .chart svg { min-width: 0 }
  .pupil .own { stroke-opacity: .8 } table.who td { font-size: 6.5pt; min-width: 0 } table.who th[scope=row] { position: static; min-width: 0 } .q { padding: .22rem 0; font-size: 9pt; grid-template-columns: 4.2rem minmax(0, 1fr) minmax(0, 1.12fr); gap: 0 .8rem }
  table.grades td, table.grades th { padding: .2rem .15rem; min-width: 0 } .essay { display: grid; grid-template-columns: minmax(6rem, 1fr) 3fr; gap: .4rem 1rem; align-items: center; margin-top: .6rem } .essay > p { margin: 0 } .essay .cells { grid-template-columns: repeat(auto-fit, minmax(6rem, 1fr)); margin: 0 }
.cells span { min-height: 1.2cm } .paper, .wait { break-inside: avoid } .key-page, .answers ~ .answers { break-before: page } a { color: inherit } }
"""

STYLE: Final = ANALYSIS + _CLASS

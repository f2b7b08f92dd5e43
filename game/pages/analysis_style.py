"""How the page of an analysis looks: that of the other pages, and its charts in light, dark and print."""

from __future__ import annotations

from typing import Final

from game.pages import html

_CHARTS: Final = """
:root { --s0: #b3362b; --s1: #23557f; --s2: #7a5a10; --s3: #1f7a5c; --fan: #23557f22; --far: #8b96a3; --calm: #8fa3b5;
  --blunder: #b3362b; --mistake: #c2701c; --inaccuracy: #9a8420; --grid: #e3e0d8 }
@media (prefers-color-scheme: dark) { :root { --s0: #f0796c; --s1: #8fbbe0; --s2: #d9b45b; --s3: #6fcfaa; --fan: #8fbbe033;
  --far: #6d7884; --calm: #5f7488; --blunder: #f0796c; --mistake: #e9a45c; --inaccuracy: #d6c25e; --grid: #2a3138 } }
body { max-width: 60rem }
body > input { position: absolute; opacity: 0 }
body > label { display: inline-block; padding: .2rem .9rem; border: 1px solid var(--line); cursor: pointer; margin-right: -1px }
body > input:checked + label { background: var(--ink); color: var(--paper) }
body > input:focus-visible + label { outline: 3px solid var(--link); outline-offset: 2px }
#zh:checked ~ main > .en, #en:checked ~ main > .zh { display: none }
:lang(zh) { line-height: 1.8 }
main { margin-top: 1.5rem } h3 { margin-top: 1.8em } h4 { margin: 1.2em 0 .2em }
.about { color: var(--dim) } .notices { border-left: 3px solid var(--mistake); list-style: none; padding-left: .9rem }
.big { display: flex; flex-wrap: wrap; gap: .4rem 2.2rem; margin: 1.2rem 0 } .big dt { color: var(--dim); font-size: .85rem }
.big dd { margin: 0; font-size: 1.6rem; font-variant-numeric: tabular-nums }
ol { padding-left: 1.4rem } .turn b { margin-right: .3em } .turn.blunder b { color: var(--blunder) }
.turn.mistake b { color: var(--mistake) } .turn.masterstroke b, .turn.windfall b { color: var(--s3) }
.numbers { font-variant-numeric: tabular-nums } .numbers td, .numbers th { white-space: nowrap; padding: .3rem .5rem }
.numbers td:first-child, td:last-child, .numbers th:first-child { min-width: 0 }
.quarter p { margin: .3em 0 } blockquote { margin: .4em 0; padding: .1em .9em; border-left: 3px solid var(--line); color: var(--dim) }
figure { margin: 1.6rem 0; break-inside: avoid } figcaption span { color: var(--dim); font-size: .88rem }
svg { width: 100%; height: auto; display: block; font-family: inherit } svg text { font-size: 11.5px; fill: var(--ink) }
.tick { fill: var(--dim) } text.end { text-anchor: end } text.middle, text.mark { text-anchor: middle }
.grid { stroke: var(--grid); fill: none } .axis { stroke: var(--dim); fill: none }
.line { fill: none; stroke-width: 2; stroke-linejoin: round } .whisker { fill: none; stroke-width: 1.4 }
path.line.s0 { stroke: var(--s0) } path.line.s1 { stroke: var(--s1); stroke-dasharray: 7 3 }
path.line.s2 { stroke: var(--s2); stroke-dasharray: 2 3 } path.line.s3 { stroke: var(--s3); stroke-dasharray: 9 3 2 3 }
circle.s0, path.s0:not(.line) { fill: var(--s0) } circle.s1 { fill: var(--s1) }
text.s0 { fill: var(--s0) } text.s1 { fill: var(--s1) } text.s2 { fill: var(--s2) } text.s3 { fill: var(--s3) }
.fan { fill: var(--fan) } .middle.line { stroke: var(--s1); stroke-width: 1.2; stroke-dasharray: 4 3 }
.whisker.far { stroke: var(--far); stroke-width: 1 } circle.far { fill: var(--far) }
.bar { fill: var(--calm) } .bar.blunder, .bar.short { fill: var(--blunder) } .bar.mistake { fill: var(--mistake) }
.bar.inaccuracy { fill: var(--inaccuracy) } .bar.long { fill: var(--s3) }
.interval { stroke: var(--ink) } .hindsight { fill: none; stroke: var(--s1); stroke-width: 1.4 }
text.mark { font-weight: 700; font-size: 13px } .mark.blunder { fill: var(--blunder); color: var(--blunder) }
.mark.mistake { fill: var(--mistake); color: var(--mistake) } .mark.inaccuracy { fill: var(--inaccuracy); color: var(--inaccuracy) }
.game { fill: var(--fan) } .naive { stroke: var(--far); stroke-width: 1 } .given { stroke: var(--s1); stroke-width: 2 }
.split { stroke: var(--far); stroke-dasharray: 2 4; fill: none }
footer { margin-top: 3rem; border-top: 1px solid var(--line); color: var(--dim); font-size: .88rem }
@media print { :root { --s0: #a02a20; --s1: #1c4a70; --s2: #6b4e0c; --s3: #17654b; --fan: #1c4a7022; --far: #777; --calm: #99a; --grid: #ddd;
  --blunder: #a02a20; --mistake: #a65a10; --inaccuracy: #7d6a10 }
  body > input, body > label { display: none } .big dd { font-size: 14pt } .run { break-before: page } .run:first-of-type { break-before: auto }
  .numbers td, .numbers th { padding: .15rem .3rem } svg { max-height: 6.2cm } }
"""

STYLE: Final = html.STYLE + _CHARTS

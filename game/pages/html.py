"""Markdown of our own into one HTML file: no script, no address outside, light and dark, fit to be printed."""

from __future__ import annotations

from html import escape
from typing import Final

STYLE: Final = """
:root { color-scheme: light dark; --paper: #fdfcf9; --ink: #1d2126; --dim: #5b6470; --line: #d5d3cb; --tint: #f1efe8; --link: #23557f }
@media (prefers-color-scheme: dark) { :root { --paper: #14171b; --ink: #dde1e6; --dim: #98a2ae; --line: #333a42; --tint: #1d2228; --link: #8fbbe0 } }
* { box-sizing: border-box }
body { margin: 0 auto; padding: 2rem 1.25rem 5rem; max-width: 68rem; background: var(--paper); color: var(--ink); line-height: 1.65;
  font-family: "Noto Sans", "Segoe UI", "Helvetica Neue", Arial, "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei", sans-serif }
:lang(zh) body, body:lang(zh) { line-height: 1.8 }
h1, h2, h3 { line-height: 1.3; margin: 2.2em 0 .6em; scroll-margin-top: 1rem } h1 { margin-top: 0 }
h2 { border-bottom: 1px solid var(--line); padding-bottom: .2em }
p, li { max-width: 48rem }
:lang(zh) em { font-style: normal; font-weight: 600 }
a { color: var(--link) }
pre, code { font-family: "Cascadia Mono", "SF Mono", Menlo, Consolas, "Noto Sans Mono CJK SC", monospace; font-size: .88em }
pre { background: var(--tint); border-left: 3px solid var(--line); padding: .8rem 1rem; overflow-x: auto; white-space: pre }
code { overflow-wrap: anywhere } pre code { font-size: inherit; overflow-wrap: normal }
.wide { overflow-x: auto; margin: 1.2rem 0 }
table { border-collapse: collapse; font-size: .88rem; line-height: 1.45; min-width: 100% }
th, td { border-bottom: 1px solid var(--line); padding: .4rem .6rem; text-align: left; vertical-align: top }
th { background: var(--tint); font-weight: 600 } td:first-child { min-width: 9rem } td:last-child { min-width: 8rem }
nav ul { list-style: none; padding-left: 1.2rem; columns: 18rem; max-width: none } nav li { break-inside: avoid }
@media print { :root { --paper: #fff; --ink: #000; --dim: #333; --line: #999; --tint: #f2f2f2; --link: #000 }
  body { max-width: none; padding: 0; font-size: 10pt } nav { display: none } pre { white-space: pre-wrap }
  .wide { overflow: visible } table { font-size: 7.5pt } tr, pre { break-inside: avoid } h2, h3 { break-after: avoid }
  thead { display: table-header-group } a { text-decoration: none } }
"""


def page(markdown: str, *, lang: str, title: str, contents: str, anchors: list[tuple[str, int, str]]) -> str:
    """A self-contained HTML document.

    ``anchors`` are (id, level, title) of the headings in the order in which they stand; ``contents`` is the heading of
    their list. HTML in the Markdown is shown as text, never carried out.
    """
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(markdown)
    for token, (anchor, _, _) in zip((t for t in tokens if t.type == "heading_open"), anchors, strict=True):
        token.attrSet("id", anchor)
    body = parser.renderer.render(tokens, parser.options, {})
    body = body.replace("<table>", '<div class="wide"><table>').replace("</table>", "</table></div>")
    entries = "".join(f'<li><a href="#{escape(a)}">{escape(t)}</a></li>' for a, level, t in anchors if level > 1)
    nav = f'<nav aria-label="{escape(contents)}"><h2>{escape(contents)}</h2><ul>{entries}</ul></nav>'
    first, mark, rest = body.partition("<h2")
    return (
        f'<!DOCTYPE html>\n<html lang="{"zh-Hans" if lang == "zh" else "en"}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"{first}{nav}\n{mark}{rest}</main>\n</body>\n</html>\n"
    )

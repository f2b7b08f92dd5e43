"""The projector's board: one page in both languages, drawn by a script of its own from the room's `Board`.

The server sends `board_page` at ``/board`` with `POLICY` as its Content-Security-Policy, `BOARD_SCRIPT` and `BOARD_STYLE`
at `SCRIPT_PATH` and `STYLE_PATH`, `qr_svg` of the join page at `QR_PATH`, and the `Board` as JSON, whole, at the
WebSocket ``/board/ws`` at first and whenever it changes. The page reconnects by itself. It asks for nothing and can do
nothing: whoever looks at it may turn its language (L, F7), its light (T, F10) and the pages of the debrief.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any, Final

from game.language import LANGS, Tongue
from game.pages.board_assets import BOARD_SCRIPT, BOARD_STYLE
from game.pages.lesson_text import Filler

if TYPE_CHECKING:
    from game.content import Content
    from game.language import Lang

__all__ = ["BOARD_SCRIPT", "BOARD_STYLE", "POLICY", "QR_PATH", "SCRIPT_PATH", "STYLE_PATH", "board_page", "qr_svg"]

SCRIPT_PATH: Final = "/static/board.js"
STYLE_PATH: Final = "/static/board.css"
QR_PATH: Final = "/board/qr.svg"
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
"""Nothing inline, nothing from elsewhere, no frame around it."""
WORDS: Final = (
    "name", "title", "keys", "lost", "other", "light", "where-to", "code-is", "numbered", "left", "urgent", "paused", "no-clock",
    "joined", "closing", "played", "teams", "ranked", "decided", "here", "receiver", "curve", "price", "start", "alive",
    "class", "card", "turn", "round", "all", "reveal", "revealed", "question", "seed", "phase-lobby", "phase-open",
    "phase-paused", "phase-closing", "phase-between", "phase-debrief", "phase-over", "step-feelings", "step-draw", "step-facts",
    "step-transfer", "lead-feelings", "lead-draw", "lead-facts", "lead-transfer",
)  # fmt: skip
"""Leaves of ``projector`` in the locale that the script says."""
UNITS: Final = {"zh": [[1e12, "万亿"], [1e8, "亿"], [1e4, "万"]], "en": [[1e12, "T"], [1e9, "B"], [1e6, "M"], [1e3, "K"]]}


def qr_svg(url: str) -> str:
    """A QR code of an address as an SVG file, black on white, with the quiet margin that cameras need.

    Raises ValueError where the address is too long for any code.
    """
    import segno

    try:
        code = segno.make(url, micro=False, error="m")
    except segno.DataOverflowError as error:
        raise ValueError(url[:80]) from error
    out = io.BytesIO()
    code.save(out, kind="svg", scale=8, border=4, dark="#000", light="#fff", xmldecl=False, svgclass=None, lineclass=None)
    return out.getvalue().decode("utf-8")


def board_page(content: Content, lang: Lang, *, address: str = "", first: str = "", live: bool = True) -> str:
    """The page, ``lang`` first. ``address`` is what pupils type; ``first`` is a `Board` as JSON to begin with.

    Where it is not ``live`` the page shows ``first`` and asks for nothing more.
    """
    words = {tongue: _words(content, tongue) for tongue in LANGS}
    said = words[lang]["texts"]
    tag = "zh-Hans" if lang == "zh" else "en"
    say = {key: escape(text) for key, text in said.items()}
    return f"""<!DOCTYPE html>
<html lang="{tag}" data-lang="{lang}" data-theme="night" data-live="{"yes" if live else "no"}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{say["title"]}</title>
<link rel="stylesheet" href="{STYLE_PATH}">
<script src="{SCRIPT_PATH}" defer></script>
</head>
<body>
<header><b id="name">{say["name"]}</b><span class="where" id="where"></span><span class="phase" id="phase" role="status"></span></header>
<main id="play" hidden>
<div class="col left">
<section class="clock"><div class="time" id="time"></div><div class="about" id="about"></div><div class="meter" id="meter" hidden><i id="bar"></i></div></section>
<section class="teams" id="teams"><h2><b data-say="teams">{say["teams"]}</b><span id="teams-note"></span></h2><ol id="list"></ol></section>
</div>
<div class="col right">
<section class="chart" id="chart"><h2 data-say="curve">{say["curve"]}</h2><div class="chart" id="curve"></div></section>
<section id="join"><div class="join"><img src="{QR_PATH}" alt=""><div><p data-say="where-to">{say["where-to"]}</p><p class="address">{escape(address)}</p><p data-say="code-is">{say["code-is"]}</p><div class="code" id="code"></div></div></div></section>
<section class="news" id="news" hidden><h2 data-say="class">{say["class"]}</h2><div id="items" aria-live="polite"></div></section>
</div>
</main>
<div class="debrief" id="debrief" hidden><section><ul class="steps" id="steps"></ul><p class="lead" id="lead"></p><div class="ask" id="ask"></div><div class="chart" id="truth" hidden></div><p class="seed" id="seed" hidden></p><p class="hint" id="hint"></p></section></div>
<footer><span class="lost" id="lost" hidden></span><span class="keys" id="keys"></span><button type="button" id="light" data-say="light">{say["light"]}</button><button type="button" id="turn" lang="{"en" if lang == "zh" else "zh-Hans"}">{say["other"]}</button></footer>
<pre id="words" hidden>{escape(json.dumps(words, ensure_ascii=False, separators=(",", ":")))}</pre>
<pre id="first" hidden>{escape(first)}</pre>
</body>
</html>
"""


def _words(content: Content, lang: Lang) -> Mapping[str, Any]:
    """Everything the script may have to say in one language."""
    tongue = Tongue(lang, content=content)
    cards = {label: tongue.card(label) for label in content.cards}
    return {
        "texts": {key: _holes(tongue, f"projector.{key}") for key in WORDS},
        "units": UNITS[lang],
        "cards": {label: [card.title, card.headline] for label, card in cards.items()},
        "scenarios": {label: tongue.scenario(label) for label in content.scenarios},
        "questions": _questions(content, tongue),
    }


def _holes(tongue: Tongue, key: str) -> str:
    """A template as it stands: the script fills its holes."""
    return tongue.find(key) or key


def _questions(content: Content, tongue: Tongue) -> Mapping[str, list[str]]:
    """What is asked in each step of the debrief; never an answer, for a page's source can be read."""
    found: dict[str, list[str]] = {"feelings": [], "facts": [], "transfer": []}
    filler = Filler(content, tongue)
    for question in content.lessons.questions.values():
        found[question.step].append(filler.text(question.ask))
    return found

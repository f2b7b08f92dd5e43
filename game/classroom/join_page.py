"""The page on which a browser joins: a form that works without any script, and what else a browser may be told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Final

from game.language import Tongue

_OURS: Final = Path(__file__).with_name("web")


def _file(name: str) -> Callable[[], bytes]:
    return lru_cache(maxsize=1)((_OURS / name).read_bytes)


STATICS: Final[dict[str, tuple[Callable[[], bytes], str]]] = {
    "/static/join.css": (_file("join.css"), "text/css; charset=utf-8"),
    "/static/join.js": (_file("join.js"), "text/javascript; charset=utf-8"),
}
"""What the page loads: by path, a function that gives the bytes, and their type."""


def join_page(
    tongue: Tongue, teams: Sequence[tuple[str, str]], *, secure: bool, seated: bool = False, fault: str = "",
    name: str = "", code: str = "", team: str = "",
) -> str:  # fmt: skip
    """The form. ``teams`` are (id, name); ``seated`` where the browser has a place already; ``fault`` is a sentence.

    What people typed is escaped here; it acts nowhere.
    """
    say = lambda key: escape(tongue.say(f"class.page.{key}"))  # noqa: E731
    options = "".join(
        f'<option value="{escape(i)}"{" selected" if i == team else ""}>{escape(shown)}</option>' for i, shown in teams
    )
    told = f'<p class="fault" role="alert">{escape(fault)}</p>' if fault else ""
    back = f'<p class="back"><a href="/play?lang={tongue.lang}">{say("seated")}</a></p>' if seated else ""
    body = f"""<h1>{say("title")}</h1>
<p class="lead">{say("lead")}</p>
{back}{told}<form method="post" action="/api/join">
<input type="hidden" name="lang" value="{tongue.lang}">
<label for="code">{say("code")}</label>
<input id="code" name="code" value="{escape(code)}" maxlength="32" required autocomplete="off" autocapitalize="characters" spellcheck="false" inputmode="text" class="code"{"" if code else " autofocus"}>
<label for="name">{say("name")}</label>
<input id="name" name="name" value="{escape(name)}" maxlength="48" required autocomplete="off" spellcheck="false" aria-describedby="name-note">
<p class="note" id="name-note">{say("name-note")}</p>
<label for="team">{say("team")}</label>
<select id="team" name="team"><option value="">{say("any-team")}</option>{options}</select>
<button type="submit">{say("go")}</button>
</form>
<p class="note">{say("secure" if secure else "plain")}</p>"""
    return _page(tongue, tongue.say("class.page.title"), body, script=True)


def told_page(tongue: Tongue, sentence: str, *, again: bool = True) -> str:
    """One sentence, and the way back to the form."""
    link = f'<p class="back"><a href="/?lang={tongue.lang}">{escape(tongue.say("class.page.to-form"))}</a></p>' if again else ""
    title = tongue.say("class.page.title")
    return _page(tongue, title, f'<h1>{escape(title)}</h1><p class="fault" role="alert">{escape(sentence)}</p>{link}')


def _page(tongue: Tongue, title: str, body: str, script: bool = False) -> str:
    zh = tongue.lang == "zh"
    other, word, tag = ("en", "English", "en") if zh else ("zh", "中文", "zh-CN")
    return f"""<!DOCTYPE html>
<html lang="{"zh-CN" if zh else "en"}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/static/join.css">
{'<script src="/static/join.js" defer></script>' if script else ""}
</head>
<body>
<nav><a href="/?lang={other}" lang="{tag}" hreflang="{tag}" id="other">{word}</a></nav>
<main>
{body}
</main>
</body>
</html>
"""

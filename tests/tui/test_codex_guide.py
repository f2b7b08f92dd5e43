"""Pages of the codex in the manner of a model reference: sections in one order, rows that say what they are, links that
resolve wherever one walks, and the way back."""

from __future__ import annotations

import pytest

from game.content.model_text import equations
from game.content.search import SEARCHED, words_of
from game.language import Tongue
from game.tui.app import BaimoApp
from game.tui.kit.text import cell_width
from game.tui.screens.codex_entries import KINDS, TERMS, known, table
from game.tui.screens.codex_lines import lay
from game.tui.screens.codex_pages import PAGES, page
from game.tui.screens.codex_text import address, text_lines
from game.tui.screens.codex_tips import tip
from game.tui.screens.codex_widgets import EntryList, LinkPage, Tip
from tests.tui.screen_kit import SIZES, check, content, on, text
from tests.tui.test_plain import play

LANGUAGES = ("zh", "en")
ORDER = ("message", "dynamics", "equation", "parameters", "figures", "cautions", "see")


def speaking(lang: str) -> Tongue:
    return Tongue(lang, content=content())  # type: ignore[arg-type]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", ["lever", "mechanism", "segment", "rival"])
def test_sections_stand_in_one_order(kind: str, lang: str) -> None:
    tongue = speaking(lang)
    heads = [tongue.say(f"screens.codex.{key}").lower() for key in ORDER]
    for label in table(content(), kind):
        pieces = page(content(), tongue, kind, label)
        there = [p.text.lower() for p in pieces if p.role == "head"]
        places = [there.index(head) for head in heads if head in there]
        assert places == sorted(places), (label, there)
        assert {heads[0], heads[1], heads[6]} <= set(there), (label, there)
        guide = content().guide_of[kind, label]
        said = [p.text for p in pieces]
        assert tongue.text(guide.message) in said and all(tongue.text(d) in said for d in guide.dynamics)
        shown = {p.link for p in pieces}
        assert {("parameter", name) for name in guide.parameters} | {("figure", f) for f in guide.figures} <= shown
        if guide.equations:
            first = equations(content())[guide.equations[0]].split()[0]
            assert any(p.role == "equation" and first in p.text for p in pieces), label


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_link_resolves_and_every_page_can_be_walked_to(lang: str) -> None:
    """The whole graph, from the mechanisms on: no page raises, none is missing, and few stand alone."""
    tongue = speaking(lang)
    todo = [("mechanism", label) for label in content().mechanisms]
    seen = set(todo)
    while todo:
        here = todo.pop()
        assert known(content(), *here), here
        for piece in page(content(), tongue, *here):
            if piece.link is not None and piece.link not in seen:
                seen.add(piece.link)
                todo.append(piece.link)
    for kind in ("lever", "mechanism", "segment", "parameter", "figure", "caution", "thesis", "article", "rival"):
        assert {label for k, label in seen if k == kind} == set(table(content(), kind)), kind


@pytest.mark.parametrize("lang", LANGUAGES)
def test_figures_say_where_they_stand_and_how_far_to_trust_them(lang: str) -> None:
    tongue = speaking(lang)
    for kind in ("mechanism", "lever", "thesis", "entity"):
        for label in table(content(), kind):
            pieces = page(content(), tongue, kind, label)
            rows = [p for p in pieces if p.grid is not None and p.link is not None and p.link[0] == "figure"]
            cautions = {p.link[1] for p in pieces if p.role == "bad" and p.link is not None}
            for row in rows:
                figure = content().figures[row.link[1]]
                value, source, claim = row.cells
                assert claim == figure.claim[lang] and value and source
                assert claim in row.text and source in row.text, "a narrow page loses nothing"
                doubts = {c.id for c in content().cautions_of(figure.id)}
                assert doubts <= cautions, (label, figure.id)
                marks = [tongue.say(f"screens.codex.mark.{mark}") for mark in ("disowned", "doubted")]
                assert any(mark in source for mark in marks) == bool(doubts), (label, figure.id, source)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_runs_over_the_edge_at_any_width(lang: str) -> None:
    tongue = speaking(lang)
    for kind in ("lever", "mechanism", "segment", "rival", "parameter", "figure", "card", "thesis"):
        for label in table(content(), kind):
            pieces = page(content(), tongue, kind, label)
            links = sum(p.link is not None for p in pieces)
            for room in (38, 62, 76):
                lines = lay(pieces, room, "> ")
                assert max(sum(cell_width(t) for t, _ in line.parts) for line in lines) <= room, (kind, label, room)
                assert {line.link for line in lines} - {-1} == set(range(links)), (kind, label, room)


def test_a_segment_shows_its_own_numbers() -> None:
    tongue = speaking("en")
    finance, medical = (
        {p.link[1]: p.cells[1] for p in page(content(), tongue, "segment", s) if p.grid and p.link and p.link[0] == "parameter"}
        for s in ("finance", "medical")
    )  # fmt: skip
    assert finance["service_staff"] == "0.42" and medical["service_staff"] == "0.26"
    assert "–" in dict(
        (p.link[1], p.cells[1]) for p in page(content(), tongue, "mechanism", "stickiness") if p.grid and p.link
    )["churn"], "elsewhere the span over segments"


def test_a_parameter_leads_back_to_its_pages_and_its_equation() -> None:
    pieces = page(content(), speaking("en"), "parameter", "token_elasticity")
    links = {p.link for p in pieces}
    assert {("mechanism", "adoption"), ("lever", "price.token"), ("segment", "developers")} <= links
    assert any(p.role == "equation" and "token_elasticity" in p.text for p in pieces)


def test_kinds_of_list_search_and_pages_are_the_same() -> None:
    assert set(KINDS) == set(SEARCHED) == set(PAGES)
    assert set(words_of(content())) == set(TERMS)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_pages_as_plain_text(lang: str) -> None:
    tongue = speaking(lang)
    for kind in ("lever", "mechanism", "rival", "figure", "card", "model"):
        for label in table(content(), kind):
            pieces = page(content(), tongue, kind, label)
            lines = list(text_lines(pieces))
            said = "\n".join(lines)
            assert all(line.count("\n") == 0 for line in lines) and "\n\n\n" not in said
            for piece in pieces:
                if piece.link is not None and piece.text:
                    assert f"[{':'.join(piece.link)}]" in said, (kind, label, piece.link)


def test_addresses() -> None:
    assert address(content(), " lever:price.token ") == ("lever", "price.token")
    assert address(content(), "figure: price-war-cut") == ("figure", "price-war-cut")
    for words in ("lever", "lever:", ":x", "lever:nope", "nonsense:x", "价格", "a:b:c"):
        assert address(content(), words) is None


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_reference_pages_on_the_screen(size: tuple[int, int], lang: str) -> None:
    async def use(app: BaimoApp, pilot) -> None:
        for kind, label in (("mechanism", "cloud-pricing"), ("segment", "medical"), ("rival", "yunshan"), ("lever", "route")):
            app.screen.open(kind, label)
            await pilot.pause()
            check(app)
            paper = app.screen.query_one(LinkPage)
            for _ in range(60):
                paper.action_scroll(1)
            await pilot.pause()
            check(app)

    on("codex", use, lang=lang, size=size, kind="lever", id="price.token")


def test_the_way_back_is_the_way_one_came() -> None:
    """From the game to a parameter, on to a mechanism and a thesis, and back page by page to where one was."""
    places = [("parameter", "token_elasticity"), ("mechanism", "adoption"), ("thesis", "fast-market-slow-monetisation")]

    async def use(app: BaimoApp, pilot) -> None:
        below = app.screen_stack[-2]
        assert app.screen.link == places[0]
        for place in places[1:]:
            assert place in app.screen.query_one(LinkPage).links
            app.screen.open(*place)
        for place in reversed(places[:-1]):
            await pilot.press("escape")
            assert app.screen.link == place
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen is below

    on("codex", use, kind=places[0][0], id=places[0][1])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_link_says_in_one_sentence_what_it_leads_to(lang: str) -> None:
    tongue = speaking(lang)
    for kind in ("lever", "mechanism", "segment", "rival", "figure", "parameter", "thesis", "term", "entity", "fact"):
        for label in table(content(), kind):
            name, said = tip(content(), tongue, (kind, label))
            assert name and said and "{" not in said, (kind, label)
    assert tip(content(), tongue, ("mechanism", "chance"))[1] == content().guides["chance"].message[lang]
    assert tip(content(), tongue, None) == tip(content(), tongue, ("nonsense", "x")) == ("", "")
    card = next(iter(content().cards))
    assert tip(content(), tongue, ("card", card), met=())[1] == ""
    assert tip(content(), tongue, ("card", card))[1] == tongue.text(content().cards[card].text)


def test_the_tip_follows_the_cursor_over_the_links() -> None:
    async def use(app: BaimoApp, pilot) -> None:
        paper, line = app.screen.query_one(LinkPage), app.screen.query_one(Tip)
        assert line.name_and_text == ("", "")
        for _ in range(40):
            await pilot.press("down")
            if paper.at >= 0:
                break
        await pilot.pause()
        assert line.name_and_text == tip(content(), app.tongue, paper.links[paper.at]) != ("", "")
        assert line.name_and_text[0] in text(app)
        here = app.screen.link
        await pilot.press("enter")
        await pilot.pause()
        assert app.screen.link != here and line.name_and_text == ("", "")
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen.link == here and line.name_and_text[0], "back where one was, with the cursor where it was"

    on("codex", use, lang="en", kind="mechanism", id="cards")


def test_letters_find_chinese_names_on_the_screen() -> None:
    pytest.importorskip("pypinyin")

    async def use(app: BaimoApp, pilot) -> None:
        await pilot.press("f3", "c", "y", "j")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert ("lever", "price.token") in [(e.kind, e.id) for e in app.screen.query_one(EntryList).entries]

    on("codex", use)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_plain_play_prints_the_same_page(lang: str) -> None:
    """By search and number, and by address; every line of the page, nothing else."""
    tongue = speaking(lang)
    word = {"zh": "社区飞轮", "en": "community flywheel"}[lang]
    wanted = list(text_lines(page(content(), tongue, "mechanism", "community")))
    said = play("codex mechanism:community\nquit\n", lang=lang)
    again = play(f"codex {word}\nopen 1\nquit\n", lang=lang)
    for out in (said, again):
        lines = [line.strip() for line in out.splitlines()]
        assert all(line.strip() in lines for line in wanted if line), [x for x in wanted if x and x.strip() not in lines][:3]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_rivals_rumours_say_what_they_announce(lang: str) -> None:
    tongue = speaking(lang)
    for rival in content().rivals.values():
        said = {(p.label, p.text) for p in page(content(), tongue, "rival", rival.id)}
        assert all((tongue.term("tell", tell.id), tongue.text(tell.text)) in said for tell in rival.tells)

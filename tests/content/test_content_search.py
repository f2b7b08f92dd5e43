"""The search against a naive twin that scans every page letter by letter, and the order of what it finds."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest

from game.content import Content
from game.content import schema as s
from game.content.search import SEARCHED, exact, pages, search, words_of

QUERIES = (
    "价格战", "price war", "open source", "ＰＲＩＣＥ", "moat", "招标", "token", "price.token", "knowledge", "社区 飞轮", "gpu",
    "fringe_base", "price-war-cut", "yunshan", "云山", "a", "的", "zzz", "model model", "cash", "guidance", "Bass", "后悔",
)  # fmt: skip


def plain(text: str) -> str:
    """Width, case, hyphens and underscores away, written by itself."""
    out = "".join(c if c.isascii() else unicodedata.normalize("NFKC", c) for c in text).casefold()
    return out.replace("-", " ").replace("_", " ")


def stands(word: str, text: str) -> bool:
    """Whether a word stands in a text, a Latin one at the beginning of a word; place by place."""
    for at in range(len(text) - len(word) + 1):
        if text.startswith(word, at):
            before = text[at - 1] if at else " "
            if not (word[0].isascii() and word[0].isalnum() and before.isascii() and before.isalnum()):
                return True
    return False


def twin(content: Content, words: str) -> set[tuple[str, str]]:
    """Entries found by reading every text of every page."""
    found = set()
    asked = plain(words).split()
    for kind in SEARCHED:
        if kind == "model":
            from game.content.model_text import chapters

            entries = chapters(content)
        elif kind == "lesson":
            from game.content.lessons import sheet_entries

            entries = sheet_entries(content)
        else:
            entries = words_of(content) if kind == "term" else content.of(kind)
        for label, entry in entries.items():
            texts = [entry.name, entry.text] if kind in ("model", "term", "lesson") else [t for _, t in s.texts_of(entry)]
            if kind == "figure" and entry.topic in content.topics:
                texts.append(content.topics[entry.topic].name)
            guide = content.guide_of.get((kind, label))
            if guide is not None:
                texts += [guide.what, guide.message, *guide.dynamics]
            loose = [getattr(entry, name, "") for name in ("as_printed", "unit", "topic", "group")]
            hay = [label, *(side for t in texts for side in (t.zh, t.en)), *(x for x in loose if isinstance(x, str))]
            if all(any(stands(word, plain(text)) for text in hay) for word in asked):
                found.add((kind, label))
    return found


@pytest.mark.parametrize("words", QUERIES)
def test_what_is_found_is_what_a_reader_finds(shipped: Content, words: str) -> None:
    assert {(h.kind, h.id) for h in search(shipped, words, "zh")} == twin(shipped, words)


def test_the_language_changes_titles_and_nothing_else(shipped: Content) -> None:
    for words in QUERIES:
        zh, en = search(shipped, words, "zh"), search(shipped, words, "en")
        assert [(h.kind, h.id, h.score) for h in zh] == [(h.kind, h.id, h.score) for h in en]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("词元价", ("lever", "price.token")),
        ("token price", ("lever", "price.token")),
        ("price.token", ("lever", "price.token")),
        ("社区飞轮", ("mechanism", "community")),
        ("community flywheel", ("mechanism", "community")),
        ("云山", ("rival", "yunshan")),
        ("Yunshan", ("rival", "yunshan")),
        ("fringe_base", ("parameter", "fringe_base")),
        ("price-war-cut", ("figure", "price-war-cut")),
        ("医疗", ("segment", "medical")),
        ("ｍｅｄｉｃｉｎｅ", ("segment", "medical")),
        ("credibility", ("term", "credibility")),
    ],
)
def test_a_whole_name_or_id_comes_first(shipped: Content, words: str, first: tuple[str, str]) -> None:
    hits = search(shipped, words, "zh")
    assert (hits[0].kind, hits[0].id) == first and exact(hits[0]), [(h.kind, h.id, h.score) for h in hits[:4]]


def test_name_before_text_and_exact_before_beginning_before_inside(shipped: Content) -> None:
    """Of one word: whole names, then names that begin with it, then names that hold it, then texts."""
    for words in ("价格", "price", "open", "模型", "compute"):
        order = []
        by = {(p.kind, p.id): p for p in pages(shipped)}
        for hit in search(shipped, words, "en"):
            names = by[hit.kind, hit.id].names
            if words in names or words == by[hit.kind, hit.id].folded_id:
                order.append(0)
            elif any(n.startswith(words) for n in names):
                order.append(1)
            elif any(stands(words, n) for n in names):
                order.append(2)
            elif stands(words, by[hit.kind, hit.id].folded_id):
                order.append(3)
            else:
                order.append(4)
        assert order == sorted(order) and len(set(order)) > 2, (words, order)


def test_equals_stand_in_the_order_of_kinds(shipped: Content) -> None:
    hits = search(shipped, "研发", "zh")
    for before, after in pairwise(hits):
        if before.score == after.score:
            assert SEARCHED.index(before.kind) <= SEARCHED.index(after.kind)


def test_cards_not_yet_met_are_found_by_their_titles_only(shipped: Content) -> None:
    card = shipped.cards["bank-drift"]
    word = card.text.zh[:6]
    assert ("card", "bank-drift") in {(h.kind, h.id) for h in search(shipped, word, "zh")}
    assert ("card", "bank-drift") not in {(h.kind, h.id) for h in search(shipped, word, "zh", shut=["bank-drift"])}
    assert ("card", "bank-drift") in {(h.kind, h.id) for h in search(shipped, card.title.zh, "zh", shut=["bank-drift"])}


def test_kinds_narrow_it(shipped: Content) -> None:
    everything = search(shipped, "price", "en")
    some = search(shipped, "price", "en", kinds=("lever", "card"))
    assert some == [h for h in everything if h.kind in ("lever", "card")] and some


# by sound -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("ktjj", ("card", "picture-price")),
        ("cyj", ("lever", "price.token")),
        ("ciyuanjia", ("lever", "price.token")),
        ("sqfl", ("mechanism", "community")),
        ("feilun", ("mechanism", "community")),
        ("yunshan", ("rival", "yunshan")),
        ("yl", ("segment", "medical")),
    ],
)
def test_chinese_names_are_found_by_their_sound(shipped: Content, typed: str, place: tuple[str, str]) -> None:
    pytest.importorskip("pypinyin")
    from game.content.sounds import sounds

    name = next((p.titles[0] for p in pages(shipped) if (p.kind, p.id) == place), None)
    if name is None:
        pytest.skip("no such entry")
    assert place in {(h.kind, h.id) for h in search(shipped, typed, "zh", sounds=sounds(shipped))}, name


def test_sounds_add_and_never_reorder(shipped: Content) -> None:
    """What letters find without sounds stands before what only sounds alike, in the same order."""
    pytest.importorskip("pypinyin")
    from game.content.sounds import sounds

    for words in ("price", "token price", "an", "shi"):
        bare = [(h.kind, h.id) for h in search(shipped, words, "en")]
        heard = [(h.kind, h.id) for h in search(shipped, words, "en", sounds=sounds(shipped))]
        assert set(bare) <= set(heard)
        by = {(p.kind, p.id): p for p in pages(shipped)}
        named = [place for place in bare if any(stands(words, name) for name in by[place].names)]
        assert [place for place in heard if place in named] == named


def test_sounds_of_a_name() -> None:
    pytest.importorskip("pypinyin")
    from game.content.sounds import read_aloud

    heard = read_aloud({"价格战", "API", "GPU重庆"})
    assert heard == {
        "价格战": ("jiagezhan", "gezhan", "zhan", "jgz", "gz", "z"),
        "GPU重庆": ("gpuchongqing", "chongqing", "qing", "gcq", "cq", "q"),
    }


def test_without_the_library_nothing_sounds(shipped: Content, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from game.content.sounds import read_aloud

    monkeypatch.setitem(sys.modules, "pypinyin", None)
    assert read_aloud({"价格战"}) == {}

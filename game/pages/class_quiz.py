"""The quizzes as pages to print and as text: the questions first, the answer key on a page of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final

from game import __version__
from game.lab.classwork.quiz import Item, Question, Value
from game.language.clean import clean_text
from game.pages.bilingual import document, items, paragraph
from game.pages.class_style import STYLE
from game.table.wire import Message

if TYPE_CHECKING:
    from game.content import Content
    from game.language import Lang, Tongue

HEAD: Final = "<!DOCTYPE html>\n<!-- baimo class quiz -->\n"
"""How every page of this kind begins; only such a file is written over."""
NAME_CELLS: Final = 40
WHOLE: Final = 6
"""Questions of a quiz."""


@dataclass(frozen=True)
class Paper:
    """One quiz: for the class (``who`` empty), or from one pupil's run."""

    title: str
    """Of the assignment, as typed; may be empty."""
    who: str
    questions: Sequence[Question]
    after: bool


# words ----------------------------------------------------------------------------------------------------------------


def said(question: Question, key: bool, tongue: Tongue) -> str:
    """The question, or its answer, with its numbers in this language."""
    item = question.item
    whole: dict[str, str] = {}
    values: dict[str, float | int | str] = {}
    for name, value in {**question.values, **_extras(item, tongue)}.items():
        if isinstance(value, Message):
            whole[f"⟦{name}⟧"] = tongue.message(value)  # put in as they stand, not shortened as names are
            value = f"⟦{name}⟧"
        values[name] = value
    caution = tongue.content.cautions.get(item.caution) if tongue.content is not None and item.caution else None
    whole["⟦caution⟧"], values["caution"] = tongue.text(caution.why) if caution is not None else "", "⟦caution⟧"
    text = tongue.text(item.key if key else item.ask, **values)
    for mark, sentence in whole.items():
        text = text.replace(mark, sentence)
    return text


def _extras(item: Item, tongue: Tongue) -> dict[str, Value]:
    letters = tongue.say("class_quiz.letters")
    right = [letters[n] for n, c in enumerate(item.choices) if c.right]
    return {"right": tongue.join(right)}


def choices(item: Item, tongue: Tongue) -> list[tuple[str, str]]:
    """(letter, text) of every choice."""
    letters = tongue.say("class_quiz.letters")
    return [(letters[n], tongue.text(c.text)) for n, c in enumerate(item.choices)]


def objective(item: Item, tongue: Tongue) -> str:
    """What a question tests, in words of the lessons."""
    found = tongue.content.lessons.objectives.get(item.objective) if tongue.content is not None else None
    return tongue.text(found.text) if found is not None else ""


def sources(item: Item, tongue: Tongue) -> str:
    """Where the figures of a question stand: subject, article, date and who says so; empty without figures."""
    content = tongue.content
    if content is None or not item.figures:
        return ""
    told = []
    for name in item.figures:
        f = content.figures[name]
        article = content.articles.get(f.article)
        told.append(tongue.say(
            "class_quiz.source", subject=tongue.text(f.subject), article=tongue.text(article.title) if article else f.article,
            when=tongue.text(f.when), who=tongue.text(f.attributed_to),
        ))  # fmt: skip
    return tongue.say("class_quiz.sources") + " · ".join(told)


# the page -------------------------------------------------------------------------------------------------------------


def quiz_page(content: Content, papers: Sequence[Paper], lang: Lang) -> str:
    """Every paper on a page of its own, and then every key; ``lang`` is shown first."""
    return document(
        content, lang, head=HEAD, style=STYLE,
        title=lambda t: t.say("class_quiz.after" if papers and papers[0].after else "class_quiz.before"),
        body=lambda t: _body(papers, t),
    )  # fmt: skip


def _body(papers: Sequence[Paper], tongue: Tongue) -> Iterator[str]:
    for n, paper in enumerate(papers):
        yield from _paper(paper, tongue, n > 0)
    yield f'<details class="look key-page"><summary>{escape(tongue.say("class_quiz.key-fold"))}</summary><div class="in">'
    for paper in papers:
        yield from _key(paper, tongue)
    yield f"</div></details><footer><p>baimo {escape(__version__)}</p></footer>"


def _heading(paper: Paper, tongue: Tongue) -> tuple[str, str]:
    kind = tongue.say("class_quiz.after" if paper.after else "class_quiz.before")
    return clean_text(paper.title, 80) or kind, kind


def _paper(paper: Paper, tongue: Tongue, new: bool) -> Iterator[str]:
    title, kind = _heading(paper, tongue)
    who = clean_text(paper.who, NAME_CELLS)
    yield f'<section class="{"sheet" if new else ""}"><h1>{escape(title)}</h1>'
    yield paragraph(" · ".join(dict.fromkeys(x for x in (kind, who) if x and x != title)), "about")
    yield f'<div class="hand"><span>{escape(tongue.say("class_quiz.name"))}{escape(who)}</span></div>'
    yield paragraph(tongue.say("class_quiz.lead-after" if paper.after else "class_quiz.lead-before"))
    yield '<ol class="quiz">'
    for q in paper.questions:
        yield f"<li>{escape(said(q, False, tongue))}"
        if q.item.choices:
            yield items((f"{letter} {text}" for letter, text in choices(q.item, tongue)), "choices")
        yield '<div class="blank"></div>' * q.item.lines
        yield "</li>"
    yield "</ol>"
    if paper.after and len(paper.questions) < WHOLE:
        yield paragraph(tongue.say("class_quiz.too-little"), "about")
    yield "</section>"


def _key(paper: Paper, tongue: Tongue) -> Iterator[str]:
    title, _ = _heading(paper, tongue)
    who = clean_text(paper.who, NAME_CELLS)
    yield f'<section class="answers"><h2>{escape(tongue.say("class_quiz.key-of", who=who or title))}</h2>'
    yield paragraph(tongue.say("class_quiz.each"), "about")
    yield '<ol class="quiz">'
    for q in paper.questions:
        yield f'<li><div class="answer"><p>{escape(said(q, True, tongue))}</p></div>'
        yield f'<p class="objective">{escape(q.item.objective.upper())} {escape(objective(q.item, tongue))}</p>'
        if told := sources(q.item, tongue):
            yield f'<p class="objective">{escape(told)}</p>'
        yield "</li>"
    yield "</ol></section>"


# text -----------------------------------------------------------------------------------------------------------------


def quiz_lines(papers: Sequence[Paper], tongue: Tongue) -> Iterator[str]:
    """The same as lines of plain text: questions, then keys."""
    for paper in papers:
        title, kind = _heading(paper, tongue)
        yield " · ".join(dict.fromkeys(x for x in (title, kind, clean_text(paper.who, NAME_CELLS)) if x))
        yield tongue.say("class_quiz.lead-after" if paper.after else "class_quiz.lead-before")
        for n, q in enumerate(paper.questions, 1):
            yield ""
            yield f"{n}. {said(q, False, tongue)}"
            yield from (f"   {letter} {text}" for letter, text in choices(q.item, tongue))
        yield ""
    for paper in papers:
        yield tongue.say("class_quiz.key-of", who=clean_text(paper.who, NAME_CELLS) or _heading(paper, tongue)[0])
        for n, q in enumerate(paper.questions, 1):
            yield f"{n}. {said(q, True, tongue)}"
        yield ""



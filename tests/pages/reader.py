"""Reading a page of ours back: tags with their attributes, texts by language, and whether what is opened is closed."""

from __future__ import annotations

from html.parser import HTMLParser


class Reader(HTMLParser):
    """Tags with their attributes, texts by language, and whether what is opened is closed."""

    VOID = frozenset({"meta", "input", "br", "circle", "rect", "path"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.langs: list[tuple[int, str]] = []
        self.texts: dict[str, list[str]] = {"zh-Hans": [], "en": []}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)
            if tag == "div" and "lang" in dict(attrs):
                self.langs.append((len(self.open), str(dict(attrs)["lang"])))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, (tag, self.open[-5:])
        if self.langs and self.langs[-1][0] == len(self.open):
            self.langs.pop()
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.langs and self.open[-1] != "style":
            self.texts[self.langs[-1][1]].append(data)


def read(html: str) -> Reader:
    """A page read; raises AssertionError where a tag is not closed."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader

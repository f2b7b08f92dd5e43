"""The page on which a browser plays: the terminal of textual-serve, its script served from here, and a frame of our own.

No address outside is named and no script stands in the page, so the strictest policy for content holds (`POLICY`); only
styles may be put in by the terminal's own script. Nothing of a person's is written into the page.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from game.language import Lang

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""The Content-Security-Policy to send with `play_page`. The terminal's script puts style elements into the page."""
FONTS: Final = (
    "'Sarasa Mono SC',Menlo,'Cascadia Mono',Consolas,'DejaVu Sans Mono','Liberation Mono','Noto Sans Mono CJK SC',"
    "'Source Han Mono SC','PingFang SC','Microsoft YaHei','WenQuanYi Zen Hei Mono',monospace"
)
"""Fonts of the reader's machine, best first; none is loaded. A Latin one gives the cells, and Chinese, which is narrower
than two of them, stands in two."""
_TERMINAL_FONTS: Final = "\"'Roboto Mono', Monaco, 'Courier New', monospace\""
_OURS: Final = Path(__file__).with_name("web")

_WORDS: Final[dict[str, dict[Lang, str]]] = {
    "title": {"zh": "百模大战", "en": "Baimo"},
    "skip": {"zh": "使用屏幕阅读器？这里有纯文字的玩法", "en": "Using a screen reader? There is a way in plain text"},
    "label": {"zh": "游戏终端", "en": "The game's terminal"},
    "button": {"zh": "在这里继续", "en": "Go on here"},
    "no-script": {"zh": "这一页需要 JavaScript；在终端里用 baimo class join 也能加入。",
                  "en": "This page needs JavaScript; baimo class join in a terminal works without a browser."},
    "wait0": {"zh": "正在准备你的座位……", "en": "Your seat is being made ready…"},
    "wait": {"zh": "正在准备座位，前面还有 {n} 人……", "en": "Seats are being made ready; {n} before you…"},
    "lost": {"zh": "连接断了，正在重连。草稿在老师的机器上，不会丢。",
             "en": "The connection is lost and is being made again. Your draft is on the teacher's machine; nothing is lost."},
    "againprocess": {"zh": "座位所在的进程出了问题，正在换一个，马上回来。", "en": "Your seat's process failed; another one takes it over."},
    "againfault": {"zh": "程序出错，座位正在重开；已经存下的草稿还在。",
                   "en": "The program met a fault of its own; your seat is opened again, with the draft as last saved."},
    "againleft": {"zh": "座位正在重开……", "en": "Your seat is being opened again…"},
    "gonenewer": {"zh": "你的座位在别处打开了，这里已停。", "en": "Your seat was opened elsewhere, so this page has stopped."},
    "goneremoved": {"zh": "老师已把这个座位移出房间。", "en": "The teacher has taken this place out of the room."},
    "goneover": {"zh": "房间已经关闭，谢谢参与。", "en": "The room is closed. Thank you for playing."},
    "goneprotocol": {"zh": "页面与房间的版本不一致，请刷新。", "en": "This page and the room are of different versions; please reload."},
    "goneflood": {"zh": "这里发送得太快，连接被断开了。", "en": "This page sent too much too fast and was cut off."},
    "gonefault": {"zh": "座位一再出错，已停下；按下面的按钮再试。", "en": "Your seat failed several times and has stopped; try again below."},
    "gonenone": {"zh": "这台机器开不了网页座位；请用 baimo class join 在终端里加入。",
                 "en": "This machine cannot host seats for browsers; join with baimo class join in a terminal."},
    "gonerefused": {"zh": "房间没有让这个页面入座；请从老师给的地址重新进。",
                    "en": "The room did not seat this page; come in again by the address that the teacher shows."},
    "gone": {"zh": "连接已结束。", "en": "The connection has ended."},
}  # fmt: skip
_PLAIN: Final[dict[Lang, tuple[str, ...]]] = {
    "zh": (
        "网页里的终端是画出来的格子，屏幕阅读器读起来很吃力。",
        "纯文字的玩法在终端里：装好 baimo 之后运行 baimo class join 地址 口令 --plain，地址和口令就是老师写在黑板上的那两样。",
        "那里全部是一问一答的文字：看账目和市场、改决策、交决策、写预测和理由、读上季的结果。",
        "在网页里先入了座也不要紧：到终端里换个名字再加入同一个队，请老师把网页里的那个座位移走。",
    ),
    "en": (
        "The terminal on the page is a drawn grid, which screen readers find hard to read.",
        "The plain way is in a terminal: with baimo installed, run baimo class join ADDRESS CODE --plain, with the address"
        " and the code that the teacher has put on the board.",
        "There everything is question and answer in text: the books and the market, changing and handing in decisions,"
        " forecasts and reasons, and what came of the last quarter.",
        "If you already have a seat on this page, join the same team from the terminal under another name, and ask the"
        " teacher to take the old place out.",
    ),
}


def play_page(lang: Lang) -> str:
    """The page with the terminal, to be sent with `POLICY`; its scripts and styles are `STATICS`."""
    say = {name: html.escape(words[lang]) for name, words in _WORDS.items()}
    data = "".join(
        f' data-{name}="{text}"' for name, text in say.items() if name.startswith(("wait", "lost", "again", "gone", "label"))
    )
    data += f' data-fonts="{html.escape(FONTS)}"'
    return f"""<!DOCTYPE html>
<html lang="{"zh-CN" if lang == "zh" else "en"}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{say["title"]}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/static/xterm.css">
<link rel="stylesheet" href="/static/play.css">
<script src="/static/play.js"></script>
<script src="/static/terminal.js"></script>
</head>
<body{data}>
<a id="skip" href="/play/plain">{say["skip"]}</a>
<main>
<div id="terminal" class="textual-terminal" aria-label="{say["label"]}"></div>
</main>
<div id="note" role="status" aria-live="polite" hidden><p id="said"></p><button id="again" type="button" hidden>{say["button"]}</button></div>
<noscript><p>{say["no-script"]}</p></noscript>
</body>
</html>
"""


def plain_page(lang: Lang) -> str:
    """What there is for readers of screens, in plain text: the page behind ``/play/plain``."""
    title = html.escape(_WORDS["title"][lang])
    told = "\n".join(f"<p>{html.escape(line)}</p>" for line in _PLAIN[lang])
    back = {"zh": "回到游戏页面", "en": "Back to the game's page"}[lang]
    return f"""<!DOCTYPE html>
<html lang="{"zh-CN" if lang == "zh" else "en"}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>
<link rel="icon" href="data:,"></head>
<body><main><h1>{title}</h1>
{told}
<p><a href="/play">{html.escape(back)}</a></p>
</main></body>
</html>
"""


@lru_cache(maxsize=1)
def _terminal() -> Path:
    """The statics of the installed textual-serve, which is not imported for that."""
    found = find_spec("textual_serve")
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError("textual_serve")
    return Path(next(iter(found.submodule_search_locations))) / "static"


@lru_cache(maxsize=1)
def terminal_script() -> bytes:
    """textual-serve's script with our fonts, in which wide characters take two cells."""
    script = (_terminal() / "js" / "textual.js").read_text(encoding="utf-8")
    return script.replace(_TERMINAL_FONTS, f'"{FONTS}"').encode()


def _file(path: Path) -> Callable[[], bytes]:
    return lru_cache(maxsize=1)(path.read_bytes)


STATICS: Final[dict[str, tuple[Callable[[], bytes], str]]] = {
    "/static/terminal.js": (terminal_script, "text/javascript; charset=utf-8"),
    "/static/xterm.css": (lambda: (_terminal() / "css" / "xterm.css").read_bytes(), "text/css; charset=utf-8"),
    "/static/play.js": (_file(_OURS / "play.js"), "text/javascript; charset=utf-8"),
    "/static/play.css": (_file(_OURS / "play.css"), "text/css; charset=utf-8"),
}
"""What the page loads: by path, a function that gives the bytes, and their type."""

"""``baimo class host``: opens a room, or goes on with one, under the dashboard or without it."""

from __future__ import annotations

import argparse
import asyncio
import sys
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from game.classroom.errors import ClassError
from game.classroom.plan import Plan, first_quarter
from game.language import Tongue
from game.table.files import free_path

if TYPE_CHECKING:
    from game.classroom.hosting import Wishes
    from game.content import Content

SUFFIX: Final = ".room"


def host(args: argparse.Namespace, content: Content, lang: str) -> int:
    """Host a room; the exit code. Raises `ClassError`."""
    wishes = wished(args, content, lang)
    if args.headless or not (sys.stdin.isatty() and sys.stdout.isatty()):
        from game.classroom.host_headless import serve

        return asyncio.run(serve(content, wishes, Tongue(lang, content=content), sys.stdout))  # type: ignore[arg-type]
    return asyncio.run(_with_dashboard(content, wishes, lang))


def wished(args: argparse.Namespace, content: Content, lang: str) -> Wishes:
    """What the arguments ask for. Raises `ClassError`."""
    from game.classroom.hosting import Wishes

    plan = Plan(
        scenario=args.scenario or "price-war", mode=args.mode, difficulty=args.difficulty or "manager",
        assume=args.assume or "none", levers=args.levers or "", seed=args.seed or "", teams=args.teams,
        background=args.background or "lab-spin-off", seconds=args.seconds,
        planned=_planned(content, args.scenario or "price-war", args.card),
    )  # fmt: skip
    return Wishes(
        args.room or _room_file(plan.scenario), plan, bind=args.bind, port=args.port, name=args.name, cert=args.cert,
        key=args.key, content=args.content, lang=lang,
    )  # fmt: skip


def _planned(content: Content, scenario: str, cards: list[str]) -> dict[int, list[str]]:
    """Cards by quarter, counted from 2023 Q1, of ``QUARTER:ID`` counted from the scenario's first."""
    from game.table.assignment import AssignmentError, quarter_and_card

    planned: dict[int, list[str]] = {}
    for text in cards:
        try:
            card = quarter_and_card(text)
        except AssignmentError as error:
            raise ClassError(error.message.id, **error.message.args) from error
        if scenario in content.scenarios:  # else the plan is refused anyway
            planned.setdefault(first_quarter(content, scenario) + card.quarter - 1, []).append(card.card)
    return planned


def _room_file(scenario: str) -> Path:
    from game.tui.launch import saves_folder

    folder = saves_folder(None) / "rooms"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ClassError("class.host.no-folder", folder=str(folder), why=error.strerror or str(error)) from error
    return free_path(folder, f"{datetime.now():%Y%m%d-%H%M%S}-{scenario}", SUFFIX)


async def _with_dashboard(content: Content, wishes: Wishes, lang: str) -> int:
    """The dashboard until the teacher leaves it, or the system ends the program."""
    from game.classroom.hosting import on_leaving

    me = asyncio.current_task()
    assert me is not None
    undo = on_leaving(me.cancel, hangup=False)
    try:
        return await _dashboard(content, wishes, lang)
    except asyncio.CancelledError:
        return 0  # the terminal is as it was, the room's file is closed
    finally:
        undo()


async def _dashboard(content: Content, wishes: Wishes, lang: str) -> int:
    from game.classroom.hosting import hosted
    from game.table.settings import keep_setting, read_settings
    from game.tui.dashboard import Reach, run_dashboard
    from game.tui.launch import settings_file

    kept: dict[str, Any] = read_settings(settings_file())
    opening: AbstractAsyncContextManager[Any] = hosted(content, wishes)
    async with opening as there:
        async def check() -> Reach:
            return Reach(*await there.check())

        return await run_dashboard(
            content, there.room, addresses=[str(a).rstrip("/") for a in there.addresses], code=there.room.code,
            lang=lang, check=check, folder=wishes.path.parent, seconds=wishes.plan.seconds,  # type: ignore[arg-type]
            plain_borders=kept.get("plain") == "yes", remember=lambda name, value: keep_setting(settings_file(), name, value),
            **({"theme": kept["theme"]} if kept.get("theme") else {}),
        )  # fmt: skip

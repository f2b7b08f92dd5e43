"""Fans of a session: the plan with nothing changed is played to its end though a draft called it off on the way."""

from __future__ import annotations

import asyncio

from game.tui.session import Session
from tests.tui.fake import FakeSeat


def test_a_plan_that_was_called_off_is_played_to_its_end() -> None:
    async def go() -> None:
        session = await Session.start(FakeSeat())
        begun = session.foresee()
        first = await anext(begun)
        assert first.games < first.wanted
        await begun.aclose()  # a key came
        session.set("price.token", 1.25 * session.standing("price.token"))
        assert [fans async for fans in session.foresee()][-1] is session.foretold
        session.reset("price.token")
        whole = [fans async for fans in session.foresee()][-1]
        assert whole.games == whole.wanted
        assert session.fans is session.ghost is session.foretold is whole

    asyncio.run(go())

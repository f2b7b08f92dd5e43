"""Lesson sheets on the projector: for the teacher's own machine, in the browser's language, without an answer in them."""

from __future__ import annotations

from serving import run, serving

from game.content import Content
from game.content.lessons import FOR_TEACHERS, sheet_ids
from game.pages.lessons import for_the_wall


def test_a_sheet_for_the_wall_is_served_to_this_machine_alone(shipped: Content) -> None:
    async def play() -> None:
        async with serving(shipped) as there:
            for lang, word in (("zh", "复盘的问题"), ("en", "Debrief questions")):
                status, page, headers = await there.get(f"/lessons/questions?lang={lang}")
                assert status == 200 and word in page and "<script" not in page
                policy = headers["Content-Security-Policy"]
                assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "script-src" not in policy
            there.peer = "192.168.7.20"
            assert (await there.get("/lessons/questions"))[0] == 404

    run(play)


def test_neither_briefings_nor_answers_are_served(shipped: Content) -> None:
    async def play() -> None:
        async with serving(shipped) as there:
            shut = [x for x in sheet_ids(shipped.lessons) if x not in for_the_wall(shipped)]
            assert {*FOR_TEACHERS, *shipped.lessons.roles, *shipped.lessons.plans} <= set(shut)
            for label in (*shut, "nothing", "%2e%2e%2fanswers"):
                status, page, _ = await there.get(f"/lessons/{label}")
                assert status == 404 and "¥" not in page

    run(play)

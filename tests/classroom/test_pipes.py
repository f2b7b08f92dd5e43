"""Frames: cut where they end, wherever the stream was cut, and never longer than they may be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.classroom import pipes

FRAMES = st.lists(st.builds(pipes.Frame, st.integers(0, 2**32 - 1), st.integers(0, 255), st.binary(max_size=40)), max_size=6)


@given(FRAMES, st.lists(st.integers(0, 300), max_size=8))
def test_frames_come_out_as_they_went_in(frames: list[pipes.Frame], cuts: list[int]) -> None:
    stream = b"".join(pipes.pack(f.connection, f.kind, f.body) for f in frames)
    reader, found, at = pipes.Frames(), [], 0
    for cut in [*sorted(c for c in cuts if c < len(stream)), len(stream)]:
        found += reader.feed(stream[at:cut])
        at = cut
    assert found == frames


def test_a_frame_that_is_too_long_is_refused_on_both_sides() -> None:
    with pytest.raises(pipes.FrameError):
        pipes.pack(1, pipes.KEYS, bytes(pipes.MAX_FRAME + 1))
    with pytest.raises(pipes.FrameError):
        pipes.Frames().feed(pipes.HEAD.pack(1, pipes.KEYS, pipes.MAX_FRAME + 1))

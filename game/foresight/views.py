"""Views as data: the same view many times over, to weigh many plans at once."""

from __future__ import annotations

from typing import Any

import numpy as np

from game.engine.view import OWN_FIELDS, PUBLIC_FIELDS, View


def gather(view: View, times: int) -> View:
    """``view`` of one game, ``times`` over in a batch."""
    if times == 1:
        return view
    own, public = _repeat(view.own, OWN_FIELDS, times), _repeat(view.public, PUBLIC_FIELDS, times)
    return View(view.quarter, view.firms, own, public)


def sealed(view: View) -> View:
    """The same view with every field worked out, so that nothing in it reaches back to the state it was seen in."""
    return View(view.quarter, view.firms, _copied(view.own, OWN_FIELDS), _copied(view.public, PUBLIC_FIELDS))


def _copied(part: Any, names: tuple[str, ...]) -> Any:
    new = object.__new__(type(part))
    new.__dict__.update({name: np.array(getattr(part, name)) for name in names})
    return new


def _repeat(part: Any, names: tuple[str, ...], times: int) -> Any:
    """A part of a view with each array repeated along its games."""
    new = object.__new__(type(part))
    for name in names:
        array = getattr(part, name)
        new.__dict__[name] = np.repeat(array, times, axis=-1)
    return new

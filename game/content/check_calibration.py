"""Checks of the parameters that a calibration may move."""

from __future__ import annotations

from .checking import Checking
from .problems import did_you_mean
from .ranges import allowed
from .resolve import AXES, parameter_value

MOST: int = 12
"""Free parameters that a calibration may have: more, and it fits anything."""


def check_free(work: Checking) -> None:
    """Each free parameter exists, names an entry where it is a table, and stands inside its box."""
    content = work.content
    places: dict[tuple[str, str], str] = {}
    for index, free in enumerate(content.free.values()):
        if index == MOST:
            work.add("free", free.id, "", f"is number {MOST + 1}; a calibration moves at most {MOST} parameters")
        if not free.low < free.high:
            work.add("free", free.id, "low", f"{free.low:g} is not below high = {free.high:g}")
            continue
        if free.log and free.low <= 0:
            work.add("free", free.id, "low", f"{free.low:g} has no logarithm; give a low above 0, or leave log out")
            continue
        other = places.setdefault((free.parameter, free.entry), free.id)
        if other != free.id:
            work.add("free", free.id, "parameter", f"'{free.parameter}' is moved by '{other}' already")
        _place(work, free.id)


def _place(work: Checking, label: str) -> None:
    free = work.content.free[label]
    work.refer("free", label, "parameter", "parameter", free.parameter)
    parameter = work.content.parameters.get(free.parameter)
    if parameter is None:
        return
    axis = AXES.get(parameter.by or "", ())
    if parameter.by in ("quarter", "year"):
        work.add("free", label, "parameter", f"'{parameter.id}' runs over {parameter.by}s; one number can be moved")
    elif bool(free.entry) != bool(parameter.by):
        what = f"a table by {parameter.by}; name one entry" if parameter.by else "one number; leave entry out"
        work.add("free", label, "entry", f"'{parameter.id}' is {what}")
    elif free.entry and free.entry not in axis:
        work.add("free", label, "entry", f"'{free.entry}' is no {parameter.by}{did_you_mean(free.entry, axis)}")
    else:
        least, most = allowed(parameter)
        if free.low < least or free.high > most:
            work.add("free", label, "low", f"the box is wider than '{parameter.id}' may be ({least:g} to {most:g})")
        try:
            value = parameter_value(work.content, parameter)
        except ValueError:  # said where parameters are checked
            return
        now = value[axis.index(free.entry)] if isinstance(value, tuple) else value
        if not free.low <= now <= free.high:
            message = f"the box {free.low:g} to {free.high:g} does not hold the present value {now:g}"
            work.add("free", label, "low", message, "warning")

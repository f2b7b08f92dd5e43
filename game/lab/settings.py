"""``parameter=value`` as a person types it: one changed number of the rules, checked like an assumptions overlay."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from game.content.problems import did_you_mean
from game.content.ranges import entries, outside
from game.content.resolve import Value, changed, parameter_values
from game.content.schema import Change

if TYPE_CHECKING:
    from game.content import Content
    from game.engine.rules import Rules


@dataclasses.dataclass(frozen=True)
class Setting:
    """One change: ``parameter`` or one ``entry`` of its table becomes ``value``, or that many times what it was."""

    parameter: str
    entry: str
    value: float
    times: bool

    def __str__(self) -> str:
        entry = f".{self.entry}" if self.entry else ""
        return f"{self.parameter}{entry}={'*' if self.times else ''}{self.value:g}"

    @property
    def change(self) -> Any:
        """As the ``set`` of an assumptions overlay would write it."""
        if not self.entry:
            return {"times": self.value} if self.times else self.value
        return {self.entry: Change(times=self.value) if self.times else self.value}


def read_setting(content: Content, text: str) -> Setting:
    """``name=1.5``, ``table.entry=2`` or ``name=*0.8``. Raises ValueError with one sentence."""
    name, equals, number = text.partition("=")
    name, number = name.strip(), number.strip()
    parameter, _, entry = name.partition(".")
    if not equals or not parameter or not number:
        raise ValueError(f"{text!r} is no change of a parameter; write parameter=value, such as wage=120000")
    if parameter not in content.parameters:
        raise ValueError(f"there is no parameter {parameter!r}{did_you_mean(parameter, content.parameters)}")
    times = number.startswith("*")
    try:
        value = float(number.removeprefix("*"))
    except ValueError:
        raise ValueError(f"{number!r} is no number; write {name}=1.5, or {name}=*1.5 for a multiple") from None
    setting = Setting(parameter, entry, value, times)
    new_value(content, parameter_values(content)[parameter], setting)
    return setting


def new_value(content: Content, old: Value, setting: Setting) -> Value:
    """A parameter after the change. Raises ValueError where the entry does not exist or the number is out of bounds."""
    parameter = content.parameters[setting.parameter]
    names = [name for name, _ in entries(parameter, old)]
    if isinstance(old, tuple) and not setting.entry and not setting.times:
        raise ValueError(
            f"{setting.parameter} is a table by {parameter.by}; name an entry, such as {setting.parameter}.{names[0]}"
        )
    if setting.entry and not isinstance(old, tuple):
        raise ValueError(f"{setting.parameter} is one number, not a table; leave out '.{setting.entry}'")
    if setting.entry and setting.entry not in names and parameter.by != "year":
        hint = did_you_mean(setting.entry, names)
        raise ValueError(f"{setting.parameter} has no entry {setting.entry!r}{hint}")
    value = changed(content, parameter, old, setting.change)
    for _, sentence in outside(parameter, value):
        raise ValueError(f"{setting} cannot be: it {sentence}")
    return value


def changed_values(content: Content, assume: str, settings: Sequence[Setting]) -> dict[str, Value]:
    """Changed parameters by id, on top of the assumptions ``assume``; later settings build on earlier ones."""
    before = parameter_values(content, assume)
    after: dict[str, Value] = {}
    for setting in settings:
        name = setting.parameter
        after[name] = new_value(content, after.get(name, before[name]), setting)
    return after


def with_settings(content: Content, rules: Rules, assume: str, settings: Sequence[Setting]) -> Rules:
    """The rules with the settings laid over those of the assumptions that they were built under."""
    import numpy as np

    new = changed_values(content, assume, settings)
    arrays: dict[str, Any] = {
        n: np.array(v, dtype=np.float64) if isinstance(v, tuple) else float(v) for n, v in new.items()
    }
    return dataclasses.replace(rules, params=dataclasses.replace(rules.params, **arrays))

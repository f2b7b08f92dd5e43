"""What the sources of the rules may not contain, and who may import whom: read with ast, proved on planted faults."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

GAME = Path(__file__).resolve().parents[2] / "game"
ORDER = ("engine", "content", "policies", "foresight", "table", "lab", "language", "pages", "classroom", "tui", "cli")
"""Each may import those before it."""
RULES = sorted(p for part in ("engine", "policies") for p in (GAME / part).rglob("*.py"))

BANNED = {
    "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "logaddexp", "power", "float_power", "sqrt", "cbrt", "sin",
    "cos", "tan", "arcsin", "arccos", "arctan", "arctan2", "sinh", "cosh", "tanh", "arcsinh", "arccosh", "arctanh",
    "dot", "vdot", "inner", "matmul", "einsum", "tensordot", "sum", "nansum", "mean", "nanmean", "average", "std", "var",
    "prod", "cumsum", "cumprod", "trapezoid", "convolve", "interp", "percentile", "quantile", "median", "random",
    "geomspace", "logspace", "linalg", "fft",
}
"""Names of numpy whose bits hang on the processor or on the shape. Square roots are exact, but nobody needs them."""
METHODS = {"sum", "mean", "std", "var", "prod", "cumsum", "dot"}
MODULES = {"random", "time", "datetime", "math", "secrets", "uuid", "statistics", "threading", "asyncio", "cmath"}
WHOLE_SUMS = {
    ("books.py", "amount"), ("books.py", "out"), ("books.py", "parts"), ("books.py", "self.lines"),
}
"""Whole numbers that `np.add.reduce` may add up, where the name alone does not say so."""
WHOLE_NAMES = ("staff", "hiring", "lines", "astype(np.int64)", "cash")


def dotted(node: ast.AST) -> str:
    return ast.unparse(node)


def violations(source: str, name: str = "x.py") -> list[str]:
    """Line and reason of everything in a module that could give other bits elsewhere, or depends on a clock."""
    found: list[str] = []
    tree = ast.parse(source)
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            found += [f"{name}:{line}: imports {n}" for n in names if n.split(".")[0] in MODULES]
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("numpy"):
                found += [f"{name}:{line}: takes {a.name} from numpy" for a in node.names if a.name in BANNED]
        elif isinstance(node, ast.Attribute) and dotted(node.value) in ("np", "numpy") and node.attr in BANNED:
            if f"{dotted(node)}(shape, dtype=np.int64)" in source:
                continue  # a product of whole numbers
            found.append(f"{name}:{line}: np.{node.attr}")
        elif isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.MatMult):
            found.append(f"{name}:{line}: @")
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and not whole_power(node):
            found.append(f"{name}:{line}: {dotted(node)}")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            found += called(node, node.func, name, line)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("pow", "hash", "id"):
            found.append(f"{name}:{line}: {node.func.id}()")
    return found


def called(node: ast.Call, function: ast.Attribute, name: str, line: int) -> Iterator[str]:
    owner = dotted(function.value)
    if function.attr in METHODS and owner not in ("np", "numpy"):
        # Counting truths or whole numbers is exact in any order; say so with astype.
        yield f"{name}:{line}: .{function.attr}() of {owner}"
    if function.attr == "reduce" and owner in ("np.add", "np.multiply"):
        what = dotted(node.args[0])
        single = ":]" in what and "[:, -1:]" in what
        if not (single or any(w in what for w in WHOLE_NAMES) or (name, what) in WHOLE_SUMS):
            yield f"{name}:{line}: {owner}.reduce of {what}"


def whole_power(node: ast.BinOp) -> bool:
    """Powers of constants with whole exponents are exact or made once, by Python."""
    try:
        exponent = ast.literal_eval(node.right)
        base = ast.literal_eval(node.left)
    except ValueError:
        return False
    exact = isinstance(base, int) or float(base) == 2.0
    return exact and (isinstance(exponent, int) or (float(base) == 2.0 and isinstance(exponent, float)))


@pytest.mark.parametrize("path", RULES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_rules_hold_nothing_that_differs_elsewhere(path: Path) -> None:
    assert violations(path.read_text(encoding="utf-8"), path.name) == []


@pytest.mark.parametrize(
    "fault", [
        "y = np.exp(x)", "y = np.log1p(x)", "y = a @ b", "y = np.dot(a, b)", "y = np.einsum('i,i', a, b)",
        "y = x.sum(axis=0)", "y = np.sum(x)", "y = x ** 0.5", "y = x ** 2", "y = 1.07 ** n", "import random",
        "from time import time", "import datetime", "y = np.random.default_rng()", "from numpy import tanh",
        "y = np.add.reduce(s.customers, axis=1)", "y = np.power(x, 2)", "y = np.mean(x)", "y = pow(x, y)",
        "y = x.mean()", "import math", "a @= b",
    ]
)  # fmt: skip
def test_each_of_these_would_be_found(fault: str) -> None:
    assert len(violations(fault)) == 1


@pytest.mark.parametrize("fine", [
    "y = np.add.reduce(s.staff, axis=1)", "y = 2.0 ** -52", "y = 1 << 64", "y = np.add.accumulate(x, axis=0)[-1]",
    "from game.engine.numeric import exp\ny = exp(x)",
])
def test_these_are_fine(fine: str) -> None:
    assert violations(fine) == []


# Imports.


def part_of(path: Path) -> str:
    """Which part of the package a file belongs to."""
    inside = path.relative_to(GAME).parts
    return inside[0].removesuffix(".py") if inside else ""


def imported(source: str, module: str) -> Iterator[tuple[int, str]]:
    """Line and full name of every module of the game that ``source`` imports, at the top or later."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, a.name) for a in node.names if a.name.split(".")[0] == "game")
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = ".".join([*module.split(".")[: -node.level], *([base] if base else [])])
            if base == "game":
                yield from ((node.lineno, f"game.{a.name}") for a in node.names)
            elif base.startswith("game."):
                yield node.lineno, base


def upward(source: str, path: Path) -> list[str]:
    """Imports of a later part by an earlier one; the engine may import the engine alone."""
    own = part_of(path)
    if own not in ORDER:
        return []
    wrong = []
    module = ".".join(("game", *path.relative_to(GAME).with_suffix("").parts))
    for line, name in imported(source, module):
        target = name.split(".")[1]
        if target in ORDER and ORDER.index(target) > ORDER.index(own):
            wrong.append(f"{path.relative_to(GAME)}:{line}: {own} imports {name}")
        elif own == "engine" and target != "engine":
            wrong.append(f"{path.relative_to(GAME)}:{line}: the engine imports {name}")
    return wrong


FILES = sorted(GAME.rglob("*.py"))


def test_imports_go_one_way() -> None:
    assert len(FILES) > 40
    assert [w for p in FILES for w in upward(p.read_text(encoding="utf-8"), p)] == []


def test_every_part_has_its_place_in_the_order() -> None:
    unknown = {part_of(p) for p in FILES} - set(ORDER) - {"__init__", "__main__", "_content"}
    assert unknown == set()


@pytest.mark.parametrize(("where", "fault"), [
    ("engine/play.py", "from game.policies import decide_all"), ("engine/play.py", "from game.content import load"),
    ("content/build.py", "import game.table.runs"), ("policies/thumb.py", "from ..foresight import estimate"),
    ("lab/trace.py", "def f():\n    from game.tui import app"), ("engine/play.py", "from game import __version__"),
    ("table/table.py", "from game import lab"),
])
def test_an_import_the_wrong_way_would_be_found(where: str, fault: str) -> None:
    assert len(upward(fault, GAME / where)) == 1

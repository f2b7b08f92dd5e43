"""The same bits on old processors: games replayed by a child process whose numpy, or whose C library, may not use the
newer instructions. Each child proves first that the switch worked."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy._core import _multiarray_umath as umath

ROOT = Path(__file__).resolve().parents[2]
CHILD = """
import hashlib, json, sys
import numpy as np
from numpy._core import _multiarray_umath as umath
x = (np.arange(40_001) + 1.0) * 2.0**-9
report = {
    "on": sorted(n for n, on in umath.__cpu_features__.items() if on),
    "float32 exp": hashlib.sha256(np.exp(x.astype(np.float32)).tobytes()).hexdigest(),
    "float64 exp": hashlib.sha256(np.exp(x).tobytes()).hexdigest(),
    "float64 log": hashlib.sha256(np.log(x).tobytes()).hexdigest(),
}
sys.path.insert(0, ROOT)
from tests.engine.playing import mixed, play
from game.content.build import build_rules
from game.content.load import load
from game.engine.numeric import exp, log
from game.engine.state import digest, pack
report["portable"] = hashlib.sha256(exp(x).tobytes() + log(x).tobytes()).hexdigest()
rules = build_rules(load(), "war")
for games in (1, 9):
    states = play(rules, [f"processor/{i}" for i in range(games)], mixed(rules.firms))
    report[f"games of {games}"] = [digest(s, g) for s in states for g in range(games)]
print(json.dumps(report))
"""

pytestmark = pytest.mark.skipif(
    platform.system() != "Linux" or platform.machine() not in ("x86_64", "AMD64"),
    reason="processor features can be switched off on x86-64 Linux only",
)


def child(fault: str = "", **environment: str) -> dict[str, object]:
    """Report of a fresh process with some variables of the environment set and the others of this kind unset."""
    code = CHILD.replace("rules = build_rules", f"{fault}\nrules = build_rules")
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("NPY_", "GLIBC_", "PYTEST_"))}
    done = subprocess.run(
        [sys.executable, "-W", "error::RuntimeWarning", "-c", f"ROOT = {str(ROOT)!r}\n{code}"],
        env={**clean, **environment}, cwd=ROOT, capture_output=True, text=True, check=False, timeout=110,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    report: dict[str, object] = json.loads(done.stdout)
    return report


@pytest.fixture(scope="module")
def plain() -> dict[str, object]:
    return child()


def same_games(a: dict[str, object], b: dict[str, object]) -> bool:
    return all(a[n] == b[n] for n in ("portable", "games of 1", "games of 9"))


def test_games_are_the_same_without_numpys_newer_loops(plain: dict[str, object]) -> None:
    """Names come from numpy's own dispatch list: others are silently ignored."""
    features = umath.__cpu_features__
    names = [n for n in umath.__cpu_dispatch__ if features.get(n)]
    if not names:
        pytest.skip("this processor has none of the features that numpy dispatches on")
    old = child(NPY_DISABLE_CPU_FEATURES=",".join(names))
    assert set(names) <= set(plain["on"])  # type: ignore[arg-type]
    assert not set(names) & set(old["on"]), "still on in the child"  # type: ignore[arg-type]
    if old["float32 exp"] == plain["float32 exp"]:
        pytest.skip("numpy's float32 exp does not change here, so nothing would be shown")
    assert same_games(old, plain)


def test_games_are_the_same_without_the_c_librarys_newer_functions(plain: dict[str, object]) -> None:
    """float64 exp and log of numpy may come from the C library, whose own dispatch only its tunables switch.

    On a processor with AVX-512 numpy brings its own, so those are switched off first.
    """
    features = umath.__cpu_features__
    names = ",".join(n for n in umath.__cpu_dispatch__ if features.get(n))
    without_loops = child(NPY_DISABLE_CPU_FEATURES=names) if names else plain
    old = child(NPY_DISABLE_CPU_FEATURES=names, GLIBC_TUNABLES="glibc.cpu.hwcaps=-FMA,-AVX2")
    if old["float64 exp"] == without_loops["float64 exp"] and old["float64 log"] == without_loops["float64 log"]:
        pytest.skip("float64 exp and log do not change with the C library's tunables here")
    assert old["float64 exp"] != plain["float64 exp"]
    assert same_games(old, plain)


def test_this_process_agrees_with_its_child(plain: dict[str, object]) -> None:
    from game.engine.numeric import exp, log

    x = (np.arange(40_001) + 1.0) * 2.0**-9
    assert hashlib.sha256(exp(x).tobytes() + log(x).tobytes()).hexdigest() == plain["portable"]


def test_numpys_exp_in_a_rule_would_be_noticed() -> None:
    """The planted fault: a market that uses numpy's own exp. Its games differ between the children."""
    fault = (
        "import game.engine.numeric as n, game.engine.choice as c, game.engine.demand as d, game.engine.derive as v\n"
        "bad = lambda x: np.exp(np.clip(x, -700.0, 700.0))\n"
        "for m in (n, c, d, v): m.exp = bad\n"
    )
    names = ",".join(n for n in umath.__cpu_dispatch__ if umath.__cpu_features__.get(n))
    new = child(fault)
    old = child(fault, NPY_DISABLE_CPU_FEATURES=names, GLIBC_TUNABLES="glibc.cpu.hwcaps=-FMA,-AVX2")
    if new["float64 exp"] == old["float64 exp"]:
        pytest.skip("float64 exp is the same everywhere here, so the fault shows nowhere")
    assert not same_games(new, old)

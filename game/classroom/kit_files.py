"""What else lies in a kit: a start script a system and one sheet of paper in both languages.

The scripts make a virtual environment in the pupil's home (a stick is slow and may be read-only), install from the
kit's wheels and no index, and play the assignment; runs land in ``baimo-runs`` in the home. The one for Windows is ASCII
with that system's line ends; the others run in any POSIX shell.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from game.classroom.assign_command import told
from game.classroom.kit import ASSIGNMENT, PYTHONS, WHEELS
from game.language import Tongue

if TYPE_CHECKING:
    from game.content import Content
    from game.table.assignment import Assignment

RUNS: Final = "baimo-runs"


def windows(version: str) -> bytes:
    """``start.bat``."""
    lines = [
        "@echo off", "setlocal", "chcp 65001 >nul", f'set "HOMEDIR=%LOCALAPPDATA%\\baimo-kit-{version}"',
        f'set "RUNS=%USERPROFILE%\\{RUNS}"', 'set "PYTHONUTF8=1"', 'if exist "%HOMEDIR%\\Scripts\\baimo.exe" goto play',
        'set "PY="',
        *(f'if not defined PY py -{p} -c "" >nul 2>nul && set "PY=py -{p}"' for p in reversed(PYTHONS)),
        'if not defined PY python -c "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))" >nul 2>nul && set "PY=python"',
        "if not defined PY (", f"  echo Python {PYTHONS[0]} to {PYTHONS[-1]} is needed and was not found.", "  pause", "  exit /b 1",
        ")", 'echo Setting up once; this takes a minute.', '%PY% -m venv "%HOMEDIR%" || goto failed',
        f'"%HOMEDIR%\\Scripts\\python.exe" -m pip install --disable-pip-version-check --no-index --find-links "%~dp0{WHEELS}" baimo || goto failed',
        ":play", f'"%HOMEDIR%\\Scripts\\baimo.exe" play "%~dp0{ASSIGNMENT}" --saves "%RUNS%" %*',
        "echo Your runs are in %RUNS%", "pause", "exit /b 0", ":failed", 'rmdir /s /q "%HOMEDIR%" 2>nul',
        "echo It could not be set up.", "pause", "exit /b 1",
    ]  # fmt: skip
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def posix(version: str) -> bytes:
    """``start.sh`` and ``start.command``."""
    names = " ".join(f"python{p}" for p in reversed(PYTHONS))
    check = "import sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))"
    return f"""#!/bin/sh
# Sets the game up from this folder, without a network, and plays the assignment.
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd) || exit 1
place="${{XDG_DATA_HOME:-$HOME/.local/share}}/baimo-kit-{version}"
runs="$HOME/{RUNS}"
if [ ! -x "$place/bin/baimo" ]; then
  py=
  for name in {names} python3; do
    if [ -z "$py" ] && command -v "$name" >/dev/null 2>&1 && "$name" -c '{check}' >/dev/null 2>&1; then py=$name; fi
  done
  if [ -z "$py" ]; then
    echo "Python {PYTHONS[0]} to {PYTHONS[-1]} is needed and was not found."
    exit 1
  fi
  echo "Setting up once; this takes a minute."
  if ! "$py" -m venv "$place" || ! "$place/bin/python" -m pip install --quiet --disable-pip-version-check --no-index \\
      --find-links "$here/{WHEELS}" baimo; then
    rm -rf "$place"
    echo "It could not be set up."
    exit 1
  fi
fi
"$place/bin/baimo" play "$here/{ASSIGNMENT}" --saves "$runs" "$@"
code=$?
echo "Your runs are in $runs"
exit $code
""".encode("ascii")


def sheet(plan: Assignment, content: Content) -> bytes:
    """One page for paper, Chinese and English: what is asked, how to start, what to hand in."""
    halves = []
    for lang in ("zh", "en"):
        tongue = Tongue(lang, content=content)  # type: ignore[arg-type]
        say = tongue.say
        asked = "".join(f"<li>{escape(line)}</li>" for line in told(plan, tongue)[1 if plan.title else 0 :])
        steps = "".join(
            f"<li>{escape(say(f'class.kit.step-{name}', low=PYTHONS[0], high=PYTHONS[-1], runs=RUNS))}</li>"
            for name in ("python", "windows", "macos", "linux", "name", "hand-in")
        )
        halves.append(
            f'<section lang="{"zh-CN" if lang == "zh" else "en"}"><h1>{escape(plan.title or say("class.assignment.head"))}</h1>'
            f"<ul>{asked}</ul><h2>{escape(say('class.kit.steps'))}</h2><ol>{steps}</ol></section>"
        )
    return f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{escape(plan.title or "Baimo")}</title><style>
body {{ font: 15px/1.6 system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; color: #1c2430;
  background: #fff; margin: 2rem auto; max-width: 46rem; padding: 0 1.2rem; }}
h1 {{ font-size: 1.5rem; border-bottom: 3px solid #b3402a; padding-bottom: .3rem; }} h2 {{ font-size: 1.05rem; }}
section + section {{ margin-top: 2rem; }} li {{ margin: .15rem 0; overflow-wrap: anywhere; }}
@media print {{ body {{ margin: 0; font-size: 12px; }} }}
</style></head><body>{"".join(halves)}</body></html>
""".encode()

#!/usr/bin/env bash
# Makes the virtual environment and installs the project with the exact versions of constraints.txt.
# Usage: scripts/install.sh VENV       PYTHON may name the interpreter to use, EXTRAS the extras of pyproject.toml.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=${1:-.venv}
python=${PYTHON:-python3}

command -v "$python" >/dev/null || {
  echo "No $python here. Install Python 3.11 or newer, or say: make PYTHON=/path/to/python" >&2
  exit 2
}
"$python" - <<'PY' || exit 2
import sys
if sys.version_info < (3, 11):
    sys.exit(f"Python {sys.version.split()[0]} is too old: 3.11 or newer is needed. Say: make PYTHON=/path/to/python3.11")
PY

say() { printf '▸ %s\n' "$*" >&2; }

if ! [ -x "$venv/bin/python" ] || ! "$venv/bin/python" -c '' 2>/dev/null; then
  say "making the virtual environment $venv"
  "$python" -m venv --clear "$venv" || {
    echo "The venv module is missing. On Debian or Ubuntu: apt-get install python3-venv" >&2
    exit 2
  }
fi
say "installing packages (about a minute on a fast line)"
# `python -m pip` instead of `bin/pip`: a script's first line cannot hold a path with spaces.
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --progress-bar on \
  --constraint constraints.txt --editable ".[${EXTRAS:-demo,dev}]"
touch "$venv/.installed"

#!/usr/bin/env bash
# A synthetic college, the daily job, and the site with a development sign-in, on this machine only.
# Usage: scripts/demo.sh VENV      CAMPUS_DEMO_HOME, CAMPUS_DEMO_STUDENTS, CAMPUS_DEMO_YEARS and
# CAMPUS_DEMO_PORT change the defaults. A second run keeps the college and serves it again.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=${1:-.venv}
home=${CAMPUS_DEMO_HOME:-data/demo}
students=${CAMPUS_DEMO_STUDENTS:-2000}
years=${CAMPUS_DEMO_YEARS:-4}

campus() { "$venv/bin/python" -m warehouse --home "$home" "$@"; }

if ! [ -f "$home/.simulated" ]; then
  campus init
  campus simulate --students "$students" --staff "$((students / 10))" --years "$years" --seed 7
  echo "$students students, $years years" > "$home/.simulated"
else
  echo "▸ keeping the college of $(cat "$home/.simulated") in $home; remove that folder for another" >&2
fi
campus refresh
exec "$venv/bin/python" -m warehouse --home "$home" serve --demo --port "${CAMPUS_DEMO_PORT:-8501}"

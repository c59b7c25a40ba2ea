#!/usr/bin/env bash
# All tests, in two processes side by side: those that build whole colleges, and the others.
# Usage: scripts/test.sh VENV [pytest arguments]. The exit code is that of the first that failed.
set -uo pipefail
cd "$(dirname "$0")/.."
python=${1:-.venv}/bin/python
[ $# -eq 0 ] || shift
log=$(mktemp)
trap 'rm -f "$log"' EXIT

"$python" -m pytest -m whole_college "$@" > "$log" 2>&1 &
colleges=$!
"$python" -m pytest -m 'not whole_college' "$@"
others=$?
wait "$colleges"
code=$?
echo '▸ the tests that build whole colleges:'
cat "$log"
exit $((others != 0 ? others : code))

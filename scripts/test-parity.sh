#!/usr/bin/env bash
# The models on two engines: a slice of them is built by DuckDB and by a Spark of this machine from one lake, and
# every row is compared. Apart from the other tests, because Spark needs Java and a gigabyte of packages.
# Usage: scripts/test-parity.sh [VENV] [pytest arguments]       PYTHON may name the interpreter to use.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=${1:-.venv-parity}
[ $# -eq 0 ] || shift

say() { printf '▸ %s\n' "$*" >&2; }

# Spark 4.3 runs on Java 17 and newer.
java_is_new_enough() {
  command -v java >/dev/null || return 1
  local version
  version=$(java -version 2>&1 | sed -nE '1s/.*"([0-9]+).*/\1/p')
  [ "${version:-0}" -ge 17 ]
}

if ! java_is_new_enough; then
  if command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; then
    as_root=(); [ "$(id -u)" = 0 ] || as_root=(sudo -n)
    say "installing from the system's packages: openjdk-17-jre-headless"
    export DEBIAN_FRONTEND=noninteractive
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" apt-get install -y -qq --no-install-recommends openjdk-17-jre-headless >/dev/null
  else
    echo "Spark needs Java 17 or newer." >&2
    echo "Run this, then try again:  sudo apt-get install --no-install-recommends openjdk-17-jre-headless" >&2
    exit 1
  fi
fi

stamp=$venv/.installed
if ! [ "$stamp" -nt pyproject.toml ] || ! [ "$stamp" -nt constraints.txt ]; then
  EXTRAS=parity bash scripts/install.sh "$venv"
fi
exec "$venv/bin/python" -m pytest tests/parity "$@"

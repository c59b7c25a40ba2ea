#!/usr/bin/env bash
# Parses the dbt project and has dbt-bouncer look at what came out. Usage: scripts/lint-models.sh VENV
set -euo pipefail
cd "$(dirname "$0")/.."
bin=$PWD/${1:-.venv}/bin
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat > "$work/profiles.yml" <<'PROFILE'
campus:
  target: lint
  outputs:
    lint: {type: duckdb, path: ":memory:", threads: 1}
PROFILE
"$bin/dbt" parse --project-dir dbt_project --profiles-dir "$work" --target-path "$work/target" \
  --log-path "$work/log" --quiet --no-use-colors --no-version-check --no-send-anonymous-usage-stats
DBT_PROJECT_DIR="$work" "$bin/dbt-bouncer" run --show-all-failures --config-file dbt_project/dbt-bouncer.yml > "$work/bouncer.log" 2>&1 ||
  { cat "$work/bouncer.log" >&2; exit 1; }
tail -n 1 "$work/bouncer.log"

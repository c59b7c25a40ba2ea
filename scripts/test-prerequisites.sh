#!/usr/bin/env bash
# What the tests need from the system: Chromium, Chinese fonts, pdftotext, Node.js with the packages of the
# second identity provider and of the accessibility checks, and the servers of PostgreSQL and MariaDB, which the tests of `campus pull`
# and of the state database start themselves (no service needs to run). Installs them where it may (root, or sudo without a password, on a
# Debian-like system); otherwise says which command to run and fails, so that the browser tests never
# silently vanish.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '▸ %s\n' "$*" >&2; }
missing=()

find_chromium() {
  [ -n "${CAMPUS_TEST_CHROMIUM:-}" ] && [ -x "$CAMPUS_TEST_CHROMIUM" ] && return 0
  command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null
}
# `fc-list` may be missing or print nothing; either means there is no font to draw Chinese with.
find_font() { command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh family 2>/dev/null | head -n 1)" ]; }

find_chromium || missing+=(chromium)
find_font || missing+=(fonts-noto-cjk fontconfig)
command -v pdftotext >/dev/null || missing+=(poppler-utils)
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
{ [ -x /usr/sbin/mariadbd ] || command -v mariadbd >/dev/null; } &&
  command -v mariadb-install-db >/dev/null || missing+=(mariadb-server-core)
# What sets up its data folder calls a program of the client's package, which is not named as a need.
command -v my_print_defaults >/dev/null || missing+=(mariadb-client-core)

if [ ${#missing[@]} -gt 0 ]; then
  if command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; then
    as_root=(); [ "$(id -u)" = 0 ] || as_root=(sudo -n)
    say "installing from the system's packages: ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  else
    echo "The tests need: ${missing[*]}" >&2
    echo "Run this, then try again:  sudo apt-get install --no-install-recommends ${missing[*]}" >&2
    echo "(or point CAMPUS_TEST_CHROMIUM at a Chromium you already have)" >&2
    exit 1
  fi
fi

for folder in tests/e2e/oidc tests/e2e/axe; do
  stamp=$folder/node_modules/.installed
  if ! [ "$stamp" -nt "$folder/package.json" ]; then
    say "installing $(basename "$folder") for the browser tests"
    (cd "$folder" && npm install --no-package-lock --no-audit --no-fund --loglevel=error >&2)
    touch "$stamp"
  fi
done

#!/usr/bin/env bash
# Builds the page with the system's npm; called by Maven. Does nothing that is done already:
# npm ci only when the lock file changed, the build only when a source changed.
# usage: build.sh OUTPUT_FOLDER SKIP_TESTS(true|false)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
output="$1"
skip_tests="$2"
stamps="$(dirname "$(dirname "$output")")/page-stamps"

stop() {
  printf 'web-ui: %s\n' "$@" >&2
  exit 1
}

needs="Building the page needs Node.js 20.19 or newer with npm 10 or newer on the PATH"
command -v node >/dev/null || stop "$needs; there is no 'node'." \
  "Install it from your system's packages (nodejs, npm) or from nodejs.org."
command -v npm >/dev/null || stop "$needs; there is no 'npm'." \
  "Install it from your system's packages (npm)."
node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' ||
  stop "$needs; this 'node' is $(node --version)."

run() { # runs quietly; shows everything if it fails
  local what="$1" log
  shift
  log="$(mktemp)"
  if ! "$@" >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    stop "$what failed, see above."
  fi
  rm -f "$log"
}

mkdir -p "$stamps"
lock="$(cksum <package-lock.json) $(node --version)"
if [ "$(cat node_modules/.installed-lock 2>/dev/null || true)" != "$lock" ]; then
  echo "web-ui: fetching the page's libraries (npm ci)"
  run "npm ci" npm ci --no-progress
  printf '%s' "$lock" >node_modules/.installed-lock
fi

sources="$(find . \( -name node_modules -o -name dist \) -prune -o -type f -print | LC_ALL=C sort | xargs cksum | cksum)"
if [ "$skip_tests" != true ] && [ "$(cat "$stamps/tested" 2>/dev/null || true)" != "$sources" ]; then
  echo "web-ui: checking the page's types and running its tests"
  run "the page's type check" npm run --silent typecheck
  run "a test of the page" npm run --silent test
  printf '%s' "$sources" >"$stamps/tested"
fi
if [ ! -f "$output/index.html" ] || [ "$(cat "$stamps/built" 2>/dev/null || true)" != "$sources" ]; then
  echo "web-ui: building the page"
  run "the page's build" npm run --silent build -- --outDir "$output" --emptyOutDir
  printf '%s' "$sources" >"$stamps/built"
fi

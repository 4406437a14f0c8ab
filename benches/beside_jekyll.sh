#!/bin/bash
# Builds a made-up Jekyll site with Carafe and with Jekyll, and compares the CPU seconds (user and system) of both:
#   bash benches/beside_jekyll.sh [CARAFE] [PAGES]
# CARAFE is the program, by default that of a release build; the best of three runs counts, of Jekyll the only one.
set -euo pipefail
cd "$(dirname "$0")/.."
carafe=${1:-target/release/carafe}; pages=${2:-1300}
[ -x "$carafe" ] || { cargo build --release --locked; }
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cargo run -q --locked --example gen_jekyll_site -- "$folder/site" "$pages"
TIMEFORMAT='%U %S'
seconds() { { time "$@" >"$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }; } 2>&1 | awk '{ print $1 + $2 }'; }
best=
for _ in 1 2 3; do
    taken=$(seconds "$carafe" build -s "$folder/site" -d "$folder/ours")
    best=$(printf '%s\n' $best "$taken" | sort -g | head -1)
done
theirs=$(seconds jekyll build -s "$folder/site" -d "$folder/theirs" --disable-disk-cache)
# The spans of code are of other classes here and there: see the page for Jekyll's users.
plain() { (cd "$1" && find . -type f ! -name .carafe | sort | while read -r file; do echo "$file"; sed 's|</\{0,1\}span[^>]*>||g' "$file"; done); }
cmp <(plain "$folder/ours") <(plain "$folder/theirs") || echo "the two sites differ"
awk -v a="$best" -v b="$theirs" -v n="$pages" \
    'BEGIN { printf "%d pages: carafe %.2f s, jekyll %.2f s of CPU: a %.1fth\n", n, a, b, b / a }'

#!/usr/bin/env bash
# Sorted by ICU's Chinese collation, 重庆 is under C as it should be, and 长沙 and 长春 are after 徐州, under Z.
#
# GUESS      The collation "zh" knows no words, so a character with two readings sorts by the common one: 长 as chang,
#            重 as zhong, 朝 as chao or zhao. 长沙 is between 北京 and 成都, 重庆 next to 郑州.
# VERSION    DuckDB 2.0.0, which brings ICU along, by way of its Python package.
# BEHAVIOUR  The two are swapped against the guess: 长 is filed as zhang, 重 as chong. 长春, 长沙 and 长治 come after
#            徐州, 重庆 after 成都.
# OUTPUT     The lines under "want".
# WHY HERE   A list of cities "in pinyin order" from a database's zh collation, or a browser's, hides two provincial
#            capitals at its end. Division codes are the order that needs no reading.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$temp/py" \
    duckdb==2.0.0 2> "$temp/errors" || { cat "$temp/errors"; exit 1; }

cat > "$temp/run.py" <<'PY'
import duckdb
cities = "长沙 重庆 厦门 朝阳 徐州 郑州 长春 北京 成都 长治 常州".split()
rows = duckdb.sql(f"select x from (select unnest({cities!r}) x) order by x collate zh").fetchall()
print(*(row[0] for row in rows))
PY

cat > "$temp/want" <<'WANT'
北京 常州 朝阳 成都 重庆 厦门 徐州 长春 长沙 长治 郑州
WANT

PYTHONPATH="$temp/py" python3 "$temp/run.py" > "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"

#!/usr/bin/env bash
# DuckDB 2.0 keeps the code 00123 as text, and turns the room 3E2 into 300.
#
# GUESS      A CSV sniffer takes 00123 for the integer 123 and leaves 3E2, which nobody writes as a number, as text.
# VERSION    duckdb 2.0.0 (Python package), beside polars 2.1.0.
# BEHAVIOUR  Both guesses miss for DuckDB: a leading zero makes the column VARCHAR, and a column of nothing but rooms
#            such as 3E2 and 12E1 is DOUBLE: 300 and 120. polars loses both, the zeros and the rooms. Two rooms, 3E2
#            and 30E1, become the same number.
# OUTPUT     The lines under "want".
# WHY HERE   Rooms and plots in area E of a park are numbered just so, and listings come as CSV.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$temp/py" \
    duckdb==2.0.0 polars==2.1.0 2> "$temp/errors" || { cat "$temp/errors"; exit 1; }

printf '名称,代码,房号\n示例一,00123,3E2\n示例二,00124,30E1\n示例三,00125,12E1\n' > "$temp/rooms.csv"

cat > "$temp/run.py" <<'PY'
import sys
import duckdb
import polars
table = duckdb.sql(f"select * from read_csv('{sys.argv[1]}')")
print("duckdb", *table.types, table.fetchall())
frame = polars.read_csv(sys.argv[1])
print("polars", *frame.dtypes, frame.rows())
PY

cat > "$temp/want" <<'WANT'
duckdb VARCHAR VARCHAR DOUBLE [('示例一', '00123', 300.0), ('示例二', '00124', 300.0), ('示例三', '00125', 120.0)]
polars String Int64 Float64 [('示例一', 123, 300.0), ('示例二', 124, 300.0), ('示例三', 125, 120.0)]
WANT

PYTHONPATH="$temp/py" python3 "$temp/run.py" "$temp/rooms.csv" > "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"

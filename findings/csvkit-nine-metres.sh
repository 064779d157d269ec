#!/usr/bin/env bash
# csvkit reads a clear height of 9m as nine minutes, floors 1-2 as 2 January 2001 and a term of 50y as the year 51.
#
# GUESS      in2csv turns a column into numbers or dates where every cell is one in plain notation; 9m, 50y,
#            1-2 and "1,2" stay text, and a ratio 1:20 too.
# VERSION    csvkit 2.2.0 with agate 1.14.2, beside duckdb 2.0.0 and polars 2.1.0.
# BEHAVIOUR  csvkit tries a duration before it tries text: 9m is 0:09:00, 3d is three days. What parsedatetime can read is
#            a date: 1-2 is 2001-01-02, and 50y is 0051-01-01, counted from the year 1. The floors "1,2" are the number
#            12, and 12% is 12. A ratio of 1:20 is 80 seconds to csvkit and 80 minutes to duckdb and polars. No
#            warning; --no-inference keeps the cells.
# OUTPUT     The lines under "want".
# WHY HERE   Clear heights, floors, terms and ratios of listings are written just so, and csvkit is what clerks' files are
#            turned over with.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$temp/py" \
    csvkit==2.2.0 agate==1.14.2 parsedatetime==2.6 pytimeparse==1.1.8 duckdb==2.0.0 polars==2.1.0 \
    2> "$temp/errors" || { cat "$temp/errors"; exit 1; }

cat > "$temp/space.csv" <<'CSV'
name,height,fitting,floors,storeys,term,share,ratio
示例一,9m,3d,1-2,"1,2",50y,12%,1:20
示例二,12m,5d,3-4,"3,5",40y,30%,1:50
示例三,15m,7d,5-6,"2,4",20y,5%,1:30
CSV

cat > "$temp/others.py" <<'PY'
import sys
import duckdb
import polars
path = sys.argv[1]
print("duckdb", *duckdb.sql(f"select height, floors, storeys, term, ratio from read_csv('{path}')").fetchall()[0])
frame = polars.read_csv(path, try_parse_dates=True).select("height", "floors", "storeys", "term", "ratio")
print("polars", *frame.row(0))
PY

cat > "$temp/want" <<'WANT'
name,height,fitting,floors,storeys,term,share,ratio
示例一,0:09:00,"3 days, 0:00:00",2001-01-02,12,0051-01-01,12,0:01:20
示例二,0:12:00,"5 days, 0:00:00",2001-03-04,35,0041-01-01,30,0:01:50
示例三,0:15:00,"7 days, 0:00:00",2001-05-06,24,0021-01-01,5,0:01:30
duckdb 9m 1-2 1,2 50y 01:20:00
polars 9m 1-2 1,2 50y 01:20:00
WANT

export PYTHONPATH="$temp/py"
python3 -m csvkit.utilities.in2csv "$temp/space.csv" > "$temp/got" 2>&1 || true
python3 "$temp/others.py" "$temp/space.csv" >> "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"

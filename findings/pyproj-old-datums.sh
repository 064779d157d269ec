#!/usr/bin/env bash
# PROJ moves a Beijing 1954 coordinate in Shanghai by 71 m, the one in Ningbo by nothing, and Xian 1980 nowhere.
#
# GUESS      Coordinates of China's older datums shift by some tens of metres on the way to WGS 84, alike in
#            neighbouring cities, and where the parameters are missing the library says so, at the latest with
#            only_best=True.
# VERSION    pyproj 3.7.2 with the PROJ 9.5.1 of its wheel, no network.
# BEHAVIOUR  The public parameters for Beijing 1954 cover a few areas: Shanghai is in one and Ningbo,
#            Beijing and Guangzhou are not, so these come back unchanged by a "ballpark" operation of accuracy -1. For
#            Xian 1980 nothing is public, and all points come back unchanged. No warning and no error, with
#            only_best=True neither; only allow_ballpark=False refuses Xian 1980, and for Ningbo it takes the
#            parameters of another area.
# OUTPUT     The lines under "want".
# WHY HERE   Boundary points in older land notices are in these datums. Two plots that touch are 71 m apart where the
#            line between the areas runs through.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$temp/py" \
    pyproj==3.7.2 2> "$temp/errors" || { cat "$temp/errors"; exit 1; }

cat > "$temp/run.py" <<'PY'
from pyproj import Geod, Transformer
from pyproj.exceptions import ProjError

POINTS = {"Shanghai": (31.23, 121.47), "Ningbo": (29.87, 121.54), "Beijing": (39.9, 116.4), "Guangzhou": (23.13, 113.26)}

def metres(code, point, **options):
    try:
        latitude, longitude = Transformer.from_crs(code, 4326, **options).transform(*point)
    except ProjError:
        return "refused"
    return round(Geod(ellps="WGS84").inv(point[1], point[0], longitude, latitude)[2])

for code, name in [(4214, "Beijing 1954"), (4610, "Xian 1980")]:
    for options in [{}, {"only_best": True}, {"allow_ballpark": False}]:
        print(name, *options, *(f"{city}:{metres(code, point, **options)}" for city, point in POINTS.items()))
PY

cat > "$temp/want" <<'WANT'
Beijing 1954 Shanghai:71 Ningbo:0 Beijing:0 Guangzhou:0
Beijing 1954 only_best Shanghai:71 Ningbo:0 Beijing:0 Guangzhou:0
Beijing 1954 allow_ballpark Shanghai:71 Ningbo:67 Beijing:64 Guangzhou:49
Xian 1980 Shanghai:0 Ningbo:0 Beijing:0 Guangzhou:0
Xian 1980 only_best Shanghai:0 Ningbo:0 Beijing:0 Guangzhou:0
Xian 1980 allow_ballpark Shanghai:refused Ningbo:refused Beijing:refused Guangzhou:refused
WANT

PYTHONPATH="$temp/py" PROJ_NETWORK=OFF python3 "$temp/run.py" > "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"

#!/usr/bin/env bash
# geopandas writes a shapefile with the field 计容建筑面积 and cannot read it: the name is cut within a character.
#
# GUESS      Field names of a shapefile are cut to ten bytes, so three Chinese characters in UTF-8 and five in GBK are
#            left, whole ones; names that became alike are numbered. What was written is read.
# VERSION    geopandas 1.2.0, pyogrio 0.13.0 with its GDAL, shapely 2.2.0.
# BEHAVIOUR  The name is cut at ten bytes wherever they end. Three characters fit; of four the fourth is cut within,
#            and read_file() of the file just written raises UnicodeDecodeError: with the default encoding as with
#            UTF-8. to_file() warns that a name was "laundered". In GBK the ten bytes are five characters, whole as
#            long as all are Chinese.
# OUTPUT     The lines under "want".
# WHY HERE   Plots are exchanged as shapefiles; all names of indices (建筑面积, 建筑密度, 计容建筑面积) are longer than three
#            characters.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$temp/py" \
    geopandas==1.2.0 pyogrio==0.13.0 shapely==2.2.0 2> "$temp/errors" || { cat "$temp/errors"; exit 1; }

cat > "$temp/run.py" <<'PY'
import sys, warnings
import geopandas
from shapely.geometry import Point
warnings.simplefilter("ignore")
for names in [["容积率"], ["建筑面积"], ["建筑面积", "建筑密度"], ["计容建筑面积", "计容建筑密度"]]:
    for encoding in [None, "utf-8", "gbk"]:
        columns = {name: [1.0 + at] for at, name in enumerate(names)}
        frame = geopandas.GeoDataFrame(columns, geometry=[Point(121.5, 29.8)], crs=4490)
        path = f"{sys.argv[1]}/plots.shp"
        try:
            frame.to_file(path, encoding=encoding)
            back = geopandas.read_file(path)
            print(encoding, *names, "read as", *(f"{name}={back[name][0]}" for name in back.columns if name != "geometry"))
        except Exception as error:
            print(encoding, *names, type(error).__name__, str(error)[:70])
PY

cat > "$temp/want" <<'WANT'
None 容积率 read as 容积率=1.0
utf-8 容积率 read as 容积率=1.0
gbk 容积率 read as 容积率=1.0
None 建筑面积 UnicodeDecodeError 'utf-8' codec can't decode byte 0xe7 in position 9: unexpected end of 
utf-8 建筑面积 UnicodeDecodeError 'utf-8' codec can't decode byte 0xe7 in position 9: unexpected end of 
gbk 建筑面积 read as 建筑面积=1.0
None 建筑面积 建筑密度 UnicodeDecodeError 'utf-8' codec can't decode byte 0xe7 in position 9: unexpected end of 
utf-8 建筑面积 建筑密度 UnicodeDecodeError 'utf-8' codec can't decode byte 0xe7 in position 9: unexpected end of 
gbk 建筑面积 建筑密度 read as 建筑面积=1.0 建筑密度=2.0
None 计容建筑面积 计容建筑密度 UnicodeDecodeError 'utf-8' codec can't decode byte 0xe7 in position 9: unexpected end of 
utf-8 计容建筑面积 计容建筑密度 UnicodeDecodeError 'utf-8' codec can't decode byte 0xe7 in position 9: unexpected end of 
gbk 计容建筑面积 计容建筑密度 read as 计容建筑面=1.0 计容建筑密=2.0
WANT

PYTHONPATH="$temp/py" python3 "$temp/run.py" "$temp" > "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"

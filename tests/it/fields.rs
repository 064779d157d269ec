//! The table of fields: each row has its words, its units, its places on pages and its test values. Where one is
//! absent the failing test names the file and the key.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::facility::Facility;
use domain::fault::{CellReason, FieldCode};
use domain::field::Field;
use domain::lead_sheet::LeadSheet;
use domain::listing::Kind;
use domain::matching::TABLE;
use domain::record::{Cell, Column, Policies, Record, Table, columns};
use domain::requirement::{FIELDS, REQUIREMENT, Requirement, Word, field};
use domain::shape::Shape;
use domain::unit::Unit;
use domain::word::Vocabulary;
use luodi::i18n::{self, Locale, catalogue};
use luodi::web::view::{FormContent, Shown, facts, form_field};
use serde_json::{Value, json};

use crate::app::TestApp;

/// A value of each field, and a text from which the reader fills it; blank for those that are chosen on the page.
fn samples() -> Vec<(&'static str, Value, &'static str)> {
    vec![
        ("kinds", json!(["plot"]), "想拿30亩工业用地"),
        ("use", json!("production"), "用途：生产"),
        ("industry", json!("3670"), "行业代码：3670"),
        ("land_mu", json!({"min": 30, "max": 50}), "用地30到50亩"),
        ("floor_m2", json!({"min": 3000}), "厂房3000平以上"),
        ("tax_wan", json!(1000), "年税收1000万元"),
        ("fixed_investment_wan", json!(8000), "固定资产投资8000万元"),
        ("investment_wan", json!(12000), "总投资1.2亿元"),
        ("output_wan", json!(30000), "年产值3亿元"),
        ("value_added_wan", json!(3600), "工业增加值3600万元/年"),
        ("rd_percent", json!(4.5), "研发投入占比4.5%"),
        ("energy_tce", json!(6100), "综合能耗6100吨标准煤"),
        ("emission_t", json!(2.5), "污染物排放2.5吨"),
        ("plot_ratio", json!(1.5), "容积率1.5"),
        ("tenure", json!("lease"), "方式：租赁"),
        ("price_wan_per_mu_max", json!(25), "地价不超过25万元/亩"),
        ("rent_yuan_m2_month_max", json!(18), "租金不超过18元/平方米/月"),
        ("power_kva", json!(3000), "用电3000kVA"),
        ("ceiling_height_m", json!(8), "层高8米"),
        ("floor_load_t_m2", json!(2), "承重2吨/平方米"),
        ("regions", json!(["330200"]), "想在宁波"),
        ("near", json!({"lng": 121.5, "lat": 29.8, "max_km": 100}), "距东经121.5度北纬29.8度100公里以内"),
        ("park_levels", json!(["国家级"]), "园区级别：国家级"),
        ("available_by", json!("2027-05-31"), "2027-05-31前交付"),
        ("budget_wan", json!(500), "预算500万元"),
        ("workstations", json!(10), "座席数10个"),
        ("headcount", json!(60), "用工60人"),
        ("exclude_regions", json!(["320500"]), "不要苏州"),
        ("chemical", json!(true), "须在化工园区内：是"),
        ("facilities", json!(["dock", "natural_gas"]), ""),
        ("crane_t", json!(10), "行车吨位10吨"),
        ("lift_t", json!(3), "货梯吨位3吨"),
        ("truck_m", json!(17.5), "进车长度17.5米"),
        ("fire_class", json!("丙"), ""),
        ("lease_years", json!(5), "租用年限5年"),
        ("build_area_m2", json!(26000), "新建面积26000平方米"),
        ("capacity", json!("年产80万套"), ""),
        ("start_by", json!("2027-03-31"), "开工时间：2027年3月"),
        ("production_by", json!("2028-06-30"), "投产时间：2028年6月"),
        ("prefer", json!(["price"]), "仅为偏好：价格"),
    ]
}

/// Fields that steer the search or are carried only; every other field states a criterion.
const WITHOUT_CRITERION: [&str; 11] = [
    "kinds",
    "investment_wan",
    "budget_wan",
    "headcount",
    "exclude_regions",
    "lease_years",
    "build_area_m2",
    "capacity",
    "start_by",
    "production_by",
    "prefer",
];

/// Collects what is absent, each with the file that lacks it.
#[derive(Default)]
struct Lacking(BTreeSet<String>);

impl Lacking {
    /// Requires a key of both locales.
    fn key(&mut self, key: &str) {
        for (locale, file) in [(Locale::ZhHans, "zh-Hans.toml"), (Locale::En, "en.toml")] {
            if catalogue(locale).sentence(key).is_none() {
                self.0.insert(format!("src/i18n/locales/{file}: {key}"));
            }
        }
    }

    fn unit(&mut self, unit: Unit) {
        match unit.word().strip_prefix("wan") {
            Some("") => self.key("unit.wan"),
            Some(per) => self.key(&format!("unit.per.{}", per.trim_start_matches('/'))),
            None => self.key(&format!("unit.{}", unit.key())),
        }
    }

    fn vocabulary(&mut self, vocabulary: Vocabulary) {
        for word in vocabulary.words() {
            self.key(&format!("{}.{word}", vocabulary.group));
        }
    }

    fn none(self) {
        assert_eq!(self.0, BTreeSet::new());
    }
}

/// The columns of a table with the keys of their labels.
fn labelled<T: Table>(table: T) -> Vec<(&'static Column, &'static str)> {
    table.columns().iter().map(|column| (column, table.label(column))).collect()
}

fn tables() -> [(&'static str, Vec<(&'static Column, &'static str)>); 5] {
    [
        ("parks", labelled(Kind::Park)),
        ("plots", labelled(Kind::Plot)),
        ("spaces", labelled(Kind::Space)),
        ("policies", labelled(Policies)),
        ("leads", labelled(LeadSheet)),
    ]
}

#[test]
fn every_field_has_its_words_and_units_in_both_locales() {
    let mut lacking = Lacking::default();
    for Field { name, about, shape } in REQUIREMENT {
        lacking.key(&format!("field.{name}"));
        if about.trim().is_empty() {
            lacking.0.insert(format!("src/domain/src/fields.rs: description of {name}"));
        }
        if let Shape::Amount { unit, .. } | Shape::Range { unit, .. } = shape {
            lacking.unit(*unit);
            if *unit != Unit::Ratio {
                lacking.key(&format!("suffix.{}", unit.key()));
            }
        }
        shape.vocabulary().into_iter().for_each(|vocabulary| lacking.vocabulary(vocabulary));
    }
    for row in TABLE {
        lacking.key(&format!("criterion.{}", row.id));
        for unknown in row.fields.iter().filter(|name| field(name).is_none()) {
            lacking.0.insert(format!("src/domain/src/fields.rs: {unknown}, which criterion {} names", row.id));
        }
    }
    lacking.none();
}

#[test]
fn every_field_states_a_criterion_or_is_known_to_state_none() {
    let judged: BTreeSet<&str> = TABLE.iter().flat_map(|row| row.fields).copied().collect();
    let expected: BTreeSet<&str> = FIELDS.iter().copied().filter(|name| !WITHOUT_CRITERION.contains(name)).collect();
    let odd: Vec<_> = judged.symmetric_difference(&expected).collect();
    assert_eq!(odd, Vec::<&&str>::new(), "src/domain/src/matching: fields without a criterion, or with one too many");
}

#[test]
fn every_column_has_its_words_units_and_chinese_names() {
    let mut lacking = Lacking::default();
    for (table, columns) in tables() {
        for (column, label) in columns {
            let key = format!("column.{label}");
            lacking.key(&key);
            let shown = catalogue(Locale::ZhHans).sentence(&key);
            if column.chinese.first().copied() != shown {
                lacking.0.insert(format!("src/domain/src/fields.rs: {table}.{}: first name {shown:?}", column.name));
            }
            column.unit().into_iter().for_each(|unit| lacking.unit(unit));
            match column.cell {
                Cell::Word(vocabulary) | Cell::Words(vocabulary) => lacking.vocabulary(vocabulary),
                Cell::Likely => ["yes", "likely", "no"].iter().for_each(|word| lacking.key(&format!("likely.{word}"))),
                _ => {}
            }
        }
    }
    lacking.none();
}

/// Only areas share a name: there the unit decides.
#[test]
fn a_chinese_name_and_a_unit_mean_one_column() {
    for (table, columns) in tables() {
        let mut seen: BTreeMap<(&str, Option<Unit>), &str> = BTreeMap::new();
        for (column, _) in columns {
            for name in column.chinese {
                let other = seen.insert((name, column.unit()), column.name);
                assert_eq!(other, None, "{table}: {name} is {} too", column.name);
            }
        }
    }
}

#[test]
fn every_field_has_a_test_value_that_goes_through_json_form_and_words() {
    let samples = samples();
    let named: BTreeSet<&str> = samples.iter().map(|(name, ..)| *name).collect();
    let lacking: Vec<_> = FIELDS.iter().filter(|name| !named.contains(*name)).collect();
    assert_eq!(lacking, Vec::<&&str>::new(), "tests/it/fields.rs: samples");
    for (name, value, _) in samples {
        let json = json!({ name: value });
        let requirement = Requirement::from_json(&json).unwrap_or_else(|errors| panic!("{name}: {errors:?}"));
        assert_eq!(requirement.to_json(), json, "{name}");
        let draft = FormContent::of_requirement(&requirement);
        assert_eq!(draft.requirement().as_ref(), Ok(&requirement), "{name}: the form");
        for locale in Locale::ALL {
            let facts = i18n::requirement_facts(locale, &requirement);
            let told: Vec<&str> = facts.iter().map(|fact| fact.name.as_str()).collect();
            assert!(told == [name] && !facts[0].value.is_empty(), "{name}: {facts:?}");
        }
    }
}

#[test]
fn every_field_is_read_from_a_text() {
    let today = NaiveDate::from_ymd_opt(2026, 11, 24).expect("a day");
    let mut unread = BTreeSet::new();
    for (name, value, text) in samples().into_iter().filter(|(.., text)| !text.is_empty()) {
        let read = domain::reader::read(text, today).requirement.to_json();
        if read.get(name) != Some(&value) {
            unread.insert(format!("the reader's words: {name} from {text}, not {:?}", read.get(name)));
        }
    }
    assert_eq!(unread, BTreeSet::new());
}

#[test]
fn every_field_has_an_input_of_its_type() {
    let (draft, none) = (FormContent::default(), BTreeSet::new());
    let shown = Shown { locale: Locale::ZhHans, draft: &draft, requirement: None, errors: &[], corrected: &none };
    for Field { name, shape, .. } in REQUIREMENT {
        let view = form_field(shown, name);
        assert_eq!(view.input == "number", matches!(shape, Shape::Amount { .. }), "{name}");
        assert_eq!(view.input == "range", matches!(shape, Shape::Range { .. }), "{name}");
        let is_measured = shape.unit().is_some_and(|unit| unit != Unit::Ratio) && shape.parts().len() < 3;
        assert_eq!(view.unit.is_some(), is_measured && !matches!(shape, Shape::Day), "{name}");
        assert_ne!(view.label, *name, "src/i18n/locales: field.{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_has_a_place_on_the_front_page_and_in_the_api_schema() {
    let test = TestApp::sqlite().await;
    let page = test.get("/").await.text;
    let document = test.get("/openapi.json").await.json();
    let schema = &document["components"]["schemas"]["Requirement"]["properties"];
    for Field { name, shape, .. } in REQUIREMENT {
        assert!(schema[name].is_object(), "openapi.json: {name}");
        // Wishes are chosen among what is stated; at first nothing is.
        if matches!(shape, Shape::Wishes { .. }) {
            continue;
        }
        let first = shape.parts().first().map_or_else(|| (*name).to_owned(), |part| format!("{name}.{part}"));
        assert!(page.contains(&format!("name=\"{first}\"")), "the front page: {name}");
    }
    assert_eq!(schema.as_object().map(serde_json::Map::len), Some(REQUIREMENT.len()));
}

#[test]
fn facilities_are_named_on_pages_as_in_their_file() {
    for facility in Facility::all() {
        let row = facility.row();
        for (locale, name) in [(Locale::ZhHans, &row.zh), (Locale::En, &row.en)] {
            assert_eq!(&i18n::word(locale, "facilities", &row.code), name);
        }
    }
}

/// A cell of each type that a column of it accepts.
fn cell(column: &Column) -> String {
    match column.cell {
        Cell::Text(_) => "示例".to_owned(),
        Cell::LooseDate | Cell::Month => "2027-03".to_owned(),
        Cell::Decimal(_) | Cell::Degrees(_) => "5".to_owned(),
        Cell::Industries => "36;367".to_owned(),
        Cell::Division => "330206".to_owned(),
        Cell::Day => "2027-03-01".to_owned(),
        Cell::YesNo => "yes".to_owned(),
        Cell::Likely => "likely".to_owned(),
        Cell::Word(vocabulary) | Cell::Words(vocabulary) => vocabulary.words()[0].to_owned(),
        Cell::Mail => "park@example.com".to_owned(),
    }
}

#[test]
fn every_column_is_told_on_its_listings_page_or_known_to_be_told_elsewhere() {
    for kind in Kind::ALL {
        let row: Vec<(&str, String)> = columns(kind).iter().map(|column| (column.name, cell(column))).collect();
        let record = Record::of_cells(kind, row.iter().map(|(name, cell)| (*name, cell.as_str())));
        let told = facts(Locale::ZhHans, &record);
        let names: BTreeSet<String> = told.facts.into_iter().chain(told.indicators).map(|fact| fact.name).collect();
        for column in columns(kind) {
            let is_elsewhere = luodi::web::view::ELSEWHERE.contains(&column.name);
            assert_ne!(names.contains(column.name), is_elsewhere, "{}", column.name);
        }
    }
    for name in luodi::web::view::ELSEWHERE.iter().chain(luodi::web::view::INDICATORS) {
        let is_column = Kind::ALL.iter().any(|kind| kind.column(name).is_some());
        assert!(is_column, "src/web/view/listing.rs: {name} is no column");
    }
}

#[test]
fn every_code_of_a_wrong_field_or_cell_has_a_sentence() {
    let mut lacking = Lacking::default();
    lacking.vocabulary(FieldCode::VOCABULARY);
    lacking.vocabulary(CellReason::VOCABULARY);
    lacking.none();
}

#[test]
fn a_range_given_as_a_number_is_told_what_a_range_looks_like() {
    let errors = Requirement::from_json(&json!({ "floor_m2": 3000, "near": "宁波" })).expect_err("wrong types");
    let told: Vec<String> = errors.iter().map(|error| i18n::field_error(Locale::ZhHans, error)).collect();
    assert_eq!(
        told,
        [
            r#"请填一个范围，写成 {"min": 30, "max": 50}，两端至少写一端。"#,
            r#"请填一个位置，写成 {"lng": 121.5, "lat": 29.8, "max_km": 100}。"#
        ]
    );
    let english: Vec<String> = errors.iter().map(|error| i18n::field_error(Locale::En, error)).collect();
    assert!(english[0].contains(r#"{"min": 30, "max": 50}"#), "{english:?}");
}

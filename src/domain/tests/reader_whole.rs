//! Nothing is lost: every digit and every clause of random texts is in a span or unread; tables and rates are read whole.

use chrono::NaiveDate;
use domain::decimal::Decimal;
use domain::rate::{Currency, Rate, Rates};
use domain::reader::{Reading, read, read_with};
use proptest::prelude::{Strategy, prop};
use proptest::{prop_assert, proptest};
use serde_json::json;

fn now() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 24).expect("a day")
}

/// Clauses of needs: read, unread, denied, of today, of a second need, and without any sense.
static CLAUSES: [&str; 44] = [
    "我们做新能源汽车零部件",
    "找40亩左右工业地",
    "总投资1.2亿元",
    "年税收1000万",
    "亩均税收25万",
    "宁波或嘉兴",
    "另外在苏州租2000平仓库",
    "目前租用厂房3200平方米",
    "不要化工园区",
    "要便宜一点",
    "有补贴最好",
    "离上海近一点",
    "层高9米",
    "3吨货梯",
    "10吨行车",
    "17.5米大车要能进",
    "丙类消防",
    "租期3年",
    "2027年6月前交付",
    "首层",
    "宿舍30间",
    "合成生物",
    "单价15",
    "面积（m²）：3500",
    "用电800kVA",
    "其中一期30亩",
    "二期20亩",
    "①厂房3000平",
    "②仓库1000平",
    "1、用地25亩",
    "2、用地18亩",
    "预算18元/平",
    "环境要干净",
    "warehouse 12,000 sqm",
    "clear height 30'",
    "two docks",
    "rent below RMB 30/sqm/month",
    "Taicang or Wuxi",
    "30-",
    "50亩",
    "需求一：昆山30亩",
    "需求二：太仓50亩",
    "□土地 ☑厂房",
    "年产80万套",
];
/// What stands between clauses.
static STOPS: [&str; 9] = ["，", "。", "；", "、", "\n", ",", " ", "|", "："];

fn texts() -> impl Strategy<Value = String> {
    let clause = (prop::sample::select(&CLAUSES[..]), prop::sample::select(&STOPS[..]));
    prop::collection::vec(clause, 1..12)
        .prop_map(|all| all.into_iter().flat_map(|(clause, stop)| [clause, stop]).collect())
}

/// Returns for each character whether a span or an unread part covers it.
fn covered(text: &str, reading: &Reading) -> Vec<bool> {
    let mut all = vec![false; text.chars().count()];
    let spans = reading.spans.iter().map(|span| (span.start, span.end));
    for (start, end) in spans.chain(reading.unread.iter().map(|unread| (unread.start, unread.end))) {
        all[start..end].fill(true);
    }
    all
}

proptest! {
    #[test]
    fn every_digit_of_joined_clauses_is_in_a_span_or_unread(text in texts()) {
        let reading = read(&text, now());
        let covered = covered(&text, &reading);
        let lost: Vec<usize> =
            text.chars().enumerate().filter(|(at, c)| c.is_ascii_digit() && !covered[*at]).map(|(at, _)| at).collect();
        prop_assert!(lost.is_empty(), "{text:?} loses {lost:?}");
    }

    #[test]
    fn every_clause_of_words_is_in_a_span_or_unread(text in texts()) {
        let reading = read(&text, now());
        let covered = covered(&text, &reading);
        let chars: Vec<char> = text.chars().collect();
        let mut start = 0;
        for end in (0..=chars.len()).filter(|&at| at == chars.len() || "。！？；，、\n".contains(chars[at])) {
            let clause = std::mem::replace(&mut start, end + 1)..end;
            let written: String = chars[clause.clone()].iter().collect();
            let letters = written.chars().filter(|c| c.is_alphabetic()).count();
            let courtesy = written.contains('：') || written.trim().is_empty();
            prop_assert!(
                letters < 2 || courtesy || covered[clause].iter().any(|&it| it),
                "{text:?} drops {written:?}"
            );
        }
    }
}

#[test]
fn a_table_below_a_header_row_is_one_need_a_row_and_its_row_numbers_are_no_figures() {
    let text = "序号|需求|面积（㎡）|层高（m）|区域\n1|厂房|2200|7|台州黄岩\n2|仓库|3600|6|台州温岭";
    let reading = read(text, now());
    let found = serde_json::to_value(&reading).expect("json");
    assert_eq!(found["requirement"]["floor_m2"], json!({"min": 2200, "max": 2200}));
    assert_eq!(found["requirement"]["ceiling_height_m"], json!(7));
    assert_eq!(found["others"][0]["requirement"]["floor_m2"], json!({"min": 3600, "max": 3600}));
    assert_eq!(found["others"][0]["requirement"]["use"], json!("warehouse"));
    let row: String =
        text.chars().skip(reading.others[0].start).take(reading.others[0].end - reading.others[0].start).collect();
    assert_eq!(row, "仓库|3600|6|台州温岭");
    assert!(reading.unread.iter().any(|unread| unread.text == "1"), "{:?}", reading.unread);
    for span in &reading.spans {
        let written: String = text.chars().skip(span.start).take(span.end - span.start).collect();
        assert_eq!(written, span.text);
    }
}

#[test]
fn figures_of_a_table_that_no_field_takes_are_unread() {
    for text in [
        "| 指标 | 单位 | 数值 |\n| --- | --- | --- |\n| 总用地面积 | 公顷 | 4.2 |\n|| 58000 |\n| | 公顷 | 77 |\n||| 91 |\n",
        "\t一期\t二期\t合计\n用地（亩）\t40\t35\t75\n\t4\t3\t7\n",
        "项目名称\t总投资（亿元）\t用地（亩）\t意向400地区\n精密铸造项目\t1.6\t50\n",
        "达产税收（万元）\t能耗（吨标煤）\t1800\n意向地\t湖州市德清县0\n",
    ] {
        let covered = covered(text, &read(text, now()));
        let figures = text.chars().zip(covered).filter(|(c, _)| c.is_ascii_digit());
        let lost: Vec<char> = figures.filter(|(_, it)| !it).map(|(c, _)| c).collect();
        assert!(lost.is_empty(), "{text} loses {lost:?}");
    }
}

#[test]
fn a_foreign_amount_is_converted_by_the_operators_rate_alone_and_says_so() {
    let text = "总投资 2000 万美元，年税收 50 万欧元，用地30亩";
    let on = NaiveDate::from_ymd_opt(2026, 11, 20).expect("a day");
    let rate = Rate { currency: Currency::Usd, yuan: Decimal::parse("7.1").expect("a rate"), on };
    let asked = read(text, now());
    assert_eq!(asked.requirement.investment_wan, None);
    assert!(asked.questions.iter().any(|it| it.field == "investment_wan" && it.code == "foreign_currency"));
    let reading = read_with(text, now(), &Rates::new(vec![rate]));
    assert_eq!(reading.requirement.investment_wan.map(|value| value.to_string()).as_deref(), Some("14200"));
    assert_eq!(reading.spans.iter().find(|span| span.field == "investment_wan").and_then(|span| span.rate), Some(rate));
    assert!(!reading.questions.iter().any(|it| it.field == "investment_wan"), "{:?}", reading.questions);
    assert_eq!(reading.requirement.tax_wan, None, "no rate for the euro");
    assert!(reading.questions.iter().any(|it| it.field == "tax_wan"), "{:?}", reading.questions);
}

#[test]
fn a_range_around_a_part_of_another_need_has_the_words_of_the_text() {
    let text = "①厂房：用地66亩，宣线：；②仓库：用地66亩，宣线：xi'an；用人,东莞地66亩";
    let reading = read(text, now());
    let chars: Vec<char> = text.chars().collect();
    let spans = reading.spans.iter().map(|span| (span.start, span.end, &span.text));
    for (start, end, written) in spans.chain(reading.unread.iter().map(|it| (it.start, it.end, &it.text))) {
        assert_eq!(chars[start..end].iter().collect::<String>(), *written);
    }
    assert!(!reading.others.is_empty(), "two needs");
}

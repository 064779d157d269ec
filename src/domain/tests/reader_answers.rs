//! Answers to single questions: a place, a trade.

use chrono::NaiveDate;
use domain::industry::industries;
use domain::reader::{read, read_place, read_trade};
use domain::region::divisions;

fn places(answer: &str) -> Vec<String> {
    read_place(answer).iter().map(ToString::to_string).collect()
}

fn trade(answer: &str) -> Option<String> {
    read_trade(answer).map(|code| code.to_string())
}

#[test]
fn an_answer_may_name_a_place_in_any_common_way() {
    for (answer, codes) in [
        ("苏州吴江", &["320509"][..]),
        (" 昆山 ", &["320583"]),
        ("宁波或嘉兴", &["330200", "330400"]),
        ("江浙沪", &["320000", "330000", "310000"]),
        ("福建省泉州市晋江市", &["350582"]),
        ("Kunshan, Jiangsu", &["320583"]),
        ("合肥经开区", &["340104"]),
    ] {
        assert_eq!(places(answer), codes, "{answer}");
    }
}

#[test]
fn an_answer_without_a_place_that_is_certain_names_none() {
    for answer in ["", "   ", "不要上海", "鼓楼区", "随便", "30亩", "浙江大学"] {
        assert_eq!(places(answer), [""; 0], "{answer}");
    }
}

#[test]
fn every_division_that_a_sentence_names_an_answer_names_too() {
    for row in divisions().all() {
        let sentence = read(&format!("想在{}找地", row.name), NaiveDate::default()).requirement.regions;
        assert_eq!(read_place(&row.name), sentence, "{}", row.name);
        let full = divisions().full_name(row.code).replace(' ', "");
        assert_eq!(read_place(&full), [row.code], "{full}");
    }
}

#[test]
fn an_answer_may_be_a_product_a_service_or_a_code() {
    for (answer, code) in [
        ("新能源汽车座椅", "367"),
        ("水泵", "344"),
        ("软件开发", "65"),
        (" 软件开发 ", "65"),
        ("卫生", "84"),
        ("生产水泵", "344"),
        ("行业代码：C3670", "3670"),
    ] {
        assert_eq!(trade(answer).as_deref(), Some(code), "{answer}");
    }
}

#[test]
fn an_answer_without_a_trade_that_is_certain_has_no_code() {
    for answer in ["", "非化工", "预制菜", "苏州", "30亩", "不做水泵"] {
        assert_eq!(trade(answer), None, "{answer}");
    }
}

#[test]
fn every_trade_that_a_sentence_tells_an_answer_tells_too() {
    for row in industries().all() {
        let sentence = read(&format!("我们做{}", row.name), NaiveDate::default()).requirement.industry;
        let answer = read_trade(&row.name);
        assert!(answer == sentence || sentence.is_none(), "{}: {answer:?}, not {sentence:?}", row.name);
    }
}

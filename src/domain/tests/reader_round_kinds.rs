//! Kinds of faults that later rounds of texts showed, each with sentences of its own.

use chrono::NaiveDate;
use domain::reader::read;
use serde_json::{Value, json};

fn found(text: &str) -> Value {
    let now = NaiveDate::from_ymd_opt(2026, 11, 24).expect("a day");
    serde_json::to_value(read(text, now)).expect("json")
}

/// Asserts fields of what a text is read as; `null` where it states none.
fn reads(text: &str, expected: &Value) {
    let found = found(text);
    for (field, value) in expected.as_object().expect("fields") {
        assert_eq!(&found["requirement"][field], value, "{field} of {text}");
    }
}

/// Returns the parts of a text that are shown as unread.
fn unread(text: &str) -> Vec<String> {
    let found = found(text);
    let parts = found["unread"].as_array().expect("a list").iter();
    parts.map(|part| part["text"].as_str().expect("a text").to_owned()).collect()
}

#[test]
fn the_word_for_a_firm_at_the_end_of_a_trade_is_no_other_trade() {
    reads("求租办公室800平，做芯片设计公司用，深圳南山区", &json!({"industry": "652"}));
    reads("求租写字楼900平，勘察设计院，60人", &json!({"industry": "748"}));
    reads("求租写字楼300平，包装设计公司，20人", &json!({"industry": "749"}));
}

#[test]
fn where_an_english_firm_is_now_is_not_where_it_seeks() {
    let text = "German customs brokerage, currently in a shared office of 150 sqm in Suzhou Huqiu. Seeking 500-600 sqm of \
                office space in Suzhou Wuzhong, three-year lease.";
    reads(text, &json!({"regions": ["320506"], "floor_m2": {"min": 500, "max": 600}, "industry": "582"}));
    let text = "We are currently working from a 300 sqm unit in Ningbo Yinzhou. We need a workshop of 1,200 sqm in Ningbo \
                Beilun.";
    reads(text, &json!({"regions": ["330206"], "floor_m2": {"min": 1200, "max": 1200}}));
    let text = "We are currently in the planning stage of a 5 hectare plant in Hefei Feixi, making pumps.";
    reads(text, &json!({"land_mu": {"min": 75, "max": 75}, "regions": ["340123"]}));
    let text = "The client is currently in search of a warehouse of 4,000 sqm in Kunshan.";
    reads(text, &json!({"regions": ["320583"], "floor_m2": {"min": 4000, "max": 4000}}));
}

#[test]
fn rooms_leased_in_place_of_those_that_exist_are_no_second_site() {
    let text = "示例造价咨询有限公司办公室选址意见：现办公用房位于长沙市天心区，面积430平方米，租约到期。建议在长沙市岳麓区另租写字楼900平方米。";
    reads(text, &json!({"kinds": ["space"], "floor_m2": {"min": 900, "max": 900}, "regions": ["430104"]}));
    let text = "在长沙市岳麓区租厂房3000平方米，另租仓库900平方米。";
    assert_ne!(found(text)["requirement"]["floor_m2"], json!({"min": 900, "max": 900}));
}

#[test]
fn each_project_of_a_list_has_a_trade_of_its_own() {
    let text = "阜阳市2027年储备项目\n（1）示例新型项目：颍上县，用地30亩，总投资1亿元；\n（2）矿泉水灌装项目：临泉县，用地45亩，总投资2亿元。";
    let found = found(text);
    assert_eq!(found["requirement"]["industry"], Value::Null);
    assert_eq!(found["others"][0]["requirement"]["industry"], json!("152"));
}

#[test]
fn the_line_of_the_addressee_behind_the_subject_names_no_writer() {
    let person = |text: &str| found(text)["contact"]["person"].clone();
    let text = "主题：用地需求\n郝处长：\n我司需工业用地40亩，生产水泵。\n示例泵业有限公司 苏女士 13800138000";
    assert_eq!(person(text), json!("苏女士"));
    assert_eq!(person("求租厂房2000平\n郝经理：\n13800138000"), json!("郝经理"));
}

#[test]
fn a_familiar_name_beside_a_telephone_number_is_the_writers() {
    let person = |text: &str| found(text)["contact"]["person"].clone();
    assert_eq!(person("厂房2000平 惠州博罗 13800138000 阿娟"), json!("阿娟"));
    assert_eq!(person("收阿胶 仓库800平 阿胶 13800138000"), Value::Null);
}

#[test]
fn words_before_a_telephone_number_are_not_lost() {
    assert!(unread("求购厂房3000平 江阴 可以分期 13800138000").contains(&"可以分期".to_owned()));
    assert!(unread("求租厂房3000平 江阴 佣金照给 ☎️13800138000").contains(&"佣金照给".to_owned()));
    for label in ["联系电话", "老板电话", "微信同号"] {
        assert!(unread(&format!("求租厂房3000平 江阴 {label} 13800138000")).is_empty(), "{label}");
    }
}

#[test]
fn the_line_that_a_firm_has_tells_what_it_makes() {
    reads("公司拥有钢琴生产线三条，拟在余姚市租厂房8000平方米", &json!({"industry": "242"}));
    reads("公司拥有钢琴生产线三条，拟在余姚市租厂房8000平方米，生产轴承", &json!({"industry": "345"}));
    reads("在余姚市租厂房8000平方米，拥有钢琴两台", &json!({"industry": null}));
}

#[test]
fn a_word_for_where_a_firm_is_from_may_precede_its_trade() {
    reads("Requirement: Swiss law firm, 25 staff, office of 400 sqm in Shanghai Jing'an", &json!({"industry": "723"}));
    reads("We are a Danish maker of forklifts and need 5 hectares.", &json!({"industry": "343", "use": "production"}));
}

#[test]
fn products_of_whole_families_have_trades() {
    for (text, code) in [
        ("厂房3000平，生产机油滤清器", "367"),
        ("厂房3000平，产品：示波器", "402"),
        ("厂房3000平，生产钳形表", "401"),
        ("租厂房2000平做枕芯的", "177"),
        ("用地30亩，羊皮革加工项目", "191"),
        ("用地30亩，生产电梯曳引机", "343"),
        ("Land for a maker of pallet trucks, 5 hectares", "343"),
    ] {
        reads(text, &json!({"industry": code}));
    }
}

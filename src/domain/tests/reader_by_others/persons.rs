//! Persons, firms and how they sign.

use domain::reader::read;
use serde_json::{Value, json};

use super::{found, now, person, reads, unread};

#[test]
fn a_word_for_work_is_no_person() {
    let contact = read("计划开工：2027年3月\n联系人：庄经理 138 0013 4010", now()).contact;
    assert_eq!(contact.person.as_deref(), Some("庄经理"));
}

#[test]
fn what_is_looked_for_is_no_person() {
    let reading = read("急找：上海嘉定、青浦，整层1800㎡", now());
    assert_eq!(reading.contact.person, None);
    reads("急找：上海嘉定、青浦，整层1800㎡", &json!({"regions": ["310114", "310118"]}));
}

#[test]
fn familiar_names_are_persons() {
    for (text, name) in [("联系人 小何 13800138000", "小何"), ("联系老张 13800138000 昆山仓库500平", "老张")]
    {
        assert_eq!(read(text, now()).contact.person.as_deref(), Some(name), "{text}");
    }
}

#[test]
fn offices_and_groups_are_told_from_persons() {
    let contact = read("投资主体为示例磁电集团，用地30亩。联络人：招商三科 小韦", now()).contact;
    assert_eq!(contact.company.as_deref(), Some("示例磁电集团"));
    assert_eq!(contact.person.as_deref(), Some("小韦"));
    let contact = read("投资方为义乌某厂，用地30亩", now()).contact;
    assert_eq!(contact.company, None);
}

#[test]
fn slashes_part_the_ways_to_reach_somebody() {
    let reading = read("用地30亩，联系方式：岳经理/13800136027/yue@example.com", now());
    let contact = &serde_json::to_value(reading).expect("json")["contact"];
    assert_eq!(contact["email"], "yue@example.com");
    assert_eq!(contact["phone"], "+8613800136027");
}

#[test]
fn the_name_of_a_project_is_no_person() {
    let reading = read("Project name: Falcon\nWarehouse 5,000 sqm in Suzhou", now());
    assert_eq!(reading.contact.person, None);
}

#[test]
fn the_person_a_letter_is_written_to_is_not_its_writer() {
    for (text, person) in [
        ("王主任：\n您好，我们想租厂房2000平。\n焦敏 13800138000", "焦敏"),
        ("Dear Mr. Lin,\nWe need 30 mu of land.\n\nBest regards,\nKenji Mori", "Kenji Mori"),
    ] {
        assert_eq!(read(text, now()).contact.person.as_deref(), Some(person), "{text}");
    }
}

#[test]
fn a_letter_is_signed_on_its_last_line() {
    for (text, person) in [
        ("您好，我们想租厂房2000平，计划招工80人，请推荐。\n\n郝思远", Some("郝思远")),
        ("您好，我们想租厂房2000平，周五看房。\n谢谢", None),
        (
            "We need 30 mu of land.\nLooking forward to hearing from you,\nGrace Mwangi\n+86 13800138000",
            Some("Grace Mwangi"),
        ),
    ] {
        assert_eq!(read(text, now()).contact.person.as_deref(), person, "{text}");
    }
}

#[test]
fn an_investor_known_only_by_its_place_has_no_name() {
    assert_eq!(read("投资方：江西企业。拟用地30亩。", now()).contact.company, None);
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
fn a_latin_name_before_a_mail_address_is_the_writers() {
    assert_eq!(person("Need a workshop of 900 sqm in Wuxi. Anna, anna@example.com"), json!("Anna"));
    assert_eq!(person("We need 20 mu of land in Wuxi.\nMarco Bianchi\nm.bianchi@example.com"), json!("Marco Bianchi"));
    assert_eq!(person("Workshop of 900 sqm in Wuxi. Tel +86 13800138000"), Value::Null);
    assert_eq!(person("Workshop of 900 sqm. Kunshan, info@example.com"), Value::Null);
}

#[test]
fn rare_surnames_and_offices_of_taiwan_are_persons() {
    assert_eq!(person("求租厂房900平 联系 郦女士 13800138000"), json!("郦女士"));
    assert_eq!(person("求租办公室500平\n聯絡：周協理 chou@example.com"), json!("周協理"));
}

#[test]
fn a_name_that_a_heading_is_of_is_the_firms() {
    let company = |text: &str| found(text)["contact"]["company"].clone();
    assert_eq!(company("示例会计师事务所选址公告：拟租写字楼800平方米"), json!("示例会计师事务所"));
    assert_eq!(company("会计师事务所选址，写字楼800平方米"), Value::Null);
    assert_eq!(company("苏州设计公司选址，写字楼800平方米"), Value::Null);
}

#[test]
fn words_around_a_telephone_number_and_a_subject_name_no_writer() {
    assert_eq!(person("擬購工業用地40畝，肇慶高要。諮詢：+852 0000 8618"), Value::Null);
    assert_eq!(person("主题：厂房\n林总，公司决定租厂房2000平，昆山"), Value::Null);
    assert_eq!(person("主题：厂房\n林总，13800138000，租厂房2000平"), json!("林总"));
}

#[test]
fn a_rare_surname_is_one_before_a_title_that_only_persons_have() {
    for (text, name) in [
        ("求租厂房2000平，昆山。13800138000 农先生", "农先生"),
        ("租仓库800平 武汉江夏 13800138000 鄂女士", "鄂女士"),
        ("成都龙泉驿 厂房3000平 13800138000 小寇", "小寇"),
    ] {
        assert_eq!(read(text, now()).contact.person.as_deref(), Some(name), "{text}");
    }
    for text in ["求租厂房2000平，各位先生请发图 13800138000", "要能充电 13800138000，仓库300平"] {
        assert_eq!(read(text, now()).contact.person, None, "{text}");
    }
}

#[test]
fn a_call_to_call_somebody_is_no_part_of_the_name() {
    let reading = read("Workshop wanted in Suzhou, 2,000 sqm. Call Ann Miller, +86 138 0013 8000.", now());
    assert_eq!(reading.contact.person.as_deref(), Some("Ann Miller"));
}

#[test]
fn brackets_before_a_firm_are_a_remark_and_brackets_within_are_its_name() {
    for (text, firm) in [
        ("（节选自立项报告）示例轴承有限公司拟在常州市武进区用地30亩。", "示例轴承有限公司"),
        ("示例会计师事务所租赁办公用房公告：上海市静安区，600平方米", "示例会计师事务所"),
        ("We want 20 mu in Zhongshan. Ann Lee, Example Tools (HK) Ltd., +86 138 0013 8000", "Example Tools (HK) Ltd."),
    ] {
        assert_eq!(read(text, now()).contact.company.as_deref(), Some(firm), "{text}");
    }
}

#[test]
fn a_mail_address_may_be_in_a_cell() {
    for text in ["面积\t700平方米\n邮箱\tba@example.com\n地点\t昆明市", "面积|700平方米|邮箱|ba@example.com"]
    {
        assert_eq!(
            read(text, now()).contact.email.as_ref().map(domain::contact::Mail::as_str),
            Some("ba@example.com"),
            "{text}"
        );
    }
}

#[test]
fn who_is_greeted_is_not_the_writer() {
    let text =
        "Good morning Ms. Lin, we need 3,000 sqm in Pinghu. Please send details to Kevin Moore, +86 138 0013 8000";
    assert_eq!(read(text, now()).contact.person.as_deref(), Some("Kevin Moore"));
}

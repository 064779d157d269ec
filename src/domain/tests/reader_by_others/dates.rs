//! Dates and terms.

use serde_json::json;

use super::reads;

#[test]
fn two_dates_of_a_line_have_their_own_labels() {
    reads("拟开工：2027年5月  拟投产：2028年5月", &json!({"start_by": "2027-05-31", "production_by": "2028-05-31"}));
    reads("用地55亩\n开工        2027年9月前", &json!({"start_by": "2027-08-31", "available_by": null}));
}

#[test]
fn a_year_in_english_is_a_date() {
    reads("Construction must begin in 2027, 40 mu in Taicang", &json!({"start_by": "2027-12-31"}));
    reads("Production must begin in 2028. 40 mu in Taicang", &json!({"production_by": "2028-12-31"}));
    reads("Construction start no later than Q3 2027", &json!({"start_by": "2027-09-30"}));
}

#[test]
fn the_date_behind_a_question_answers_it() {
    reads("要多大面积？3000平。什么时候要？明年3月", &json!({"available_by": "2027-03-31"}));
}

#[test]
fn the_term_of_a_lease_may_be_one_year() {
    reads("租期：一年，昆山厂房100平", &json!({"lease_years": 1}));
}

#[test]
fn the_year_in_which_a_project_lands_is_no_handover() {
    for text in
        ["集团今年有三个项目要落地，用地30亩", "项目拟于2027年上半年落地，用地30亩", "计划今年底前落地，用地30亩"]
    {
        reads(text, &json!({"available_by": null}));
    }
    reads("今年底前交地，用地30亩", &json!({"available_by": "2026-12-31"}));
}

#[test]
fn a_month_may_be_behind_a_point() {
    reads("用地90亩\n开工　2027.05\n投产　2028.10", &json!({"start_by": "2027-05-31", "production_by": "2028-10-31"}));
    reads("拟开工时间：2027.5，投产时间：2028.11", &json!({"start_by": "2027-05-31", "production_by": "2028-11-30"}));
    reads("厂房2000平，2027.3前交付", &json!({"available_by": "2027-02-28"}));
    reads("土地2027.05平方米", &json!({"land_mu": {"min": 3.0406, "max": 3.0406}}));
    reads("总投资（万元）：2027.05", &json!({"investment_wan": 2027.05, "available_by": null}));
}

#[test]
fn a_year_may_be_that_of_the_date_before() {
    let text = "用地30亩，2027 年 2 月动工，同年 12 月投入运行";
    reads(text, &json!({"start_by": "2027-02-28", "production_by": "2027-12-31"}));
    reads("用地30亩，2027年4月动工、次年6月试产", &json!({"production_by": "2028-06-30"}));
}

#[test]
fn english_numbers_of_years_are_the_term() {
    reads("Warehouse 3,000 m2 to lease for an initial two-year term", &json!({"lease_years": 2}));
    reads("Lease: five years + option, warehouse 3,000 m2", &json!({"lease_years": 5}));
}

#[test]
fn years_until_a_purchase_are_no_handover() {
    reads(
        "厂房5000㎡\n租购意向：租赁为主，5年内可购买\n期望交付：2027年第二季度",
        &json!({"available_by": "2027-06-30"}),
    );
}

#[test]
fn a_quarter_is_of_the_year_of_the_date_before() {
    reads("用地320亩，2027年一季度签约，二季度开工", &json!({"start_by": "2027-06-30"}));
}

#[test]
fn a_start_behind_the_time_of_building_is_that_of_building() {
    reads(
        "Land: 60 mu\nConstruction period: 10 months, start June 2027",
        &json!({"available_by": null, "start_by": "2027-06-30"}),
    );
}

#[test]
fn the_term_of_a_lease_may_be_in_months() {
    reads("租厂房2000平，昆山，租期18个月", &json!({"lease_years": 1.5}));
    reads("求租仓库\n【面积】900平方米\n【租期】60个月", &json!({"lease_years": 5}));
    reads("Office of 300 sqm in Shanghai Jing'an, 24 months, from 1 May 2027.", &json!({"lease_years": 2}));
    reads("租厂房2000平，昆山，免租期4个月，租期6年", &json!({"lease_years": 6}));
    reads("工业用地40亩，固投8000万元，建设期 20 个月，昆山", &json!({"lease_years": null}));
}

#[test]
fn a_label_in_brackets_tells_what_a_date_is_about() {
    reads("求租厂房1500平\n【起租】2027/5/1\n【区域】太仓", &json!({"available_by": "2027-05-01"}));
    reads(
        "工业用地40亩\n【开工】2027年8月\n【投产】2028年10月",
        &json!({"start_by": "2027-08-31", "production_by": "2028-10-31"}),
    );
}

#[test]
fn dates_of_answers_and_of_closing_are_no_handover() {
    reads("RFI, answers by 12 Dec 2026. 20 mu of land in Wuxi", &json!({"available_by": null}));
    reads("老厂须于2028年6月底前腾退，申请用地30亩，位于宜兴市", &json!({"available_by": null}));
}

#[test]
fn a_quarter_may_be_without_its_last_character() {
    reads("用地20畝，蘇州太倉，預計2027年第二季動工", &json!({"start_by": "2027-06-30"}));
    reads("租辦公室500平，進駐：2027年第一季", &json!({"available_by": "2027-03-31"}));
}

#[test]
fn construction_that_would_start_is_a_start() {
    reads(
        "We want 30 mu in Jiaxing. Construction would start in Q3 2027.",
        &json!({"start_by": "2027-09-30", "available_by": null}),
    );
}

//! Kinds of faults that the rounds from 26 on showed, each with sentences of its own.

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

/// Returns the person of a text.
fn person(text: &str) -> Value {
    found(text)["contact"]["person"].clone()
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
fn the_longest_truck_is_the_one_that_must_get_in() {
    reads("求租仓库3000平，昆山，车辆最大17.5米", &json!({"truck_m": 17.5}));
}

#[test]
fn a_line_of_a_form_that_measures_nothing_asks_for_nothing() {
    reads(
        "工位：6个\n研发楼（㎡）：\n实验室（平方米）：\n地点：苏州吴中",
        &json!({"facilities": null, "use": "incubation"}),
    );
    assert_eq!(found("实验室（㎡）：300\n地点：苏州吴中")["requirement"]["facilities"], json!(["lab"]));
}

#[test]
fn a_storey_before_the_label_of_its_load_is_no_wish_for_it() {
    reads("厂房4000平，无锡惠山，底层地面荷载2吨/㎡", &json!({"facilities": null, "floor_load_t_m2": 2}));
    reads("厂房4000平，无锡惠山，要底层，地面荷载2吨/㎡", &json!({"facilities": ["ground_floor"]}));
}

#[test]
fn a_column_of_what_was_reached_is_the_present() {
    let text = "指标\t2025年完成\t搬迁达产\n用地（亩）\t20\t45\n年产值（万元）\t9,000\t26,000";
    reads(&text.replace("搬迁达产", "项目达产"), &json!({"land_mu": {"min": 45, "max": 45}, "output_wan": 26000}));
    let unread = found(&text.replace("搬迁达产", "投产后"))["unread"].to_string();
    assert!(unread.contains("9,000") && unread.contains("20"), "{unread}");
}

#[test]
fn pairs_between_semicolons_are_a_table() {
    let text = "Item;Value\nBuilding type;factory\nArea;30,000 sq ft\nClear height;26 ft\nPossession;1 March 2027\nTarget cities;Wuxi, Changzhou";
    reads(
        text,
        &json!({"ceiling_height_m": 7.9248, "available_by": "2027-03-01", "kinds": ["space"], "regions": ["320200", "320400"]}),
    );
}

#[test]
fn the_place_of_what_exists_is_not_that_of_the_site() {
    reads(
        "求购厂房5000㎡，无锡江阴。我司惠山的旧厂房3000㎡同时转让",
        &json!({"regions": ["320281"], "floor_m2": {"min": 5000, "max": 5000}}),
    );
    reads("拟租用太仓的现有厂房5000㎡", &json!({"regions": ["320585"]}));
    reads(
        "现于宁波北仑租用廠房800坪。擬於嘉興海鹽購置工業用地30畝",
        &json!({"regions": ["330424"], "floor_m2": null, "tenure": "buy"}),
    );
}

#[test]
fn what_an_english_firm_runs_or_a_rival_has_is_not_wanted() {
    let text = "Example Valves makes ball valves and runs a 6,000 sqm plant with 90 people in Wuxi Xinwu. A competitor opened \
                15,000 sqm in Jiangyin. We need 25 mu of industrial land in Yixing, to be purchased.";
    reads(
        text,
        &json!({"land_mu": {"min": 25, "max": 25}, "regions": ["320282"], "build_area_m2": null, "tenure": "buy"}),
    );
}

#[test]
fn english_words_behind_a_facility_deny_it_or_say_that_the_firm_brings_it() {
    reads("Factory of 5,000 sqm in Wuxi. Steam is needed, a canteen is not.", &json!({"facilities": ["steam"]}));
    reads(
        "40 mu of land in Wuxi, 20 t cranes by ourselves, natural gas",
        &json!({"crane_t": null, "facilities": ["natural_gas"]}),
    );
}

#[test]
fn what_was_once_asked_for_is_past() {
    let text = "我司曾于2025年6月来函申请工业用地45亩，现调整为租赁厂房，面积7,000平方米，位于瑞安市";
    reads(text, &json!({"land_mu": null, "floor_m2": {"min": 7000, "max": 7000}, "kinds": ["space"]}));
    reads("申请工业用地45亩，位于瑞安市", &json!({"land_mu": {"min": 45, "max": 45}}));
}

#[test]
fn land_in_a_chemical_park_must_lie_in_one() {
    reads("8 hectares of industrial land in a chemical park in Nantong Rudong", &json!({"chemical": true}));
    reads("8 hectares of industrial land near a chemical park in Nantong Rudong", &json!({"chemical": null}));
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
fn the_owner_who_lets_is_no_preference() {
    reads("找厂房1500平，昆山，业主直租优先，20元以内", &json!({"prefer": null, "tenure": "lease"}));
}

#[test]
fn visitors_parking_is_no_coach() {
    reads("租写字楼800平，宁波海曙，访客停车位6个", &json!({"industry": null, "facilities": ["parking"]}));
}

#[test]
fn square_feet_may_be_written_in_one_character() {
    reads("找廠房，10,000方呎，深圳寶安", &json!({"floor_m2": {"min": 929.0304, "max": 929.0304}}));
}

#[test]
fn what_is_assembled_is_made_and_not_carried() {
    reads("厂房1500平，组装除湿机，昆山", &json!({"industry": "385"}));
    reads("厂房1500平，用于加工冻鱼片、虾滑，舟山", &json!({"industry": "136"}));
    reads("用地20亩，做榨菜，宜宾", &json!({"industry": "137", "use": "production"}));
}

#[test]
fn the_present_right_before_an_amount_is_not_the_plan() {
    reads(
        "工业用地30亩，昆山\n年产值：现3,100万元，预计8,000万元\n年税收：现90万元，预计400万元\n员工：现60人，预计150人",
        &json!({"output_wan": 8000, "tax_wan": 400, "headcount": 150}),
    );
    assert!(found("员工：现60人，预计150人")["unread"].to_string().contains("60人"));
}

#[test]
fn of_a_table_by_years_the_year_of_full_production_counts() {
    let text = "年度\t2027\t2028\t2029（达产）\n销售收入（万元）\t2000\t9000\t21000\n纳税（万元）\t0\t300\t880\n需工业用地30亩，拟落户宜兴市。";
    reads(text, &json!({"output_wan": 21000, "tax_wan": 880, "land_mu": {"min": 30, "max": 30}}));
    assert!(found(text)["unread"].to_string().contains("9000"));
}

#[test]
fn the_line_behind_a_question_answers_it() {
    reads("要多少工位？\n45个\n区域？\n厦门思明", &json!({"workstations": 45, "regions": ["350203"]}));
}

#[test]
fn a_tolerance_may_be_in_words() {
    reads("求租厂房3000㎡（上下浮动5%均可），昆山", &json!({"floor_m2": {"min": 2850, "max": 3150}}));
    reads("求租厂房3000㎡（浮动10%以内），昆山", &json!({"floor_m2": {"min": 2700, "max": 3300}}));
}

#[test]
fn numbers_in_circles_part_places() {
    reads("厂房2000平，意向：①无锡江阴 ②苏州常熟", &json!({"regions": ["320281", "320581"]}));
}

#[test]
fn a_place_that_is_left_out_may_end_in_its_level() {
    reads("湖北省内均可，恩施州除外，用地40亩", &json!({"regions": ["420000"], "exclude_regions": ["422800"]}));
}

#[test]
fn an_amount_that_is_lowered_is_the_new_one() {
    reads("租写字楼1500㎡，上海徐汇，租金由90元/㎡·月降为80元/㎡·月", &json!({"rent_yuan_m2_month_max": 80}));
}

#[test]
fn what_others_did_elsewhere_is_not_wanted() {
    let text = "电机企业欲在合肥蜀山区租厂房6000㎡。同行示例电气已入驻芜湖，投资3亿元，占地50亩。";
    reads(text, &json!({"kinds": ["space"], "land_mu": null, "investment_wan": null}));
}

#[test]
fn what_a_client_no_longer_wants_is_withdrawn() {
    let text =
        "The client no longer wants 40 mu in Kunshan. Revised brief: 25 mu of industrial land in Rugao (Nantong).";
    reads(text, &json!({"land_mu": {"min": 25, "max": 25}, "regions": ["320682"]}));
}

#[test]
fn a_plant_that_stays_is_not_the_second_one_that_is_sought() {
    let text = "Their plant in Tianjin (30,000 sq ft, 60 people) stays. They want to lease a second, existing factory in Ningbo Yinzhou \
                of 40,000 sq ft. Please send options by 5 December.";
    reads(
        text,
        &json!({"floor_m2": {"min": 3716.1216, "max": 3716.1216}, "regions": ["330212"], "available_by": null}),
    );
}

#[test]
fn a_label_of_the_product_says_that_it_is_made() {
    reads(
        "| Item | Requirement |\n|---|---|\n| Product | water pumps |\n| Land | 6 acres |",
        &json!({"use": "production"}),
    );
    let company = "| Item | Requirement |\n|---|---|\n| Company | Example Drums Ltd. |\n| Land | 6 acres |";
    assert_eq!(found(company)["contact"]["company"], json!("Example Drums Ltd."));
}

#[test]
fn words_around_a_telephone_number_and_a_subject_name_no_writer() {
    assert_eq!(person("擬購工業用地40畝，肇慶高要。諮詢：+852 0000 8618"), Value::Null);
    assert_eq!(person("主题：厂房\n林总，公司决定租厂房2000平，昆山"), Value::Null);
    assert_eq!(person("主题：厂房\n林总，13800138000，租厂房2000平"), json!("林总"));
}

#[test]
fn facilities_that_nobody_is_to_offer_are_not_wanted() {
    reads("3000平仓库，嘉兴南湖，冷库免谈", &json!({"facilities": null}));
    reads(
        "Land of 20 mu in Wuxi. The overhead cranes we install ourselves.",
        &json!({"facilities": null, "crane_t": null}),
    );
}

#[test]
fn carriers_and_wholesalers_have_trades() {
    reads("集装箱车队求租堆场10亩，天津滨海新区", &json!({"industry": "543"}));
    reads("找库房800平，我们批发五金，郑州新郑", &json!({"industry": "517"}));
    reads("用地30亩，生产鱼竿，桐庐", &json!({"industry": "244", "use": "production"}));
    reads("用地30亩，酿造米酒，德阳", &json!({"use": "production"}));
}

//! Amounts, dates and tables that texts by others showed to be misread, each with sentences of its own.

use chrono::NaiveDate;
use domain::reader::read;
use serde_json::{Value, json};

fn now() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 24).expect("a day")
}

/// Asserts fields of what a text is read as; `null` where it states none.
fn reads(text: &str, expected: &Value) {
    let found = serde_json::to_value(read(text, now())).expect("json");
    for (field, value) in expected.as_object().expect("fields") {
        assert_eq!(&found["requirement"][field], value, "{field} of {text}");
    }
}

/// Asserts what a text is read as, and that a question about a field has a code.
fn asks(text: &str, field: &str, code: &str) {
    let questions = read(text, now()).questions;
    assert!(questions.iter().any(|it| it.field == field && it.code == code), "{questions:?} of {text}");
}

#[test]
fn a_range_may_have_blanks_around_its_word() {
    for text in ["求租厂房 2,500 至 3,200 平方米", "求租厂房 2500 至3200平方米", "求租厂房2500至 3200 平方米"]
    {
        reads(text, &json!({"floor_m2": {"min": 2500, "max": 3200}}));
    }
    reads("用地30亩 至 2027年6月开工", &json!({"land_mu": {"min": 30, "max": 30}}));
}

#[test]
fn an_amount_in_yuan_counts_where_it_repeats_one_in_another_currency() {
    reads("总投资2000万美元，折合人民币1.4亿元，用地30亩", &json!({"investment_wan": 14000}));
    reads("总投资2000万美元（约合1.4亿元）", &json!({"investment_wan": 14000}));
    reads("总投资2000万美元，年税收1.4亿元", &json!({"investment_wan": null, "tax_wan": 14000}));
}

#[test]
fn a_divisor_behind_a_bound_belongs_to_the_amount_before_it() {
    reads(
        "土地30亩或厂房6000平，地价20万以内一亩 厂房租金12元",
        &json!({"price_wan_per_mu_max": 20, "rent_yuan_m2_month_max": 12}),
    );
}

#[test]
fn a_count_of_things_with_a_figure_each_gives_the_figure() {
    reads("Workshop 4,500 sqm, crane: 2 x 5 t", &json!({"crane_t": 5}));
    reads("厂房4500平，行车2×10吨", &json!({"crane_t": 10}));
}

#[test]
fn a_unit_in_the_label_or_in_a_column_of_its_own_is_that_of_the_number() {
    let land = json!({"land_mu": {"min": 151.7571, "max": 212.46}});
    reads("Minimum acres: 25\nMaximum acres: 35", &land);
    reads("净用地面积      亩     54.3\n亩均税收        万元/亩  20", &json!({"tax_wan": 1086}));
    reads("净用地面积2.8hm²", &json!({"land_mu": {"min": 42, "max": 42}}));
}

#[test]
fn of_a_table_with_today_and_the_plan_the_plan_counts() {
    let text = "指标\t现状\t新项目\n用地（亩）\t20\t50\n年税收（万元）\t600\t2500";
    reads(text, &json!({"land_mu": {"min": 50, "max": 50}, "tax_wan": 2500}));
}

#[test]
fn a_remark_in_brackets_stands_between_a_label_and_its_amount() {
    reads("固定资产投资（不含厂房）1.26亿元，用地30亩", &json!({"fixed_investment_wan": 12600}));
    reads("用地30亩，投资两个多亿", &json!({"investment_wan": 20000}));
}

#[test]
fn a_figure_in_the_name_of_a_row_is_read_or_shown() {
    let texts = [
        "项目 | 单位 | 数值\n行车(10吨) | 台 | 2\n用地面积(m²) | 亩 | 30",
        "指标 | 数值\n3吨货梯 | 2\n二期20亩 | 无\n厂房面积(m²) | 5000",
        "| 指标 | 单位 | 单位 | 数值 |\n| 总用地面积 | 公顷 | 4.2 |\n| 总投资 | 亿元 | 5.35 |",
    ];
    for text in texts {
        let reading = read(text, now());
        let mut covered = vec![false; text.chars().count()];
        let spans = reading.spans.iter().map(|span| (span.start, span.end));
        for (start, end) in spans.chain(reading.unread.iter().map(|unread| (unread.start, unread.end))) {
            covered[start..end].fill(true);
        }
        let lost: Vec<_> = text.chars().zip(covered).filter(|(c, covered)| c.is_numeric() && !covered).collect();
        assert_eq!(lost, [], "{text}");
    }
}

#[test]
fn the_answer_to_a_question_of_a_form_has_its_field() {
    reads(
        "3.目前厂房面积？ 答：2600平方米（租赁）\n4.计划需要的厂房面积？\n答：6000平方米",
        &json!({"floor_m2": {"min": 6000, "max": 6000}}),
    );
}

#[test]
fn a_price_alone_behind_rooms_is_their_rent() {
    reads("要厂房4000方，20块封顶", &json!({"rent_yuan_m2_month_max": 20}));
    reads("要厂房4000方，物业费 5元", &json!({"rent_yuan_m2_month_max": null}));
}

#[test]
fn the_load_of_each_crane_is_that_of_the_cranes_before() {
    reads("厂房3000平，行车2台，单台10吨", &json!({"crane_t": 10}));
}

#[test]
fn a_term_before_an_area_of_things_does_not_take_it() {
    reads(
        "We require 25,000 sq ft of temperature controlled warehouse, term 3 years",
        &json!({"floor_m2": {"min": 2322.576, "max": 2322.576}, "lease_years": 3}),
    );
    reads("用地/用房 租赁厂房20000平方米", &json!({"land_mu": null, "floor_m2": {"min": 20000, "max": 20000}}));
}

#[test]
fn a_total_behind_a_sum_is_the_area() {
    reads("车间1800平 + 办公300平 共2100平", &json!({"floor_m2": {"min": 2100, "max": 2100}}));
}

#[test]
fn a_price_of_a_few_yuan_is_a_rent() {
    reads("厂房2800平，价格控制在18块", &json!({"rent_yuan_m2_month_max": 18}));
}

#[test]
fn the_new_amount_of_a_correction_has_the_field_of_the_old() {
    reads("厂房2000平，净高从6米改为7米", &json!({"ceiling_height_m": 7}));
}

#[test]
fn a_bound_that_opens_a_label_holds_for_its_amount() {
    reads("最小面积：2000平厂房", &json!({"floor_m2": {"min": 2000}}));
    reads("Minimum size: 2000 sqm factory", &json!({"floor_m2": {"min": 2000}}));
}

#[test]
fn pairs_between_commas_are_a_table() {
    reads(
        "Item,Requirement\nUse,Warehouse\nArea,\"12,000 sqm\"\nClear height,10 m\nTerm,3 years",
        &json!({"use": "warehouse", "floor_m2": {"min": 12000, "max": 12000}, "lease_years": 3}),
    );
}

#[test]
fn two_dates_of_a_line_have_their_own_labels() {
    reads("拟开工：2027年5月  拟投产：2028年5月", &json!({"start_by": "2027-05-31", "production_by": "2028-05-31"}));
    reads("用地55亩\n开工        2027年9月前", &json!({"start_by": "2027-08-31", "available_by": null}));
}

#[test]
fn a_bounded_cell_has_the_unit_before_it() {
    reads("1  厂房面积  ㎡  8600\n2  租金  元/㎡/月  ≤15", &json!({"rent_yuan_m2_month_max": 15}));
}

#[test]
fn the_floor_beside_the_land_of_a_building_is_floor() {
    reads("求购 工业厂房 占地15亩以内 建面8000-10000平", &json!({"floor_m2": {"min": 8000, "max": 10000}}));
}

#[test]
fn tenths_of_a_yuan_count() {
    reads("厂房3000平，租金每日每平米一元二角以内", &json!({"rent_yuan_m2_month_max": 36}));
    reads("厂房3000平，租金1元2角/㎡/天", &json!({"rent_yuan_m2_month_max": 36}));
}

#[test]
fn one_kind_of_tax_is_no_total() {
    let text = "年增值税500万元、所得税300万元，用地20亩";
    reads(text, &json!({"tax_wan": null}));
    asks(text, "tax_wan", "tax_part");
    let total = read("税收1200万元（其中增值税800万元），用地20亩", now());
    assert!(total.questions.is_empty(), "{:?}", total.questions);
    reads("税收1200万元（其中增值税800万元），用地20亩", &json!({"tax_wan": 1200}));
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
fn a_storey_named_for_its_height_is_no_wish_for_it() {
    reads("厂房8000平，首层不低于6米，二层以上4.5米即可", &json!({"facilities": null}));
}

#[test]
fn a_price_that_only_rooms_have_is_a_rent() {
    reads("佛山8000平仓 0.7元/天", &json!({"rent_yuan_m2_month_max": 21}));
    reads("佛山8000平仓 净高9 月台", &json!({"ceiling_height_m": 9}));
}

#[test]
fn two_cells_of_a_line_may_be_parted_by_a_comma() {
    reads("占地,30亩\n交地,2027年9月底", &json!({"available_by": "2027-09-30"}));
}

#[test]
fn the_mu_behind_a_blank_may_belong_to_the_next_label() {
    let text = "石材加工 固投2.5亿 亩税8万 100亩左右";
    reads(text, &json!({"fixed_investment_wan": 25000, "tax_wan": null, "land_mu": {"min": 90, "max": 110}}));
    asks(text, "tax_wan", "per_mu_without_area");
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
fn a_million_may_be_apart_from_its_number() {
    reads("Fixed asset investment RMB 600 m, 100 mu of land", &json!({"fixed_investment_wan": 60000}));
    reads("100 mu of land, investment CNY 85.5 mio", &json!({"investment_wan": 8550}));
    reads(
        "Warehouse 3,000 sqm, clear height 9 m, RMB 20/sqm/month",
        &json!({"ceiling_height_m": 9, "rent_yuan_m2_month_max": 20}),
    );
}

#[test]
fn the_area_of_a_form_for_land_is_land() {
    reads(
        "用地性质: 物流仓储用地\n申请面积: 133333.34 平方米",
        &json!({"land_mu": {"min": 200, "max": 200}, "floor_m2": null}),
    );
    reads("载体类型：土地\n面积：20000㎡", &json!({"land_mu": {"min": 30, "max": 30}, "floor_m2": null}));
    reads("原有土地已满\n需求：厂房\n面积：2000㎡", &json!({"land_mu": null, "floor_m2": {"min": 2000, "max": 2000}}));
}

#[test]
fn a_bare_number_behind_the_word_for_leasing_is_the_rent() {
    let text = "独院厂房12000方，电1000KVA，租15-17，可签8年";
    reads(text, &json!({"rent_yuan_m2_month_max": 17, "lease_years": 8}));
    reads("厂房8000方 租30以下", &json!({"rent_yuan_m2_month_max": 30}));
    reads("想租500平仓库", &json!({"rent_yuan_m2_month_max": null}));
}

#[test]
fn a_tolerance_behind_an_area_widens_it() {
    reads("厂房总面积6000㎡（±500）", &json!({"floor_m2": {"min": 5500, "max": 6500}}));
    reads("Plot: 5 ha ± 10%", &json!({"land_mu": {"min": 67.5, "max": 82.5}}));
    reads("用地50亩±5亩", &json!({"land_mu": {"min": 45, "max": 55}}));
}

#[test]
fn several_transformers_add_up() {
    reads("厂房3000平，新增变压器容量 2×1250kVA", &json!({"power_kva": 2500}));
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
fn the_sign_of_a_temperature_stays_with_it() {
    let unread = read("冷库，-18℃冷冻800吨", now()).unread;
    assert!(unread.iter().any(|part| part.text.contains("-18℃")), "{unread:?}");
}

#[test]
fn the_height_of_the_building_is_not_the_clear_height() {
    reads("工业用地20亩，要求可建高度24米", &json!({"ceiling_height_m": null}));
    reads("用地20亩，限高24米", &json!({"ceiling_height_m": null}));
}

#[test]
fn years_until_a_purchase_are_no_handover() {
    reads(
        "厂房5000㎡\n租购意向：租赁为主，5年内可购买\n期望交付：2027年第二季度",
        &json!({"available_by": "2027-06-30"}),
    );
}

#[test]
fn an_answer_says_which_of_two_fields_it_is_about() {
    let text = "问：产值税收？\n答：达产五个亿产值，税收两千二百万左右\n用地60亩";
    reads(text, &json!({"output_wan": 50000, "tax_wan": 2200}));
}

#[test]
fn surcharges_are_no_tax_whoever_pays_them() {
    reads("用地60亩，年上缴税金及附加238万元", &json!({"tax_wan": null}));
}

#[test]
fn the_load_of_a_lift_asks_for_the_lift() {
    reads("厂房9216㎡，货梯载重3t", &json!({"lift_t": 3, "facilities": ["goods_lift"]}));
}

#[test]
fn a_quarter_is_of_the_year_of_the_date_before() {
    reads("用地320亩，2027年一季度签约，二季度开工", &json!({"start_by": "2027-06-30"}));
}

#[test]
fn a_table_of_rows_may_be_headed_by_words_that_name_no_field() {
    reads(
        "需求条目\t具体情况\n建筑面积\t4,200平方米\n层高\t7米\n用电\t630kVA\n区域\t芜湖弋江区\n租金\t≤15元/平方米/月",
        &json!({"floor_m2": {"min": 4200, "max": 4200}, "ceiling_height_m": 7, "power_kva": 630, "regions": ["340209"]}),
    );
    reads(
        "Item | Unit | Phase 1 | Phase 2 | Total\nLand | mu | 50 | 30 | 80\nInvestment | RMB m | 300 | 200 | 500",
        &json!({"land_mu": {"min": 80, "max": 80}, "investment_wan": 50000}),
    );
}

#[test]
fn a_column_of_units_belongs_to_the_figures_before_it() {
    reads(
        "编号,类型,面积,单位,租金,区域\nA-1,厂房,1800,平方米,16元/平/月,常州市金坛区\nA-2,仓库,900,平方米,14元/平/月,常州市武进区",
        &json!({"floor_m2": {"min": 1800, "max": 1800}, "rent_yuan_m2_month_max": 16}),
    );
}

#[test]
fn an_end_without_a_unit_has_that_of_the_other() {
    for text in ["厂房 min 4,000 / max 6,500 sqm", "厂房不少于4000、不超过6500平方米", "最小4000/最大6500㎡厂房"]
    {
        reads(text, &json!({"floor_m2": {"min": 4000, "max": 6500}}));
    }
}

#[test]
fn a_price_may_have_its_bound_its_divisor_or_its_label_elsewhere() {
    for (text, rent) in [
        ("仓库3000平 1.1元内/平/天", 33.0),
        ("仓库3000平 有月台 25块以内", 25.0),
        ("厂房3000平 预算25 月底看房", 25.0),
        ("仓库3000平，报价请含税 max 1.2/天", 36.0),
        ("办公600平 2.5元平天", 75.0),
    ] {
        let found = serde_json::to_value(read(text, now())).expect("json");
        assert_eq!(found["requirement"]["rent_yuan_m2_month_max"].as_f64(), Some(rent), "{text}");
    }
    reads("找60亩地 15万以内一亩", &json!({"price_wan_per_mu_max": 15}));
}

#[test]
fn the_sum_of_the_parts_of_an_investment_is_the_investment() {
    reads("建设投资1.2亿元，流动资金0.3亿元，合计1.5亿元", &json!({"investment_wan": 15000}));
}

#[test]
fn a_figure_with_a_scale_behind_it_is_no_month() {
    reads("total investment RMB 2018.01 million", &json!({"investment_wan": 201_801}));
    reads("租金预算：1.8元/㎡/天／人数：30人", &json!({"rent_yuan_m2_month_max": 54, "headcount": 30}));
}

#[test]
fn a_start_behind_the_time_of_building_is_that_of_building() {
    reads(
        "Land: 60 mu\nConstruction period: 10 months, start June 2027",
        &json!({"available_by": null, "start_by": "2027-06-30"}),
    );
}

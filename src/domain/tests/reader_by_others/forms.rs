//! Forms, tables, boxes and questions.

use serde_json::json;

use super::{found, reads};

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
fn the_answer_to_a_question_of_a_form_has_its_field() {
    reads(
        "3.目前厂房面积？ 答：2600平方米（租赁）\n4.计划需要的厂房面积？\n答：6000平方米",
        &json!({"floor_m2": {"min": 6000, "max": 6000}}),
    );
}

#[test]
fn pairs_between_commas_are_a_table() {
    reads(
        "Item,Requirement\nUse,Warehouse\nArea,\"12,000 sqm\"\nClear height,10 m\nTerm,3 years",
        &json!({"use": "warehouse", "floor_m2": {"min": 12000, "max": 12000}, "lease_years": 3}),
    );
}

#[test]
fn two_cells_of_a_line_may_be_parted_by_a_comma() {
    reads("占地,30亩\n交地,2027年9月底", &json!({"available_by": "2027-09-30"}));
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
fn an_answer_says_which_of_two_fields_it_is_about() {
    let text = "问：产值税收？\n答：达产五个亿产值，税收两千二百万左右\n用地60亩";
    reads(text, &json!({"output_wan": 50000, "tax_wan": 2200}));
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
fn the_answer_to_the_question_for_a_chemical_park_counts() {
    reads("是否需进入化工园区：是", &json!({"chemical": true}));
    reads("是否进化工园：否\n用地20亩", &json!({"chemical": false}));
}

#[test]
fn a_list_of_fields_is_no_list_of_needs() {
    let text = "1. 企业：示例食品有限公司（现址：荆州区，占地50亩）\n2. 拟新增用地：30亩\n3. 用途：工业用地";
    let found = found(text);
    assert_eq!(found["requirement"]["land_mu"], json!({"min": 30, "max": 30}));
    assert_eq!(found["others"], json!([]));
}

#[test]
fn letters_tell_needs_apart() {
    let text = "项目甲（占地100亩，意向江西鹰潭余江区）与项目乙（占地60亩，意向安徽铜陵义安区）分别立项。";
    let found = found(text);
    assert_eq!(found["requirement"]["land_mu"], json!({"min": 100, "max": 100}));
    assert_eq!(found["others"][0]["requirement"]["regions"], json!(["340706"]));
}

#[test]
fn an_empty_box_in_brackets_is_not_wanted() {
    reads("类型：[ ]厂房 [√]土地", &json!({"kinds": ["plot"], "use": null}));
}

#[test]
fn the_columns_of_a_move_are_the_present_and_the_wanted_site() {
    reads(
        "| 需求项 | 现状 | 搬迁后需求 |\n| --- | --- | --- |\n| 厂房面积（㎡） | 1800 | 4000 |\n| 地点 | 上海宝山 | 南通启东 |",
        &json!({"floor_m2": {"min": 4000, "max": 4000}, "regions": ["320681"]}),
    );
}

#[test]
fn boxes_may_be_behind_their_options() {
    reads("需求类型：土地□ 厂房☑\n面积：9000平方米", &json!({"kinds": ["space"]}));
    reads("申请土地30亩：出让 ☑ 租赁 □", &json!({"tenure": "buy"}));
    reads("用地方式：□出让 ☑租赁", &json!({"tenure": "lease"}));
}

#[test]
fn a_numbered_form_is_one_need() {
    let text = "一、拟申请宗地位置：聊城市临清市\n二、宗地面积：23,333平方米（35亩）\n三、固定资产投资强度：≥220万元/亩\n\
                四、亩均税收：≥15万元/亩/年";
    reads(text, &json!({"land_mu": {"min": 35, "max": 35}, "fixed_investment_wan": 7700, "tax_wan": 525}));
    assert_eq!(found(text)["others"], json!([]));
}

#[test]
fn rows_of_needs_are_fields() {
    let text =
        "项目 | 需求\n用途 | 电商仓\n面积 | 2万平起\n单价 | 不高于0.8元/㎡/天\n消防 | 丙二，自动喷淋\n年限 | 3年";
    reads(text, &json!({"floor_m2": {"min": 20000}, "rent_yuan_m2_month_max": 24, "fire_class": "丙"}));
    assert_eq!(found(text)["others"], json!([]));
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
fn the_number_of_a_section_counts_nothing_also_before_a_unit() {
    reads(
        "2.3 用地：45亩，长沙市望城区\n2.4 人员：定员120人\n2.5 投资：总投资1.2亿元",
        &json!({"headcount": 120, "land_mu": {"min": 45, "max": 45}}),
    );
}

#[test]
fn a_line_with_a_blank_behind_each_character_is_read_without_them() {
    let needed = json!({"regions": ["320583"], "floor_m2": {"min": 5000, "max": 5000}, "tenure": "lease"});
    reads("我 司 拟 在 昆 山 租 赁 厂 房 5000 平 方 米", &needed);
    reads(
        "宁 波 市 需 要 厂 房 3000 平 方 米",
        &json!({"regions": ["330200"], "floor_m2": {"min": 3000, "max": 3000}}),
    );
}

#[test]
fn radicals_that_a_pdf_has_for_characters_are_read_as_them() {
    let needed = json!({"land_mu": {"min": 30, "max": 30}, "use": "production", "ceiling_height_m": 8});
    reads("需要⼯业⽤地30亩,⼚房层⾼8⽶", &needed);
    reads("⻓三⻆,⽣产⽤房3000㎡", &json!({"floor_m2": {"min": 3000, "max": 3000}, "use": "production"}));
}

#[test]
fn a_line_may_end_between_a_number_and_its_unit() {
    let needed = json!({"regions": ["330212"], "land_mu": {"min": 27, "max": 33}, "tax_wan": 800});
    reads("我司主要从事橡胶制品生产，拟在宁波市鄞州区购买工业用地约30\n亩，年税收800万元", &needed);
    let needed = json!({"regions": ["320585"], "use": "warehouse", "ceiling_height_m": 9, "lease_years": 5});
    reads("We need a warehouse in Taicang with a clear height of 9\r\nm and a lease of 5 years", &needed);
    // A label that begins as a unit does.
    let apart = "我司主要从事橡胶制品生产，拟购买工业用地（亩）：30\n亩均税收：20万元";
    reads(apart, &json!({"land_mu": {"min": 30, "max": 30}}));
}

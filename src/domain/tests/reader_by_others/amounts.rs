//! Amounts, units, prices and bounds.

use domain::reader::read;
use serde_json::json;

use super::{asks, found, now, reads};

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
fn a_storey_named_for_its_height_is_no_wish_for_it() {
    reads("厂房8000平，首层不低于6米，二层以上4.5米即可", &json!({"facilities": null}));
}

#[test]
fn a_price_that_only_rooms_have_is_a_rent() {
    reads("佛山8000平仓 0.7元/天", &json!({"rent_yuan_m2_month_max": 21}));
    reads("佛山8000平仓 净高9 月台", &json!({"ceiling_height_m": 9}));
}

#[test]
fn the_mu_behind_a_blank_may_belong_to_the_next_label() {
    let text = "石材加工 固投2.5亿 亩税8万 100亩左右";
    reads(text, &json!({"fixed_investment_wan": 25000, "tax_wan": null, "land_mu": {"min": 90, "max": 110}}));
    asks(text, "tax_wan", "per_mu_without_area");
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
fn surcharges_are_no_tax_whoever_pays_them() {
    reads("用地60亩，年上缴税金及附加238万元", &json!({"tax_wan": null}));
}

#[test]
fn the_load_of_a_lift_asks_for_the_lift() {
    reads("厂房9216㎡，货梯载重3t", &json!({"lift_t": 3, "facilities": ["goods_lift"]}));
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
        let found = found(text);
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
fn the_longest_truck_is_the_one_that_must_get_in() {
    reads("求租仓库3000平，昆山，车辆最大17.5米", &json!({"truck_m": 17.5}));
}

#[test]
fn a_storey_before_the_label_of_its_load_is_no_wish_for_it() {
    reads("厂房4000平，无锡惠山，底层地面荷载2吨/㎡", &json!({"facilities": null, "floor_load_t_m2": 2}));
    reads("厂房4000平，无锡惠山，要底层，地面荷载2吨/㎡", &json!({"facilities": ["ground_floor"]}));
}

#[test]
fn square_feet_may_be_written_in_one_character() {
    reads("找廠房，10,000方呎，深圳寶安", &json!({"floor_m2": {"min": 929.0304, "max": 929.0304}}));
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
fn a_tolerance_may_be_in_words() {
    reads("求租厂房3000㎡（上下浮动5%均可），昆山", &json!({"floor_m2": {"min": 2850, "max": 3150}}));
    reads("求租厂房3000㎡（浮动10%以内），昆山", &json!({"floor_m2": {"min": 2700, "max": 3300}}));
}

#[test]
fn an_amount_that_is_lowered_is_the_new_one() {
    reads("租写字楼1500㎡，上海徐汇，租金由90元/㎡·月降为80元/㎡·月", &json!({"rent_yuan_m2_month_max": 80}));
}

#[test]
fn what_a_building_may_cost_is_a_budget() {
    reads("拟购置标准厂房3000平方米，购房款900万元，嘉兴市南湖区", &json!({"budget_wan": 900}));
}

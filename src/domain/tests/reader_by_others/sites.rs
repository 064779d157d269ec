//! What is sought beside what exists, several needs, facilities.

use domain::reader::read;
use serde_json::json;

use super::{found, now, reads};

#[test]
fn a_yard_beside_a_building_is_no_land() {
    reads(
        "厂房5000平，空地1200平",
        &json!({"land_mu": null, "floor_m2": {"min": 5000, "max": 5000}, "kinds": ["space"]}),
    );
    reads("想找块空地30亩", &json!({"land_mu": {"min": 30, "max": 30}}));
}

#[test]
fn a_list_that_is_built_or_bought_is_so_as_a_whole() {
    reads("新建生产车间、仓库及配套办公楼，用地60亩", &json!({"facilities": null}));
    reads("用地60亩，购置烧结、磨加工、充磁等设备300台", &json!({"tenure": null}));
}

#[test]
fn what_is_withdrawn_or_denied_behind_is_not_wanted() {
    reads("之前说的20亩地不要了 改为租厂房5000平", &json!({"land_mu": null, "kinds": ["space"]}));
    reads("登记的15亩不是15亩，是50亩，滁州定远", &json!({"land_mu": {"min": 50, "max": 50}}));
    reads("租赁现有标准厂房而非新征土地：需单层厂房9000㎡", &json!({"kinds": ["space"], "land_mu": null}));
    reads("一期已征用地74亩，本次拟征用地28.6亩", &json!({"land_mu": {"min": 28.6, "max": 28.6}}));
}

#[test]
fn sentences_of_one_customer_each_are_needs_of_their_own() {
    let text = "一家做电动工具的，永康，要8亩左右地或者现成厂房6000平。一家做蜡烛，金华婺城，租1000平二楼。";
    let found = found(&format!("今天跑了两家。{text}"));
    assert_eq!(found["requirement"]["floor_m2"], json!({"min": 6000, "max": 6000}));
    assert_eq!(found["others"][0]["requirement"]["floor_m2"], json!({"min": 1000, "max": 1000}));
}

#[test]
fn another_way_of_getting_land_is_no_second_site() {
    reads("拟在慈溪市另行取得工业用地50亩", &json!({"land_mu": {"min": 50, "max": 50}}));
}

#[test]
fn a_standing_building_that_is_to_be_leased_is_wanted() {
    reads("拟租用某园区已建成的3#厂房（建筑面积5,860㎡）", &json!({"floor_m2": {"min": 5860, "max": 5860}}));
}

#[test]
fn the_floor_of_a_building_that_is_sought_is_not_to_be_built() {
    reads(
        "找一处单层厂房，占地不限，建筑面积1500平米",
        &json!({"build_area_m2": null, "floor_m2": {"min": 1500, "max": 1500}}),
    );
}

#[test]
fn an_alternative_may_stand_behind_a_remark() {
    reads("洁净厂房15000㎡（万级），或用地100亩", &json!({"kinds": ["space", "plot"]}));
}

#[test]
fn a_standing_building_may_be_leased_in_a_place() {
    reads("租用太仓现有标准厂房6200平方米，总投资4600万元", &json!({"investment_wan": 4600}));
}

#[test]
fn land_may_be_offered_instead_some_clauses_behind_a_building() {
    reads("找厂房：8000方单层，租金30以下，或者买20亩地自建", &json!({"kinds": ["space", "plot"]}));
}

#[test]
fn the_store_of_today_is_not_wanted() {
    reads(
        "因现仓库（太原小店区，1200平）即将拆除，在晋源区租1500平的库房",
        &json!({"floor_m2": {"min": 1500, "max": 1500}}),
    );
}

#[test]
fn another_building_in_a_place_is_the_first_need() {
    let text = "急需在小店区或晋源区另租一间1000-1500平的库房";
    reads(text, &json!({"tenure": "lease", "floor_m2": {"min": 1000, "max": 1500}}));
}

#[test]
fn what_the_firm_has_by_itself_is_no_facility_of_the_site() {
    reads("用地30亩，生物质蒸汽 4t/h（自建锅炉）、天然气", &json!({"facilities": ["natural_gas"]}));
    reads("用地30亩，冷库可自建，需食堂", &json!({"facilities": ["canteen"]}));
    reads("用地30亩，有天然气 自建厂房20000平", &json!({"facilities": ["natural_gas"]}));
    reads("蒸汽（园区集中供应），用地30亩", &json!({"facilities": ["steam"]}));
}

#[test]
fn needs_of_parties_with_letters_are_needs_of_their_own() {
    let text = "客户A 做塑料粒子，江西丰城、高安，2000平\n客户B 服装电商，南昌青山湖，1200平";
    let found = found(text);
    assert_eq!(found["requirement"]["floor_m2"], json!({"min": 2000, "max": 2000}));
    assert_eq!(found["others"][0]["requirement"]["regions"], json!(["360111"]));
}

#[test]
fn land_that_is_not_added_is_no_plot() {
    reads("本项目不新增土地，租用厂房3000平", &json!({"kinds": ["space"], "land_mu": null}));
    reads("不新增用地，租用厂房3000平", &json!({"kinds": ["space"]}));
}

#[test]
fn a_standing_building_beside_land_is_not_built() {
    reads("用地80亩，最好带部分现成厂房可过渡5000平", &json!({"build_area_m2": null}));
}

#[test]
fn an_office_that_is_added_to_a_larger_area_is_no_first_use() {
    reads("Manufacturing site. Building: 9,500 sqm single-storey + 1,200 sqm office", &json!({"use": "production"}));
}

#[test]
fn what_exists_is_told_by_headings_and_addresses_too() {
    reads(
        "【存量】土地证面积40亩；容积率0.9\n【增量】新增22亩工业用地",
        &json!({"plot_ratio": null, "land_mu": {"min": 22, "max": 22}}),
    );
    reads("原址：南宁市西乡塘区，占地62亩\n拟用地面积：14.2公顷", &json!({"land_mu": {"min": 213, "max": 213}}));
    reads("投资方现生产基地在河南周口。拟在绥化市北林区建厂，用地60亩", &json!({"regions": ["231202"]}));
    reads("拟用现有载体不少于1.2万平方米，总投资2.4亿元", &json!({"investment_wan": 24000}));
}

#[test]
fn parking_with_an_area_is_a_part_of_the_land() {
    reads("用地40亩，道路及停车场5,600平方米", &json!({"facilities": null}));
    reads("用地40亩，要有停车场", &json!({"facilities": ["parking"]}));
}

#[test]
fn a_heading_of_what_exists_ends_with_the_next() {
    for text in [
        "【现状】租赁厂房3000㎡，员工90人【需求】购地20亩，投资8000万",
        "一、企业现状\n占地60亩，年税收1200万元\n二、新增需求\n用地20亩，投资8000万元",
        "现状：租厂房3000㎡，年产值6000万，需求：购地20亩，投资8000万",
    ] {
        reads(
            text,
            &json!({"land_mu": {"min": 20, "max": 20}, "floor_m2": null, "investment_wan": 8000, "tax_wan": null}),
        );
    }
}

#[test]
fn needs_of_one_sentence_are_told_apart_in_both_languages() {
    for text in [
        "成都双流仓库10000平、重庆巴南仓库6000平",
        "We need a 2,000 sqm office in Suzhou and a 10,000 sqm factory in Wuhan.",
        "杭州总部办公800平（滨江），湖州德清工厂用地60亩",
        "需求一：工厂\n地点：株洲渌口区\n土地：80亩\n\n需求二：研发\n地点：长沙岳麓区\n面积：1500㎡",
    ] {
        assert_eq!(read(text, now()).others.len(), 1, "{text}");
    }
    assert!(read("一是租厂房9000平方米；二是租期3年；三是区域考虑永川区", now()).others.is_empty());
}

#[test]
fn the_first_phase_that_stands_is_no_need() {
    reads("一期用地45亩，已于2021年建成投产。现申请二期用地25亩。", &json!({"land_mu": {"min": 25, "max": 25}}));
}

#[test]
fn rooms_leased_in_place_of_those_that_exist_are_no_second_site() {
    let text = "示例造价咨询有限公司办公室选址意见：现办公用房位于长沙市天心区，面积430平方米，租约到期。建议在长沙市岳麓区另租写字楼900平方米。";
    reads(text, &json!({"kinds": ["space"], "floor_m2": {"min": 900, "max": 900}, "regions": ["430104"]}));
    let text = "在长沙市岳麓区租厂房3000平方米，另租仓库900平方米。";
    assert_ne!(found(text)["requirement"]["floor_m2"], json!({"min": 900, "max": 900}));
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
fn the_owner_who_lets_is_no_preference() {
    reads("找厂房1500平，昆山，业主直租优先，20元以内", &json!({"prefer": null, "tenure": "lease"}));
}

#[test]
fn visitors_parking_is_no_coach() {
    reads("租写字楼800平，宁波海曙，访客停车位6个", &json!({"industry": null, "facilities": ["parking"]}));
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
fn facilities_that_nobody_is_to_offer_are_not_wanted() {
    reads("3000平仓库，嘉兴南湖，冷库免谈", &json!({"facilities": null}));
    reads(
        "Land of 20 mu in Wuxi. The overhead cranes we install ourselves.",
        &json!({"facilities": null, "crane_t": null}),
    );
}

#[test]
fn a_park_that_supplies_something_is_not_sought() {
    reads("拟在盐城市大丰区用地80亩，需园区提供蒸汽", &json!({"kinds": ["plot"]}));
}

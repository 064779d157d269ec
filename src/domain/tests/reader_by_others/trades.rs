//! Trades and products.

use serde_json::{Value, json};

use super::{found, reads};

#[test]
fn a_thing_in_the_yard_or_outside_is_no_trade() {
    reads("求租冷库3000平，月台可停9米6冷藏车", &json!({"industry": null, "truck_m": 9.6}));
    reads("20 mu of land with connection to a public sewage treatment plant", &json!({"industry": null}));
}

#[test]
fn grades_and_stored_goods_are_no_trade_of_the_firm() {
    reads("项目：半导体级石英坩埚，用地65亩", &json!({"industry": "30"}));
    reads("仓库6000平\n存放货品：化妆品", &json!({"industry": null}));
}

#[test]
fn machines_that_are_counted_are_no_trade_and_no_site() {
    for text in ["有数控机床20台，要厂房2000平", "需安装5台数控机床、2台激光切割机，厂房3000平"]
    {
        reads(text, &json!({"industry": null}));
    }
    reads("购置机器人20台，厂房1000平", &json!({"tenure": null}));
    reads("年产5000台拖拉机，用地30亩", &json!({"industry": "357"}));
}

#[test]
fn a_trade_that_is_denied_is_none() {
    reads("客户急需30亩工业地，轻污染（无酸洗无电镀）", &json!({"industry": null}));
}

#[test]
fn buildings_that_are_counted_have_no_use_of_the_site() {
    let text = "净用地面积60亩，新建联合车间2栋、成品库1栋、综合楼1栋，年产玻璃器皿6000万件";
    reads(text, &json!({"use": "production"}));
}

#[test]
fn the_word_for_a_firm_at_the_end_of_a_trade_is_no_other_trade() {
    reads("求租办公室800平，做芯片设计公司用，深圳南山区", &json!({"industry": "652"}));
    reads("求租写字楼900平，勘察设计院，60人", &json!({"industry": "748"}));
    reads("求租写字楼300平，包装设计公司，20人", &json!({"industry": "749"}));
}

#[test]
fn each_project_of_a_list_has_a_trade_of_its_own() {
    let text = "阜阳市2027年储备项目\n（1）示例新型项目：颍上县，用地30亩，总投资1亿元；\n（2）矿泉水灌装项目：临泉县，用地45亩，总投资2亿元。";
    let found = found(text);
    assert_eq!(found["requirement"]["industry"], Value::Null);
    assert_eq!(found["others"][0]["requirement"]["industry"], json!("152"));
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

#[test]
fn what_is_assembled_is_made_and_not_carried() {
    reads("厂房1500平，组装除湿机，昆山", &json!({"industry": "385"}));
    reads("厂房1500平，用于加工冻鱼片、虾滑，舟山", &json!({"industry": "136"}));
    reads("用地20亩，做榨菜，宜宾", &json!({"industry": "137", "use": "production"}));
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
fn carriers_and_wholesalers_have_trades() {
    reads("集装箱车队求租堆场10亩，天津滨海新区", &json!({"industry": "543"}));
    reads("找库房800平，我们批发五金，郑州新郑", &json!({"industry": "517"}));
    reads("用地30亩，生产鱼竿，桐庐", &json!({"industry": "244", "use": "production"}));
    reads("用地30亩，酿造米酒，德阳", &json!({"use": "production"}));
}

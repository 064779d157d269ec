//! Things, places, persons and needs that texts by others showed to be misread, each with sentences of its own.

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
fn a_yard_beside_a_building_is_no_land() {
    reads(
        "厂房5000平，空地1200平",
        &json!({"land_mu": null, "floor_m2": {"min": 5000, "max": 5000}, "kinds": ["space"]}),
    );
    reads("想找块空地30亩", &json!({"land_mu": {"min": 30, "max": 30}}));
}

#[test]
fn the_answer_to_the_question_for_a_chemical_park_counts() {
    reads("是否需进入化工园区：是", &json!({"chemical": true}));
    reads("是否进化工园：否\n用地20亩", &json!({"chemical": false}));
}

#[test]
fn a_list_of_fields_is_no_list_of_needs() {
    let text = "1. 企业：示例食品有限公司（现址：荆州区，占地50亩）\n2. 拟新增用地：30亩\n3. 用途：工业用地";
    let found = serde_json::to_value(read(text, now())).expect("json");
    assert_eq!(found["requirement"]["land_mu"], json!({"min": 30, "max": 30}));
    assert_eq!(found["others"], json!([]));
}

#[test]
fn letters_tell_needs_apart() {
    let text = "项目甲（占地100亩，意向江西鹰潭余江区）与项目乙（占地60亩，意向安徽铜陵义安区）分别立项。";
    let found = serde_json::to_value(read(text, now())).expect("json");
    assert_eq!(found["requirement"]["land_mu"], json!({"min": 100, "max": 100}));
    assert_eq!(found["others"][0]["requirement"]["regions"], json!(["340706"]));
}

#[test]
fn a_list_that_is_built_or_bought_is_so_as_a_whole() {
    reads("新建生产车间、仓库及配套办公楼，用地60亩", &json!({"facilities": null}));
    reads("用地60亩，购置烧结、磨加工、充磁等设备300台", &json!({"tenure": null}));
}

#[test]
fn a_place_that_is_named_instead_takes_the_place_of_those_before() {
    reads("原计划昆山，现在改为嘉善或平湖，厂房3000平", &json!({"regions": ["330421", "330482"]}));
    reads("面向惠州市惠阳区、博罗县求租厂房3000平", &json!({"regions": ["441303", "441322"]}));
    reads("产品面向上海市场，在嘉善租厂房3000平", &json!({"regions": ["330421"]}));
    reads("重庆渝北区或江北区租厂房2800平", &json!({"regions": ["500157"]}));
}

#[test]
fn a_thing_in_the_yard_or_outside_is_no_trade() {
    reads("求租冷库3000平，月台可停9米6冷藏车", &json!({"industry": null, "truck_m": 9.6}));
    reads("20 mu of land with connection to a public sewage treatment plant", &json!({"industry": null}));
}

#[test]
fn latin_spellings_of_characters_with_two_sounds_are_known() {
    reads("Workshop in Chengdu Pidu District", &json!({"regions": ["510117"]}));
    reads("50 mu in Huadu, Guangzhou", &json!({"regions": ["440114"]}));
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
    let found = serde_json::to_value(read(&format!("今天跑了两家。{text}"), now())).expect("json");
    assert_eq!(found["requirement"]["floor_m2"], json!({"min": 6000, "max": 6000}));
    assert_eq!(found["others"][0]["requirement"]["floor_m2"], json!({"min": 1000, "max": 1000}));
}

#[test]
fn grades_and_stored_goods_are_no_trade_of_the_firm() {
    reads("项目：半导体级石英坩埚，用地65亩", &json!({"industry": "30"}));
    reads("仓库6000平\n存放货品：化妆品", &json!({"industry": null}));
}

#[test]
fn places_of_one_name_are_those_in_the_place_named_elsewhere() {
    reads("Office search - Beijing. 20 workstations in Chaoyang or Haidian", &json!({"regions": ["110105", "110108"]}));
    reads("prefer Tianjin or Hebei, 60 mu", &json!({"regions": ["120000", "130000"]}));
    reads("Office 300 sqm, Chaoyang District, Beijing", &json!({"regions": ["110105"]}));
    reads("Workshop in Chengdu Pidu District or Deyang Guanghan", &json!({"regions": ["510117", "510681"]}));
    reads("Warehouse in Changsha", &json!({"regions": ["430100"]}));
}

#[test]
fn the_address_of_a_plant_that_is_chosen_is_where_the_site_is() {
    let text = "项目厂址选定于浙江省台州市温岭市东部新区，占地面积46,669平方米（约70亩）";
    reads(text, &json!({"regions": ["331081"], "land_mu": {"min": 70, "max": 70}}));
}

#[test]
fn another_way_of_getting_land_is_no_second_site() {
    reads("拟在慈溪市另行取得工业用地50亩", &json!({"land_mu": {"min": 50, "max": 50}}));
}

#[test]
fn an_empty_box_in_brackets_is_not_wanted() {
    reads("类型：[ ]厂房 [√]土地", &json!({"kinds": ["plot"], "use": null}));
}

#[test]
fn a_standing_building_that_is_to_be_leased_is_wanted() {
    reads("拟租用某园区已建成的3#厂房（建筑面积5,860㎡）", &json!({"floor_m2": {"min": 5860, "max": 5860}}));
}

#[test]
fn towns_on_a_list_behind_a_city_without_counties_are_in_it() {
    reads("东莞厚街/虎门/长安 找厂房1800平", &json!({"regions": ["441900"]}));
}

#[test]
fn an_obligation_to_be_in_a_chemical_park_counts() {
    for text in ["用地50亩，须入化工园区", "必须进化工园，用地50亩"] {
        reads(text, &json!({"chemical": true}));
    }
    reads("找化工园区50亩地", &json!({"chemical": null}));
}

#[test]
fn the_columns_of_a_move_are_the_present_and_the_wanted_site() {
    reads(
        "| 需求项 | 现状 | 搬迁后需求 |\n| --- | --- | --- |\n| 厂房面积（㎡） | 1800 | 4000 |\n| 地点 | 上海宝山 | 南通启东 |",
        &json!({"floor_m2": {"min": 4000, "max": 4000}, "regions": ["320681"]}),
    );
}

#[test]
fn where_headquarters_plan_to_be_is_wanted() {
    reads("公司总部想租上海青浦办公楼1500平", &json!({"regions": ["310118"]}));
    reads("公司总部在上海青浦，想租昆山厂房1500平", &json!({"regions": ["320583"]}));
}

#[test]
fn the_address_of_a_plant_is_the_site_where_no_other_is_named() {
    reads("总用地66亩。厂址：陕西省宝鸡市岐山县。", &json!({"regions": ["610323"]}));
    reads("找昆山厂房3000平。厂址：陕西省宝鸡市岐山县。", &json!({"regions": ["320583"]}));
}

#[test]
fn brackets_behind_the_surroundings_of_a_place_name_the_places_meant() {
    reads("找地：成都周边（德阳、资阳）50亩", &json!({"regions": ["510600", "512000"]}));
}

#[test]
fn the_floor_of_a_building_that_is_sought_is_not_to_be_built() {
    reads(
        "找一处单层厂房，占地不限，建筑面积1500平米",
        &json!({"build_area_m2": null, "floor_m2": {"min": 1500, "max": 1500}}),
    );
}

#[test]
fn a_word_for_work_is_no_person() {
    let contact = read("计划开工：2027年3月\n联系人：庄经理 138 0013 4010", now()).contact;
    assert_eq!(contact.person.as_deref(), Some("庄经理"));
}

#[test]
fn an_alternative_may_stand_behind_a_remark() {
    reads("洁净厂房15000㎡（万级），或用地100亩", &json!({"kinds": ["space", "plot"]}));
}

#[test]
fn where_a_project_comes_from_is_not_where_it_goes() {
    reads("来源：浙江；需求：标准厂房9000平米；落户意向：芜湖鸠江区", &json!({"regions": ["340207"]}));
}

#[test]
fn an_or_between_places_is_no_choice_of_things() {
    reads("拟在海宁市或桐乡市购买工业用地25亩自建厂房2.8万平方米", &json!({"kinds": ["plot"]}));
}

#[test]
fn divisions_abolished_before_2019_are_their_successors_with_a_note() {
    for (text, code) in [
        ("通县租仓库500平", "110112"),
        ("想在北京通县找厂房500平", "110112"),
        ("从化市找地20亩", "440117"),
        ("高要市找地20亩", "441204"),
        ("萧山市找地20亩", "330109"),
        ("余杭市找地20亩", "330110"),
        ("鄞县工业用地20亩", "330212"),
        ("江都市找地20亩", "321012"),
    ] {
        reads(text, &json!({"regions": [code]}));
        asks(text, "regions", "renamed");
    }
    let today = read("萧山市区写字楼300平", now());
    assert!(today.questions.is_empty(), "{:?}", today.questions);
    reads("交通县道方便，到达县城10分钟，昆山20亩", &json!({"regions": ["320583"]}));
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
fn a_list_of_places_goes_on_behind_remarks_and_commas() {
    reads("地段：杭州滨江区（优先）、萧山区", &json!({"regions": ["330108", "330109"]}));
    reads("落户意向，唐山市丰南区，或曹妃甸区", &json!({"regions": ["130207", "130209"]}));
}

#[test]
fn the_place_of_the_investor_is_not_that_of_the_site() {
    reads("农药项目：江苏示例化工投资，投资5亿元，意向乌海", &json!({"regions": ["150300"]}));
    reads("投资方所在地：广东省佛山市\n意向落户：宜春市", &json!({"regions": ["360900"]}));
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
fn members_that_are_named_take_the_place_of_their_bloc() {
    reads("苏北设厂意向 宿迁/淮安/盐城 厂房10000平", &json!({"regions": ["321300", "320800", "320900"]}));
}

#[test]
fn boxes_may_be_behind_their_options() {
    reads("需求类型：土地□ 厂房☑\n面积：9000平方米", &json!({"kinds": ["space"]}));
    reads("申请土地30亩：出让 ☑ 租赁 □", &json!({"tenure": "buy"}));
    reads("用地方式：□出让 ☑租赁", &json!({"tenure": "lease"}));
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
    let found = serde_json::to_value(read(text, now())).expect("json");
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
fn a_numbered_form_is_one_need() {
    let text = "一、拟申请宗地位置：聊城市临清市\n二、宗地面积：23,333平方米（35亩）\n三、固定资产投资强度：≥220万元/亩\n\
                四、亩均税收：≥15万元/亩/年";
    reads(text, &json!({"land_mu": {"min": 35, "max": 35}, "fixed_investment_wan": 7700, "tax_wan": 525}));
    assert_eq!(serde_json::to_value(read(text, now())).expect("json")["others"], json!([]));
}

#[test]
fn buildings_that_are_counted_have_no_use_of_the_site() {
    let text = "净用地面积60亩，新建联合车间2栋、成品库1栋、综合楼1栋，年产玻璃器皿6000万件";
    reads(text, &json!({"use": "production"}));
}

#[test]
fn places_may_be_parted_by_semicolons() {
    reads(
        "Warehouse 5,000 sqm. Location shortlist: Beijing Daxing; Tianjin Wuqing; Langfang",
        &json!({"regions": ["110115", "120114", "131000"]}),
    );
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
fn rows_of_needs_are_fields() {
    let text =
        "项目 | 需求\n用途 | 电商仓\n面积 | 2万平起\n单价 | 不高于0.8元/㎡/天\n消防 | 丙二，自动喷淋\n年限 | 3年";
    reads(text, &json!({"floor_m2": {"min": 20000}, "rent_yuan_m2_month_max": 24, "fire_class": "丙"}));
    assert_eq!(serde_json::to_value(read(text, now())).expect("json")["others"], json!([]));
}

#[test]
fn the_name_of_a_project_is_no_person() {
    let reading = read("Project name: Falcon\nWarehouse 5,000 sqm in Suzhou", now());
    assert_eq!(reading.contact.person, None);
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
fn the_first_phase_that_stands_is_no_need() {
    reads("一期用地45亩，已于2021年建成投产。现申请二期用地25亩。", &json!({"land_mu": {"min": 25, "max": 25}}));
}

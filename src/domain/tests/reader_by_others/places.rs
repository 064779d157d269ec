//! Places: that of the site, and others that a text names.

use domain::reader::read;
use serde_json::json;

use super::{asks, now, reads};

#[test]
fn a_place_that_is_named_instead_takes_the_place_of_those_before() {
    reads("原计划昆山，现在改为嘉善或平湖，厂房3000平", &json!({"regions": ["330421", "330482"]}));
    reads("面向惠州市惠阳区、博罗县求租厂房3000平", &json!({"regions": ["441303", "441322"]}));
    reads("产品面向上海市场，在嘉善租厂房3000平", &json!({"regions": ["330421"]}));
    reads("重庆渝北区或江北区租厂房2800平", &json!({"regions": ["500157"]}));
}

#[test]
fn latin_spellings_of_characters_with_two_sounds_are_known() {
    reads("Workshop in Chengdu Pidu District", &json!({"regions": ["510117"]}));
    reads("50 mu in Huadu, Guangzhou", &json!({"regions": ["440114"]}));
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
fn members_that_are_named_take_the_place_of_their_bloc() {
    reads("苏北设厂意向 宿迁/淮安/盐城 厂房10000平", &json!({"regions": ["321300", "320800", "320900"]}));
}

#[test]
fn places_may_be_parted_by_semicolons() {
    reads(
        "Warehouse 5,000 sqm. Location shortlist: Beijing Daxing; Tianjin Wuqing; Langfang",
        &json!({"regions": ["110115", "120114", "131000"]}),
    );
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
fn land_in_a_chemical_park_must_lie_in_one() {
    reads("8 hectares of industrial land in a chemical park in Nantong Rudong", &json!({"chemical": true}));
    reads("8 hectares of industrial land near a chemical park in Nantong Rudong", &json!({"chemical": null}));
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
fn a_zone_may_follow_the_whole_name_of_its_city() {
    for (text, code) in [("在西安市高新区租厂房2000平", "610113"), ("合肥市高新区 厂房2000平", "340104")]
    {
        reads(text, &json!({"regions": [code]}));
    }
}

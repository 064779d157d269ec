//! Clauses: what a piece of a sentence says by itself and by those around it.

use serde_json::{Value, json};

use super::{found, reads};

#[test]
fn a_number_alone_in_its_piece_is_a_rent_only_with_a_bound_or_a_word_of_a_price() {
    let rent = |yuan: u32| json!({"rent_yuan_m2_month_max": yuan, "tenure": "lease"});
    reads("太仓沙溪 厂房3000平 一楼 28以内", &rent(28));
    reads("求租仓库2000平 货梯2吨 含税18", &rent(18));
    reads("厂房3000平，35以下，年底前进场", &rent(35));
    reads("厂房3000平，带点办公，32以内能开票", &rent(32));
    reads("厂房3000平，28，年底前进场", &json!({"rent_yuan_m2_month_max": null}));
    reads("用地30亩，28以内", &json!({"rent_yuan_m2_month_max": null, "price_wan_per_mu_max": null}));
    reads("厂房3000平，楼龄10以内", &json!({"rent_yuan_m2_month_max": null}));
}

#[test]
fn years_alone_in_their_piece_are_the_term_of_rooms() {
    reads("厂房3000平，25元以内，五年，带行车", &json!({"lease_years": 5}));
    reads("Workshop in Taicang, 3,000 sqm, RMB 25/sqm/month, start 1 May 2027, 4 years.", &json!({"lease_years": 4}));
    reads("用地30亩，五年，建厂房", &json!({"lease_years": null}));
    reads("厂房3000平，公司做模具，十年老厂", &json!({"lease_years": null}));
}

#[test]
fn a_line_that_opens_with_all_is_said_of_every_need() {
    let text = "手上两个客户：\nA 昆山 厂房 2500平\nB 太仓 仓库 4000平\n都能签三年";
    let found = found(text);
    assert_eq!(found["requirement"]["lease_years"], json!(3));
    assert_eq!(found["others"][0]["requirement"]["lease_years"], json!(3));
    reads("拟落户两地：\n都江堰市用地30亩", &json!({"regions": ["510181"]}));
}

#[test]
fn floors_of_a_building_that_exists_are_not_built() {
    reads(
        "想收购现成厂区，土地25亩以上，厂房1万方左右",
        &json!({"floor_m2": {"min": 9000, "max": 11000}, "build_area_m2": null}),
    );
    reads("现有厂房已满，拿地30亩，新建厂房2万平", &json!({"floor_m2": null, "build_area_m2": 20000}));
    reads("求购工业厂房带地 20-30亩 厂房不低于8000方", &json!({"floor_m2": {"min": 8000}, "build_area_m2": null}));
}

#[test]
fn a_site_inside_a_chemical_park_asks_for_one() {
    reads("选址要求：化工园区内工业用地80亩", &json!({"chemical": true}));
    reads("不要化工园区内的地，工业用地80亩", &json!({"chemical": null}));
}

#[test]
fn a_slash_between_blanks_parts_the_cells_of_a_line() {
    let unread = found("来源：商会介绍 / 意向：买厂房 / 面积：3000平")["unread"].to_string();
    assert!(unread.contains("商会介绍"), "{unread}");
}

#[test]
fn what_a_building_to_be_rented_has_is_asked_for() {
    reads("拟租用2号厂房，面积3000平方米，已有5吨货梯1台", &json!({"lift_t": 5, "facilities": ["goods_lift"]}));
    reads("公司在昆山，已有5吨货梯1台，拟租用厂房3000平方米", &json!({"lift_t": null}));
}

#[test]
fn a_row_of_units_below_the_header_gives_the_units_of_its_columns() {
    let text = "项目名称\t总投资\t用地\t税收\t落地意向\n\t亿元\t亩\t万元\t\n水泵\t1.5\t30\t900\t宁国市";
    reads(text, &json!({"investment_wan": 15000, "land_mu": {"min": 30, "max": 30}, "tax_wan": 900}));
}

#[test]
fn rows_whose_first_cells_head_columns_of_needs_are_a_form() {
    let text = "企业需要 | 详情\n行业 | 水泵\n类型 | 工业用地\n数量 | 50亩\n投资 | 总投资2亿元\n选址 | 宁国市、广德市";
    let found = found(text);
    assert_eq!(found["others"], json!([]));
    reads(text, &json!({"investment_wan": 20000, "regions": ["341881", "341882"]}));
}

#[test]
fn a_distant_label_of_no_field_takes_no_price_per_area() {
    reads("求购物流用地80亩 要靠近高速 外资 60万/亩以内", &json!({"price_wan_per_mu_max": 60}));
    reads("Plot of 8 acres. Land price ceiling: RMB 120,000 per mu.", &json!({"price_wan_per_mu_max": 12}));
}

#[test]
fn a_place_of_the_firm_today_or_of_a_journey_is_not_the_site() {
    reads("本司在佛山禅城有自有写字楼800平，仓库想放在佛山顺德，2000平", &json!({"regions": ["440606"]}));
    reads("用地30亩，泗阳或涟水。我们总经理下周在南京参展", &json!({"regions": ["321323", "320826"]}));
    reads(
        "The client is closing its lab in Beijing (900 sqm) and needs 1,300 sqm of lab space in Wuxi Binhu.",
        &json!({"regions": ["320211"], "floor_m2": {"min": 1300, "max": 1300}}),
    );
    reads("还在南昌县找厂房2000平，进贤也行", &json!({"regions": ["360121", "360124"]}));
}

#[test]
fn a_past_day_tells_of_its_own_clause_alone() {
    let text = "11月16日，我县与某企业签订水泵项目协议，总投资3.5亿元，租赁标准厂房3.2万平方米。";
    reads(text, &json!({"investment_wan": 35000, "floor_m2": {"min": 32000, "max": 32000}}));
    reads(
        "2026/11/20来电 | 需求：租写字楼 | 面积：300平 | 人数：22",
        &json!({"floor_m2": {"min": 300, "max": 300}, "headcount": 22}),
    );
    reads("2025年，营收5.6亿元，纳税2100万元，用地30亩", &json!({"tax_wan": null, "output_wan": null}));
}

#[test]
fn a_price_may_be_in_tenths_of_a_yuan() {
    reads("求租仓库3000平，一平一天两毛五以内", &json!({"rent_yuan_m2_month_max": 7.5}));
    reads("求租毛坯厂房3000平，每平每天5毛", &json!({"rent_yuan_m2_month_max": 15}));
}

#[test]
fn a_unit_glued_to_its_label_is_that_of_the_number() {
    reads("面积㎡：3000，求租厂房", &json!({"floor_m2": {"min": 3000, "max": 3000}}));
    let text = "序号\t客户\t业态\t面积㎡\t区域\n1\t客户甲\t仓库\t3000\t合肥肥东\n2\t客户乙\t厂房\t4200\t合肥长丰";
    assert_eq!(found(text)["others"][0]["requirement"]["floor_m2"], json!({"min": 4200, "max": 4200}));
}

#[test]
fn a_heading_of_what_is_planned_names_its_field() {
    let text = "项目名称,拟投资额(亿元),拟用地(亩),预计年税收(万元),意向落户地\n水泵项目,3.2,95,3600,随州曾都区";
    reads(text, &json!({"investment_wan": 32000, "land_mu": {"min": 95, "max": 95}, "tax_wan": 3600}));
}

#[test]
fn numbers_before_commas_tell_needs_apart() {
    let text = "收到两个需求：1，货架厂，太仓，厂房5000方，24块以内；2，检测公司，苏州吴中，实验室1200方，租三年。";
    let found = found(text);
    assert_eq!(found["requirement"]["rent_yuan_m2_month_max"], json!(24));
    assert_eq!(found["others"][0]["requirement"]["lease_years"], json!(3));
}

#[test]
fn two_districts_of_one_city_in_a_row_are_both_meant() {
    reads("临沂兰山河东都可以，仓库3000平", &json!({"regions": ["371302", "371312"]}));
}

#[test]
fn a_firm_is_named_without_what_is_told_of_it() {
    let text = "项目单位：示例紧固件股份有限公司成立于2006年，位于邯郸市永年区。项目选址：邢台沙河市，用地70亩";
    let found = found(text);
    assert_eq!(found["contact"]["company"], json!("示例紧固件股份有限公司"));
    assert_eq!(found["requirement"]["regions"], json!(["130582"]));
}

#[test]
fn the_name_behind_an_office_in_the_firm_is_the_person() {
    let found = found("王主任：您好！我是示例镀膜（西安）有限公司副总经理房毅。想找厂房3000平。");
    assert_eq!(found["contact"]["person"], json!("房毅"));
}

#[test]
fn staff_that_the_firm_has_are_not_the_jobs() {
    reads(
        "We have 96 employees. We intend to rent 5,000 sqm in Nantong Chongchuan. At full capacity: 230 employees.",
        &json!({"headcount": 230}),
    );
}

#[test]
fn an_answer_in_a_talk_belongs_to_the_question() {
    let text = "客服：什么时候入驻？\n客户：明年3月1号\n客服：需要多少个工位？\n客户：70个";
    reads(text, &json!({"available_by": "2027-03-01", "workstations": 70}));
}

#[test]
fn an_empty_box_denies_the_thing_of_the_area_behind_it() {
    let text = "交易方式：□求租 ☑求购\n物业类型：☑厂房 □仓库 □土地\n面积要求：4000-6000㎡\n行车：☑需要（10吨） □不需要";
    reads(text, &json!({"floor_m2": {"min": 4000, "max": 6000}, "land_mu": null, "crane_t": 10}));
}

#[test]
fn places_that_are_compared_are_wanted() {
    let text = "示例集团计划在东北布局，占地160亩。目前在辽宁铁岭昌图县、吉林四平梨树县之间比选，地价不超过8万元/亩。";
    reads(text, &json!({"regions": ["211224", "220322"], "price_wan_per_mu_max": 8}));
}

#[test]
fn what_is_below_a_heading_of_the_firm_exists() {
    let text = "1.1 企业概况\n示例线缆位于芜湖市，一期占地120亩，年产值24亿元。\n1.2 项目\n用地88.5亩，位于无为市，年产值21亿元。";
    reads(text, &json!({"land_mu": {"min": 88.5, "max": 88.5}, "output_wan": 210_000}));
}

#[test]
fn the_number_of_a_section_is_no_figure() {
    reads("4.3 企业租用厂房3000平\n4.4 职工宿舍300间\n达产后用工110人", &json!({"headcount": 110}));
}

#[test]
fn lines_of_two_cells_are_a_form_and_sums_are_no_need() {
    let text = "载体 | 厂房（租）\n面积 | 6500方\n货梯 | 3吨\n租价 | 14元封顶\n位置 | 天津静海、霸州\n税 | 700万/年";
    reads(text, &json!({"floor_m2": {"min": 6500, "max": 6500}, "lift_t": 3, "rent_yuan_m2_month_max": 14}));
    let text =
        "序号,产品,拟用地(亩),总投资(亿元),拟选址\n1,支架,45,1.6,邹城市\n2,水泵,38,1.2,济宁兖州区\n合计,,83,2.8,";
    let found = found(text);
    assert_eq!(found["others"].as_array().map(Vec::len), Some(1));
    assert!(found["unread"].to_string().contains("83"), "{found}");
}

#[test]
fn an_area_of_rooms_may_lack_its_unit_behind_its_label() {
    reads("要再开一个车间：\n位置 扬州高邮\n面积 三千到三千五", &json!({"floor_m2": {"min": 3000, "max": 3500}}));
    reads("用地30亩\n面积 3000", &json!({"floor_m2": null}));
}

#[test]
fn beds_are_no_jobs() {
    reads("Facilities: canteen, staff housing for 150\nWorkforce: 300", &json!({"headcount": 300}));
    reads("求租厂房3000平\n宿舍：要，100人\n税收：700万", &json!({"headcount": null}));
}

#[test]
fn what_is_left_out_behind_a_list_is_all_of_it() {
    reads(
        "拟在江苏省内选址（苏州、无锡除外），用地40亩",
        &json!({"regions": ["320000"], "exclude_regions": ["320500", "320200"]}),
    );
    reads(
        "太仓、昆山都行，上海不要，用地40亩",
        &json!({"regions": ["320585", "320583"], "exclude_regions": ["310000"]}),
    );
}

#[test]
fn figures_of_the_parent_are_not_those_of_the_project() {
    reads("母公司年营收：9亿元\n用地：50亩\n亩均产值：800万元", &json!({"output_wan": 40000}));
    reads("天然气：需要\n宿舍：自建\n用地：50亩", &json!({"facilities": ["natural_gas"]}));
}

#[test]
fn tables_have_semicolons_and_columns_of_what_is_added() {
    let text = "类型;面积(㎡);区域;租金上限(元/㎡/月);租期(年)\n厂房;2800;柳州柳南区;11;3\n仓库;5200;柳州柳江区;10;1";
    let found = found(text);
    assert_eq!(found["requirement"]["floor_m2"], json!({"min": 2800, "max": 2800}));
    assert_eq!(found["others"][0]["requirement"]["rent_yuan_m2_month_max"], json!(10));
    let text = "指标\t现有\t本次新增\n用地（亩）\t60\t25\n年税收（万元）\t1450\t850";
    reads(text, &json!({"land_mu": {"min": 25, "max": 25}, "tax_wan": 850}));
}

#[test]
fn a_description_is_no_name_of_a_firm() {
    let found = found("Investor: US producer of corrugated packaging\nLand: 80 mu in Jingzhou Shashi");
    assert_eq!(found["contact"]["company"], Value::Null);
    assert_eq!(found["requirement"]["industry"], json!("223"));
}

#[test]
fn a_bare_rent_is_one_per_month_however_low() {
    reads("求租仓库5000㎡，租金0.8", &json!({"rent_yuan_m2_month_max": 0.8}));
    reads("求租仓库5000㎡，租金8", &json!({"rent_yuan_m2_month_max": 8}));
}

#[test]
fn the_new_site_ends_what_is_said_of_the_present() {
    reads(
        "厂房4000平，现在在萧山有个2000平的厂子，员工80人，新地方要求电800kva，35块以内",
        &json!({"power_kva": 800, "rent_yuan_m2_month_max": 35, "headcount": null}),
    );
    reads(
        "We currently run a 3,000 sqm plant in Suzhou with 85 staff. We need 6,000 sqm in Changshu.",
        &json!({"headcount": null, "floor_m2": {"min": 6000, "max": 6000}}),
    );
}

#[test]
fn the_total_counts_before_its_first_phase() {
    reads("一期60亩，二期预留40亩，总投资约6.5亿（一期4亿）", &json!({"investment_wan": 65000}));
}

#[test]
fn what_is_told_of_a_firm_before_its_plan_is_its_present() {
    reads(
        "深圳某模具厂，年产值8000万，年纳税400万，员工110人，拟整体搬迁至惠州惠阳，求租厂房4500平",
        &json!({"output_wan": null, "tax_wan": null, "headcount": null, "floor_m2": {"min": 4500, "max": 4500}}),
    );
    reads("某公司项目总投资3亿元，年产值8000万，拟选址惠州惠阳", &json!({"output_wan": 8000}));
}

#[test]
fn a_tolerance_may_stand_before_the_unit_of_both() {
    reads("用地50±5亩", &json!({"land_mu": {"min": 45, "max": 55}}));
    reads("求租厂房2000±200平", &json!({"floor_m2": {"min": 1800, "max": 2200}}));
}

#[test]
fn the_new_office_is_sought_and_not_the_one_that_is_left() {
    reads(
        "We are relocating from our Shanghai Pudong office (1,800 sqm). New office: 1,400-1,600 sqm in Shanghai Xuhui.",
        &json!({"floor_m2": {"min": 1400, "max": 1600}, "regions": ["310104"], "use": "office"}),
    );
}

#[test]
fn a_sum_of_money_is_no_pen_and_a_length_that_parks_is_a_truck() {
    reads("手上有笔资金3000万，想买个厂房，东莞，5000平以上", &json!({"industry": null}));
    reads("想租个小仓库，400平以内，能停4米2就行", &json!({"truck_m": 4.2}));
    reads("求租仓库1200平，月台要能停4.2米和9.6米车", &json!({"truck_m": 9.6}));
}

#[test]
fn a_label_that_holds_the_unit_measures_its_figure() {
    reads(
        "类型：求购土地\n用地亩数：35-40\n用途：生产水泵",
        &json!({"land_mu": {"min": 35, "max": 40}, "floor_m2": null}),
    );
    reads("需求：租厂房\n平方数：2600\n行车：5吨", &json!({"floor_m2": {"min": 2600, "max": 2600}, "land_mu": null}));
}

#[test]
fn plants_that_a_firm_has_somewhere_are_not_what_it_wants() {
    reads(
        "我司在无锡有两家工厂（员工350人），计划在盐城建湖县租厂房3000平米，用工80人",
        &json!({"headcount": 80, "regions": ["320925"]}),
    );
    reads(
        "Example Pumps operates two factories in Italy with 820 employees. We seek 4 hectares of land and 120 jobs.",
        &json!({"headcount": 120, "land_mu": {"min": 60, "max": 60}}),
    );
    reads(
        "示例乳业（在榆林市现有生产线两条，占地80亩）拟另建工厂，用地30亩，候选：神木市",
        &json!({"regions": ["610881"]}),
    );
    reads("城东那个旧仓库900平不租了。需要在德清县找个仓库2500平", &json!({"floor_m2": {"min": 2500, "max": 2500}}));
}

#[test]
fn a_lease_that_ends_states_no_tenure() {
    let text = "Our rented workshop in Suzhou Wuzhong (800 sqm) is full and the lease expires in May 2027. We want to buy a \
                factory building in Jiaxing Haiyan, 2,500 sqm.";
    reads(text, &json!({"tenure": "buy", "floor_m2": {"min": 2500, "max": 2500}, "regions": ["330424"]}));
    reads("用地50亩，同类地块出让条件为亩均税收25万元", &json!({"tenure": null}));
    reads("用地50亩，国有建设用地出让", &json!({"tenure": "buy"}));
}

#[test]
fn an_amount_that_the_next_clause_drops_is_withdrawn() {
    reads("看过的那个才900平，不要了。要2000平左右的厂房", &json!({"floor_m2": {"min": 1800, "max": 2200}}));
    reads("厂房2000平，不要一楼", &json!({"floor_m2": {"min": 2000, "max": 2000}}));
}

#[test]
fn a_corrected_amount_leaves_the_label_behind_it_to_the_next() {
    reads("投资从两个亿加到三个亿税收一年一千六百万用地六十亩", &json!({"investment_wan": 30000, "tax_wan": 1600}));
}

#[test]
fn what_a_building_costs_per_square_metre_is_no_rent() {
    reads(
        "求购独栋厂房5000平，单价4200/平以内，总价2100万",
        &json!({"rent_yuan_m2_month_max": null, "budget_wan": 2100}),
    );
    reads("求租厂房5000平，单价18/平以内", &json!({"rent_yuan_m2_month_max": 18}));
}

#[test]
fn another_thing_that_is_wanted_takes_no_area_of_a_text_without_stops() {
    reads("租个仓库放粮食大概三千到四千平要有月台要能进大车", &json!({"floor_m2": {"min": 3000, "max": 4000}}));
    reads(
        "Needs 40,000 sq ft of climate-controlled warehouse in Yantai Zhifu",
        &json!({"floor_m2": {"min": 3716.1216, "max": 3716.1216}}),
    );
}

#[test]
fn a_list_of_buildings_that_the_firm_puts_up_asks_for_none_of_them() {
    let codes = |text: &str| found(text)["requirement"]["facilities"].clone();
    let listed = "用地40亩，新建机加工车间、原料库、成品库、综合楼、检测中心及员工宿舍、食堂，容积率1.2";
    assert_eq!(codes(listed), Value::Null);
    assert_eq!(codes("用地40亩，食堂由我方自建，需天然气"), json!(["natural_gas"]));
    assert_eq!(codes("用地40亩，需配套污水处理、职工公寓"), json!(["waste_water", "dormitory"]));
    assert_eq!(codes("用地40亩，生产天然气流量计和燃气报警器"), Value::Null);
    assert_eq!(codes("用地40亩，需蒸汽。该公司无锡冷库去年纳税300万元"), json!(["steam"]));
}

#[test]
fn desks_that_an_office_has_are_no_incubator() {
    reads("请推荐办公室，武侯区，面积800平，工位80个", &json!({"use": "office", "workstations": 80}));
    reads("找个众创空间，工位8个", &json!({"use": "incubation", "workstations": 8}));
}

#[test]
fn an_office_beside_larger_rooms_is_no_second_need() {
    let found = found("找仓库8000平，南昌新建区，带喷淋。另需办公室120㎡。");
    assert_eq!(found["others"], json!([]));
    assert_eq!(found["requirement"]["floor_m2"], json!({"min": 8000, "max": 8000}));
}

#[test]
fn the_writer_is_a_person_and_the_addressee_is_none() {
    let person = |text: &str| found(text)["contact"]["person"].clone();
    assert_eq!(person("找厂房2000平，带行车 13800138000小林"), json!("小林"));
    assert_eq!(person("求租厂房2000平\n联系人 Contact：梁小姐 13800138000"), json!("梁小姐"));
    assert_eq!(person("周处长您好，我们要60亩地。\n示例电气有限公司 常青松"), json!("常青松"));
    assert_eq!(person("李总：\n上次说的厂房，要3000平。\n示例包装 崔明 13800138000"), json!("崔明"));
    assert_eq!(person("Workshop, 3,000 sqm. Broker: Amy Lin, +86 138 0013 8000"), json!("Amy Lin"));
}

#[test]
fn a_firm_with_a_foreign_legal_form_has_a_name() {
    let company = |text: &str| found(text)["contact"]["company"].clone();
    assert_eq!(company("Example Valves A/S makes valves and needs 3 hectares."), json!("Example Valves A/S"));
    assert_eq!(company("Example Foods B.V. needs a factory of 3,000 sqm."), json!("Example Foods B.V."));
    assert_eq!(company("本公司为澳门注册之示例餐具有限公司，需厂房3000平米"), json!("示例餐具有限公司"));
}

#[test]
fn a_word_glued_to_a_date_tells_it_before_the_next_piece_does() {
    reads("写字楼900平 2027年4月10日前交房 有户型图的发我", &json!({"available_by": "2027-04-10"}));
    reads("厂房900平 2027年4月10日 报名截止", &json!({"available_by": null}));
}

#[test]
fn a_word_that_has_no_area_takes_none_from_before_it() {
    reads("厂房 惠州博罗 6000-7000平 产权清楚", &json!({"floor_m2": {"min": 6000, "max": 7000}}));
}

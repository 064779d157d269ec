//! The table of fields: each figure, word and date of requirement and listing is declared here, once.
//!
//! Struct, JSON, schema, forms, import columns, units, facts and search follow from it. Labels are the catalogue's
//! `field.…` and `column.…`, criteria the table `matching/table.rs`. See "How to add a field" in `ARCHITECTURE.md`.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::area::Mu;
use crate::column::{
    Column, Table, columns, day, division, figure, id, industries, latitude, likely, listing, longitude, loose_date,
    mail, month, text, word, words, yes_no,
};
use crate::decimal::Decimal;
use crate::facility::Facility;
use crate::field::requirement;
use crate::industry::IndustryCode;
use crate::kind::Kind;
use crate::matching::Criterion;
use crate::region::DivisionCode;
use crate::shape::{Shape, amount, phrase, range, share, up_to, wishes};
use crate::unit::Unit;
use crate::value::{Near, Range};
use crate::vocabulary::{FireClass, KeyFact, ParkLevel, RecordType, SpaceKind, Status, Tenure, Use};
use crate::word::Word as _;

/// The longest text of a capacity, in characters.
const LONGEST_CAPACITY: usize = 200;

/// Whether the word names a criterion that rests on law.
fn is_legal(criterion: &str) -> bool {
    Criterion::from_word(criterion).is_some_and(Criterion::is_legal)
}

requirement! {
    /// The requirement of an enterprise. Every field may be absent; money is in 万元, yearly amounts per year.
    pub struct Requirement in REQUIREMENT {
        /// Kinds of listing; where absent they follow from the areas asked for.
        kinds: Vec<Kind> = Shape::Words(Kind::VOCABULARY);
        /// The use of the site (用途).
        site_use as "use": Option<Use> = Shape::Word(Use::VOCABULARY);
        /// GB/T 4754-2017 code of any level.
        industry: Option<IndustryCode> = Shape::Industry;
        /// Land, mu.
        land_mu: Option<Range> = range(Unit::Mu);
        /// Floor area, m².
        floor_m2: Option<Range> = range(Unit::M2);
        /// Tax per year that the enterprise will contribute, 万元.
        tax_wan: Option<Decimal> = amount(Unit::WanPerYear);
        /// Fixed-asset investment, 万元.
        fixed_investment_wan: Option<Decimal> = amount(Unit::Wan);
        /// Total investment, 万元; carried, not judged.
        investment_wan: Option<Decimal> = amount(Unit::Wan);
        /// Output per year, 万元.
        output_wan: Option<Decimal> = amount(Unit::WanPerYear);
        /// Value added per year, 万元.
        value_added_wan: Option<Decimal> = amount(Unit::WanPerYear);
        /// R&D spending, % of revenue.
        rd_percent: Option<Decimal> = share();
        /// Energy per year, tonnes of coal equivalent.
        energy_tce: Option<Decimal> = amount(Unit::TcePerYear);
        /// Pollutants per year, tonnes.
        emission_t: Option<Decimal> = amount(Unit::TPerYear);
        /// Plot ratio (容积率).
        plot_ratio: Option<Decimal> = amount(Unit::Ratio);
        /// Buy or lease.
        tenure: Option<Tenure> = Shape::Word(Tenure::VOCABULARY);
        /// Highest land price, 万元 per mu.
        price_wan_per_mu_max: Option<Decimal> = amount(Unit::WanPerMu);
        /// Highest rent, yuan per m² per month.
        rent_yuan_m2_month_max: Option<Decimal> = amount(Unit::YuanPerM2PerMonth);
        /// Power, kVA.
        power_kva: Option<Decimal> = amount(Unit::Kva);
        /// Clear height, m.
        ceiling_height_m: Option<Decimal> = amount(Unit::M);
        /// Floor load, t/m².
        floor_load_t_m2: Option<Decimal> = amount(Unit::TPerM2);
        /// Wanted divisions, GB/T 2260 codes; any of them, and each covers everything below it.
        regions: Vec<DivisionCode> = Shape::Divisions;
        /// A circle around a place.
        near: Option<Near> = Shape::Near;
        /// Wanted levels of the park.
        park_levels: Vec<ParkLevel> = Shape::Words(ParkLevel::VOCABULARY);
        /// The last day by which the site must be free, `2027-03-01`.
        available_by: Option<NaiveDate> = Shape::Day;
        /// Budget for buying land or building, 万元; carried, not judged.
        budget_wan: Option<Decimal> = amount(Unit::Wan);
        /// Desks.
        workstations: Option<Decimal> = amount(Unit::Desks);
        /// Jobs; carried, not judged.
        headcount: Option<Decimal> = amount(Unit::People);
        /// Divisions not wanted, GB/T 2260 codes.
        exclude_regions: Vec<DivisionCode> = Shape::Divisions;
        /// Whether the project must be in a chemical park.
        chemical: Option<bool> = Shape::Flag;
        /// Facilities of the site, codes of `facilities.csv`.
        facilities: Vec<Facility> = Shape::Words(Facility::VOCABULARY);
        /// Load of the overhead crane, t.
        crane_t: Option<Decimal> = amount(Unit::T);
        /// Load of the goods lift, t.
        lift_t: Option<Decimal> = amount(Unit::T);
        /// Length of the trucks that must get in, m.
        truck_m: Option<Decimal> = amount(Unit::M);
        /// Class of fire hazard.
        fire_class: Option<FireClass> = Shape::Word(FireClass::VOCABULARY);
        /// Years of lease, at most 100; carried, not judged.
        lease_years: Option<Decimal> = up_to(100, Unit::Years);
        /// Floor to be built on the land, m²; carried, not judged.
        build_area_m2: Option<Decimal> = amount(Unit::M2);
        /// Goods to be made and their quantity, in words; carried, not judged.
        capacity: Option<String> = phrase(LONGEST_CAPACITY);
        /// The last day by which building starts; carried, not judged.
        start_by: Option<NaiveDate> = Shape::Day;
        /// The last day by which production starts; carried, not judged.
        production_by: Option<NaiveDate> = Shape::Day;
        /// Criteria that are wishes and never exclude.
        prefer: Vec<Criterion> = wishes::<Criterion>("criterion", is_legal);
    }
}

listing! {
    /// The figures of a park.
    #[derive(Clone, Debug, Default)]
    pub struct Park in PARKS {
        code ["园区代码", "园区编号", "园区编码", "代码"] = id();
        name ["名称", "园区名称", "开发区名称"] = text().required();
        level ["级别", "园区级别", "等级"] = word(ParkLevel::VOCABULARY).required().searched();
        type ["园区类型", "类型", "开发区类型"] = text().searched();
        province ["省份", "省", "所在省份", "省级行政区"] = text().required().searched();
        city ["城市", "市", "所在城市", "地级市"] = text().searched();
        county ["区县", "县区", "县", "所在区县", "县（市、区）"] = text().searched();
        county_code ["所在地区", "行政区划代码", "区划代码", "区县代码"] = division();
        approval_month ["批准时间", "批准年月", "获批时间"] = month();
        approved_area_ha ["核准面积", "批准面积"] = figure(Unit::Ha);
        leading_industries ["主导产业", "主导行业"] = text().searched();
        longitude ["经度"] = longitude();
        latitude ["纬度"] = latitude();
        crs ["坐标系", "坐标系统"] = text();
        coord_note ["坐标说明", "坐标备注"] = text();
        available_land_mu ["可供用地", "可供面积", "剩余用地"] = figure(Unit::Mu).fact(KeyFact::Area)
            => "Land still available, mu." available_land_mu: Option<Decimal>;
        status ["状态", "供应状态"] = word(Status::VOCABULARY).fact(KeyFact::Status);
        available_from ["可用时间", "可供时间", "交付时间"] = day().fact(KeyFact::Available);
        banned_industries ["负面清单行业", "禁止行业", "负面清单"] = industries();
        chemical_park ["化工园区", "是否化工园区"] = yes_no();
        parent_code ["上级园区", "上级园区代码"] = text();
        inbox_email ["询盘邮箱", "招商邮箱", "邮箱", "电子邮箱"] = mail();
        service_phone ["服务电话", "招商电话", "联系电话", "电话"] = text();
        shows_owner ["对企业公开负责人", "公开负责人", "是否公开负责人"] = yes_no();
        tags ["标签"] = text();
        facilities ["配套条件", "配套设施", "配套", "具备条件", "设施"] = words(Facility::VOCABULARY);
        no_facilities ["不具备条件", "不具备", "不具备的配套", "缺少配套"] = words(Facility::VOCABULARY);
        demo ["示例数据", "示例", "是否示例"] = yes_no();
    }
}

listing! {
    /// The figures of a plot; control indicators are thresholds.
    #[derive(Clone, Debug, Default)]
    pub struct Plot in PLOTS {
        plot_no ["地块编号", "地块号", "宗地编号", "宗地号", "编号"] = id();
        record_type ["记录类型", "数据类型"] = word(RecordType::VOCABULARY);
        notice_no ["公告编号", "公告号", "公告文号"] = text().searched();
        notice_date ["公告日期", "公告时间", "发布时间"] = loose_date();
        province ["省份", "省", "所在省份", "省级行政区"] = text().required().searched();
        city ["城市", "市", "所在城市", "地级市"] = text().searched();
        county ["区县", "县区", "县", "所在区县", "县（市、区）"] = text().searched();
        location ["位置", "地块位置", "宗地位置", "坐落", "地址", "四至"] = text().searched();
        area_sqm ["面积", "地块面积", "土地面积", "宗地面积", "出让面积", "用地面积"] = figure(Unit::M2).fact(KeyFact::Area)
            => "The whole area." area: Option<Mu>;
        area_mu ["面积", "地块面积", "土地面积", "宗地面积", "出让面积", "用地面积"] = figure(Unit::Mu).fact(KeyFact::Area);
        land_use ["土地用途", "用地性质", "规划用途", "土地性质"] = text().searched()
            => "Land use as written, by name or code." land_use: String;
        industry_limit ["产业要求", "准入产业", "产业类型"] = text().searched();
        industry_code_gb4754 ["准入行业", "行业代码", "准入行业代码", "国民经济行业代码"] = industries()
            => "Codes that may settle here; empty: silence." industries: Vec<IndustryCode>;
        far_min ["容积率下限", "最低容积率", "容积率最小值"] = figure(Unit::Ratio)
            => "Least plot ratio." far_min: Option<Decimal>;
        far_max ["容积率上限", "最高容积率", "容积率最大值"] = figure(Unit::Ratio)
            => "Greatest plot ratio." far_max: Option<Decimal>;
        building_density_min_pct ["建筑密度下限", "最低建筑密度"] = figure(Unit::Percent);
        building_density_max_pct ["建筑密度上限", "最高建筑密度"] = figure(Unit::Percent);
        green_ratio_min_pct ["绿地率下限", "最低绿地率"] = figure(Unit::Percent);
        green_ratio_max_pct ["绿地率上限", "最高绿地率"] = figure(Unit::Percent);
        building_coefficient_min_pct ["建筑系数下限", "建筑系数", "最低建筑系数"] = figure(Unit::Percent);
        height_max_m ["限高", "建筑限高", "建筑高度上限"] = figure(Unit::M);
        office_land_max_pct ["办公用地占比上限", "行政办公用地比例上限"] = figure(Unit::Percent);
        term_years ["出让年限", "使用年限", "出让年期", "土地使用年限"] = figure(Unit::Years);
        start_price_wan ["起始价", "起拍价", "挂牌起始价", "出让起始价"] = figure(Unit::Wan).fact(KeyFact::Price)
            => "Starting price of the whole, 万元." start_price_wan: Option<Decimal>;
        start_price_yuan_sqm ["起始单价", "起拍单价", "起始地面价", "起始价", "起拍价"] = figure(Unit::YuanPerM2).fact(KeyFact::Price)
            => "Starting price, yuan per m²." start_price_yuan_sqm: Option<Decimal>;
        deal_price_wan ["成交价", "成交价格", "成交总价"] = figure(Unit::Wan);
        deposit_wan ["保证金", "竞买保证金"] = figure(Unit::Wan);
        bid_step_wan ["加价幅度", "增价幅度"] = figure(Unit::Wan);
        invest_intensity_wan_mu ["固定资产投资强度", "投资强度", "亩均投资"] = figure(Unit::WanPerMu).fact(KeyFact::Indicators)
            => "Fixed-asset investment, 万元 per mu." invest_intensity_wan_mu: Option<Decimal>;
        output_wan_mu ["亩均产值", "亩均产出", "单位面积产值"] = figure(Unit::WanPerMu).fact(KeyFact::Indicators)
            => "Output per year, 万元 per mu." output_wan_mu: Option<Decimal>;
        tax_wan_mu ["亩均税收", "亩均税收贡献", "单位面积税收"] = figure(Unit::WanPerMu).fact(KeyFact::Indicators)
            => "Tax per year, 万元 per mu." tax_wan_mu: Option<Decimal>;
        value_added_wan_mu ["亩均增加值", "亩均工业增加值"] = figure(Unit::WanPerMu).fact(KeyFact::Indicators);
        labor_productivity_wan_person ["全员劳动生产率", "劳动生产率"] = figure(Unit::WanPerPerson);
        energy_va_wan_tce ["单位能耗增加值", "单位能耗工业增加值"] = figure(Unit::WanPerTce).fact(KeyFact::Indicators)
            => "Value added per energy, 万元 per tonne of coal equivalent." energy_va_wan_tce: Option<Decimal>;
        emission_va_wan_t ["单位排放增加值", "单位排放工业增加值"] = figure(Unit::WanPerT).fact(KeyFact::Indicators)
            => "Value added per emission, 万元 per tonne." emission_va_wan_t: Option<Decimal>;
        rd_pct ["研发投入占比", "研发经费占比", "研发强度"] = figure(Unit::Percent).fact(KeyFact::Indicators)
            => "R&D spending, % of revenue." rd_pct: Option<Decimal>;
        standard_land ["标准地", "是否标准地"] = likely()
            => "Sold as, or likely, a standard-land plot." standard_land: bool;
        source_url ["来源网址", "来源", "来源链接", "原文链接"] = text();
        quality_note ["资料说明", "备注", "说明", "数据说明"] = text().searched();
        park_code ["所属园区", "园区代码", "所属园区代码", "园区编号"] = text();
        min_divisible_sqm ["最小分割面积", "最小出让面积", "可分割最小面积"] = figure(Unit::M2)
            => "The smallest part that is sold; none: the whole only." min_divisible: Option<Mu>;
        banned_industries ["负面清单行业", "禁止行业", "负面清单"] = industries();
        power_kva ["供电能力", "供电容量", "电力容量", "配电容量", "用电容量"] = figure(Unit::Kva).fact(KeyFact::Power)
            => "Power at the plot, kVA." power_kva: Option<Decimal>;
        energy_quota_tce ["能耗指标", "用能指标", "可用能耗指标"] = figure(Unit::TcePerYear).fact(KeyFact::Energy);
        available_from ["可用时间", "可供时间", "交地时间"] = day().fact(KeyFact::Available);
        status ["状态", "供应状态", "地块状态"] = word(Status::VOCABULARY).fact(KeyFact::Status);
        tenure ["租售方式", "供应方式", "供地方式", "出让方式"] = words(Tenure::VOCABULARY)
            => "Terms as written; empty: silence." tenure: Vec<Tenure>;
        longitude ["经度"] = longitude();
        latitude ["纬度"] = latitude();
        facilities ["配套条件", "配套设施", "配套", "具备条件", "设施"] = words(Facility::VOCABULARY);
        no_facilities ["不具备条件", "不具备", "不具备的配套", "缺少配套"] = words(Facility::VOCABULARY);
        demo ["示例数据", "示例", "是否示例"] = yes_no();
    }
}

listing! {
    /// The figures of a space.
    #[derive(Clone, Debug)]
    pub struct Space in SPACES {
        space_no ["空间编号", "房源编号", "厂房编号", "载体编号", "编号"] = id();
        park_code ["所属园区", "园区代码", "所属园区代码", "园区编号"] = text();
        name ["名称", "房源名称", "载体名称", "楼栋名称"] = text().required();
        // A space's use follows from its kind where it states none.
        kind ["空间类型", "载体类型", "房源类型", "类型"] = word(SpaceKind::VOCABULARY).required().filled()
            => "The type of building." kind: SpaceKind;
        province ["省份", "省", "所在省份", "省级行政区"] = text().required().searched();
        city ["城市", "市", "所在城市", "地级市"] = text().searched();
        county ["区县", "县区", "县", "所在区县", "县（市、区）"] = text().searched();
        available_m2 ["可租售面积", "可租面积", "面积", "建筑面积", "可供面积"] = figure(Unit::M2).fact(KeyFact::Area)
            => "Floor to let, m²." available_m2: Option<Decimal>;
        min_lettable_m2 ["最小起租面积", "起租面积", "最小可租面积"] = figure(Unit::M2)
            => "The smallest part that is let, m²." min_lettable_m2: Option<Decimal>;
        rent_yuan_m2_month ["租金", "月租金", "租金单价"] = figure(Unit::YuanPerM2PerMonth).fact(KeyFact::Price)
            => "Rent, yuan per m² per month." rent_yuan_m2_month: Option<Decimal>;
        price_yuan_m2 ["售价", "销售单价", "出售单价"] = figure(Unit::YuanPerM2).fact(KeyFact::Price)
            => "Price, yuan per m²." price_yuan_m2: Option<Decimal>;
        tenure ["租售方式", "租售类型", "供应方式"] = words(Tenure::VOCABULARY)
            => "Terms as written; empty: silence." tenure: Vec<Tenure>;
        industries ["准入行业", "行业代码", "准入行业代码", "国民经济行业代码"] = industries()
            => "Codes that may settle here; empty: silence." industries: Vec<IndustryCode>;
        banned_industries ["负面清单行业", "禁止行业", "负面清单"] = industries();
        use ["适用", "用途", "适用用途", "使用功能"] = words(Use::VOCABULARY)
            => "Uses as written; empty: they follow from the kind." uses: Vec<Use>;
        power_kva ["供电能力", "供电容量", "电力容量", "配电容量", "用电容量"] = figure(Unit::Kva).fact(KeyFact::Power)
            => "Power, kVA." power_kva: Option<Decimal>;
        energy_quota_tce ["能耗指标", "用能指标", "可用能耗指标"] = figure(Unit::TcePerYear).fact(KeyFact::Energy);
        ceiling_height_m ["层高", "净高", "梁下净高"] = figure(Unit::M)
            => "Clear height, m." ceiling_height_m: Option<Decimal>;
        floor_load_t_m2 ["承重", "楼面承重", "楼板荷载", "地面荷载"] = figure(Unit::TPerM2)
            => "Floor load, t/m²." floor_load_t_m2: Option<Decimal>;
        crane_t ["行车吨位", "行车", "行车载重", "行车起重量", "天车吨位", "吊车吨位", "起重量"] = figure(Unit::T)
            => "Load of the overhead crane, t; 0: none." crane_t: Option<Decimal>;
        lift_t ["货梯吨位", "货梯", "货梯载重", "货梯载重量", "电梯载重"] = figure(Unit::T)
            => "Load of the goods lift, t; 0: none." lift_t: Option<Decimal>;
        truck_m ["可进车长", "进车长度", "可通行车长", "最大车长", "车辆长度"] = figure(Unit::M)
            => "Length of the trucks that get in, m." truck_m: Option<Decimal>;
        fire_class ["火灾危险性", "火灾危险性类别", "消防等级", "消防类别", "消防分类", "生产类别"] = word(FireClass::VOCABULARY)
            => "Class of fire hazard." fire_class: Option<FireClass>;
        facilities ["配套条件", "配套设施", "配套", "具备条件", "设施"] = words(Facility::VOCABULARY);
        no_facilities ["不具备条件", "不具备", "不具备的配套", "缺少配套"] = words(Facility::VOCABULARY);
        floor_no ["所在楼层", "楼层"] = text();
        lease_years_min ["最短租期", "最低租期", "起租年限", "最短租赁年限"] = figure(Unit::Years);
        workstations ["工位", "工位数", "工位数量"] = figure(Unit::Desks)
            => "Desks." workstations: Option<Decimal>;
        free_rent_months ["免租期", "免租月数"] = figure(Unit::Months);
        available_from ["可用时间", "交付时间", "可入驻时间"] = day().fact(KeyFact::Available);
        status ["状态", "供应状态", "房源状态"] = word(Status::VOCABULARY).fact(KeyFact::Status);
        longitude ["经度"] = longitude();
        latitude ["纬度"] = latitude();
        source_url ["来源网址", "来源", "来源链接", "原文链接"] = text();
        verified_on ["核实日期", "核实时间", "更新日期"] = day();
        demo ["示例数据", "示例", "是否示例"] = yes_no();
    }
}

columns! {
    POLICIES {
        policy_id ["政策编号", "编号"] = id().searched();
        title ["标题", "政策名称", "政策标题", "名称"] = text().required();
        issuer ["发布机关", "发布单位", "发文机关"] = text().searched();
        document_no ["文号", "发文字号"] = text().searched();
        issued_on ["发布日期", "发文日期", "印发日期"] = day();
        valid_until ["有效期至", "失效日期", "有效期"] = day();
        region_code ["适用地区", "地区代码", "行政区划代码"] = division();
        industries ["准入行业", "适用行业", "行业代码"] = industries();
        kind ["类别", "政策类别", "类型"] = text().searched();
        summary ["摘要", "政策摘要", "内容摘要"] = text().searched();
        body ["正文", "政策正文"] = text().searched();
        source_url ["来源网址", "来源", "来源链接", "原文链接"] = text();
        licence ["原文许可", "许可", "许可方式", "转载许可"] = text();
        tags ["标签"] = text().searched();
        targets ["量化目标", "目标"] = text();
        applies_when ["适用条件"] = text();
        needs ["申请还需", "申请材料"] = text();
        demo ["示例数据", "示例", "是否示例"] = yes_no();
    }
}

/// Returns the columns of a kind's table, in the order of its header; the first holds the id.
#[must_use]
pub const fn columns(kind: Kind) -> &'static [Column] {
    match kind {
        Kind::Park => PARKS,
        Kind::Plot => PLOTS,
        Kind::Space => SPACES,
    }
}

impl Table for Kind {
    fn columns(self) -> &'static [Column] {
        columns(self)
    }
}

/// The table of policies (政策).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policies;

impl Table for Policies {
    fn columns(self) -> &'static [Column] {
        POLICIES
    }

    fn label(self, column: &Column) -> &'static str {
        // A policy's kind is free text, a space's a type of building.
        if column.name == "kind" { "policy_kind" } else { column.name }
    }
}

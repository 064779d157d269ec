//! A requirement in plain words, as people may send it back: reading them gives the requirement again.

use crate::decimal::Decimal;
use crate::listing::Kind;
use crate::reader::fields::wish::NAMES;
use crate::region::{DivisionCode, divisions};
use crate::requirement::{Near, ParkLevel, Range, Requirement, Tenure, Use, Word};

/// Prints a requirement in Chinese, one statement after the other.
///
/// [`crate::reader::read`] gives it back, but for what no sentence can say: a rent without a lease, a division both wanted and
/// left out.
#[must_use]
pub fn print(requirement: &Requirement) -> String {
    let statements = things(requirement).into_iter().chain(amounts(requirement)).chain(places(requirement));
    let mut text = statements.collect::<Vec<_>>().join("；");
    if !text.is_empty() {
        text.push('。');
    }
    text
}

fn list<T>(values: &[T], name: impl Fn(&T) -> String) -> String {
    values.iter().map(name).collect::<Vec<_>>().join("、")
}

fn things(it: &Requirement) -> Vec<String> {
    let mut all = Vec::new();
    if !it.kinds.is_empty() {
        let name = |kind: &Kind| match kind {
            Kind::Plot => "地块类",
            Kind::Space => "楼宇类",
            Kind::Park => "园区类",
        };
        all.push(format!("类型：{}", list(&it.kinds, |kind| name(kind).to_owned())));
    }
    if let Some(site_use) = it.site_use {
        let name = match site_use {
            Use::Production => "生产",
            Use::Research => "研发",
            Use::Warehouse => "仓储",
            Use::Office => "办公",
            Use::Incubation => "孵化",
        };
        all.push(format!("用途：{name}"));
    }
    if let Some(code) = it.industry {
        all.push(format!("行业代码：{code}"));
    }
    if let Some(tenure) = it.tenure {
        all.push(format!("方式：{}", if tenure == Tenure::Buy { "购买" } else { "租赁" }));
    }
    all
}

fn range(label: &str, unit: &str, range: Option<Range>) -> Option<String> {
    match range? {
        Range { min: Some(min), max: Some(max) } if min == max => Some(format!("{label}：{min}{unit}")),
        Range { min: Some(min), max: Some(max) } => Some(format!("{label}：{min}{unit}至{max}{unit}")),
        Range { min: Some(min), max: None } => Some(format!("{label}：不低于{min}{unit}")),
        Range { min: None, max: Some(max) } => Some(format!("{label}：不超过{max}{unit}")),
        Range { min: None, max: None } => None,
    }
}

fn amounts(it: &Requirement) -> Vec<String> {
    let singles: [(&str, Option<Decimal>, &str); 17] = [
        ("税收", it.tax_wan, "万元/年"),
        ("固定资产投资", it.fixed_investment_wan, "万元"),
        ("总投资", it.investment_wan, "万元"),
        ("产值", it.output_wan, "万元/年"),
        ("工业增加值", it.value_added_wan, "万元/年"),
        ("研发投入占比", it.rd_percent, "%"),
        ("综合能耗", it.energy_tce, "吨标准煤"),
        ("污染物排放", it.emission_t, "吨"),
        ("容积率", it.plot_ratio, ""),
        ("地价不超过", it.price_wan_per_mu_max, "万元/亩"),
        ("租金不超过", it.rent_yuan_m2_month_max, "元/平方米/月"),
        ("用电", it.power_kva, "千伏安"),
        ("层高", it.ceiling_height_m, "米"),
        ("承重", it.floor_load_t_m2, "吨/平方米"),
        ("预算", it.budget_wan, "万元"),
        ("座席数", it.workstations, "个"),
        ("用工", it.headcount, "人"),
    ];
    let areas = [range("面积", "亩", it.land_mu), range("楼面面积", "平方米", it.floor_m2)];
    let singles = singles.into_iter().filter_map(|(label, value, unit)| Some(format!("{label}：{}{unit}", value?)));
    areas.into_iter().flatten().chain(singles).collect()
}

fn places(it: &Requirement) -> Vec<String> {
    let name = |code: &DivisionCode| divisions().full_name(*code).replace(' ', "");
    let mut all = Vec::new();
    if !it.regions.is_empty() {
        all.push(format!("区域：{}", list(&it.regions, name)));
    }
    if !it.exclude_regions.is_empty() {
        all.push(format!("不要：{}", list(&it.exclude_regions, name)));
    }
    all.extend(it.near.map(near));
    if !it.park_levels.is_empty() {
        let word =
            |level: &ParkLevel| ParkLevel::WORDS.iter().find(|(_, value)| value == level).map_or("", |(word, _)| word);
        all.push(format!("园区级别：{}", list(&it.park_levels, |level| word(level).to_owned())));
    }
    if let Some(day) = it.available_by {
        all.push(format!("{day}前交付"));
    }
    if let Some(chemical) = it.chemical {
        all.push(format!("须在化工园区内：{}", if chemical { "是" } else { "否" }));
    }
    if !it.prefer.is_empty() {
        let name = |criterion| NAMES.iter().find(|(known, _)| *known == criterion).map_or("", |(_, name)| name);
        all.push(format!("仅为偏好：{}", list(&it.prefer, |criterion| name(*criterion).to_owned())));
    }
    all
}

fn near(near: Near) -> String {
    let side = |value: Decimal, positive: &'static str, negative: &'static str| {
        let magnitude = Decimal::from_micro(value.micro().abs());
        format!("{}{magnitude}度", if value < Decimal::ZERO { negative } else { positive })
    };
    let (lng, lat) = (side(near.lng, "东经", "西经"), side(near.lat, "北纬", "南纬"));
    format!("距{lng}{lat}{}公里以内", near.max_km)
}

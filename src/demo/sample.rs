//! The samples: each model of plot and space in each place that offers it, with figures of the place's tier.
//!
//! Equal days give equal samples. Dates count from the day of loading, so that none is out of date in the next months.

use chrono::{Datelike as _, Days, Months, NaiveDate};
use domain::facility::Facility;
use domain::listing::Kind;

use super::line::Line;
use super::place::SamplePlace;

const PLOT_MODELS: &str = include_str!("../../config/data/demo_plot_models.csv");
const SPACE_MODELS: &str = include_str!("../../config/data/demo_space_models.csv");
const ROADS: [&str; 8] = ["创新路", "振兴路", "兴业路", "科技路", "东环路", "迎宾路", "发展大道", "工业大道"];
const SIDES: [&str; 4] = ["东侧", "西侧", "南侧", "北侧"];
const NOTE: &str = "示例数据，非真实供应";
const PARK_NOTE: &str = "示例数据：可用土地、禁入行业、化工园区、供地时间、配套条件与收件邮箱均为演示";
/// Facilities of nearly every park.
const USUAL: [&str; 6] = ["dormitory", "canteen", "natural_gas", "waste_water", "eia", "near_expressway"];
/// Facilities that the traits of a place give.
const BY_TRAIT: [(&str, &str); 4] =
    [("metro", "near_metro"), ("port", "near_port"), ("rail", "rail_siding"), ("chem", "steam")];
/// Planning figures that are the same on nearly every industrial plot.
const PLANNING: [(&str, &str); 7] = [
    ("record_type", "listing"),
    ("building_density_min_pct", "40"),
    ("building_density_max_pct", "60"),
    ("green_ratio_min_pct", "5"),
    ("green_ratio_max_pct", "20"),
    ("building_coefficient_min_pct", "40"),
    ("office_land_max_pct", "7"),
];
const SQM_PER_MU: f64 = 2000.0 / 3.0;

/// A table's cells by column.
pub(super) type SampleCells = Vec<(&'static str, String)>;

/// Returns the samples of a kind.
pub(super) fn samples(kind: Kind, places: &[SamplePlace], today: NaiveDate) -> Vec<SampleCells> {
    let models = match kind {
        Kind::Park => return places.iter().flat_map(|place| parks(place, today)).collect(),
        Kind::Plot => Line::all(PLOT_MODELS),
        Kind::Space => Line::all(SPACE_MODELS),
    };
    let each = |place| models.iter().map(move |model| Made { place, model, today });
    let offered = places.iter().flat_map(each).filter(|case| case.place.offers(case.model.get("sets")));
    offered.map(|case| if kind == Kind::Plot { case.plot() } else { case.space() }).collect()
}

/// Invented cells of the real parks: land, facilities, inbox.
fn parks(place: &SamplePlace, today: NaiveDate) -> Vec<SampleCells> {
    let cells = |(turn, park): (usize, &Line)| {
        let has = facilities_of(place);
        let fact = |name: &str| park.get(name).to_owned();
        vec![
            ("code", fact("code")),
            ("name", fact("name")),
            ("level", fact("level")),
            ("province", fact("province")),
            ("available_land_mu", (300 + (place.at * 7 + turn * 3) % 12 * 100).to_string()),
            ("status", "available".to_owned()),
            ("available_from", first_of(today, turn as u32).to_string()),
            ("chemical_park", if place.has_trait("chem") && turn == 0 { "yes" } else { "no" }.to_owned()),
            ("inbox_email", format!("invest-{}@example.com", fact("code").to_lowercase())),
            ("tags", PARK_NOTE.to_owned()),
            ("no_facilities", lacking(&has, "park")),
            ("facilities", has.join(";")),
            ("demo", "yes".to_owned()),
        ]
    };
    place.parks().enumerate().map(cells).collect()
}

/// A model in a place.
struct Made<'a> {
    place: &'a SamplePlace,
    model: &'a Line,
    today: NaiveDate,
}

impl Made<'_> {
    fn model_number(&self) -> usize {
        self.model.get("model").parse().unwrap_or_default()
    }

    /// Spreads the choices over places and models.
    fn turn(&self, step: usize) -> usize {
        self.place.at * 5 + self.place.again + self.model_number() * 3 + step * (1 + self.place.at % 3)
    }

    fn one_of(&self, name: &str, step: usize) -> &str {
        self.model.one_of(name, self.turn(step))
    }

    /// A figure of the tier, up to 6 % above or below; `step` tells figures of one listing apart.
    fn figure(&self, name: &str, step: usize) -> f64 {
        self.place.tier.number(name) * (0.94 + 0.02 * (self.turn(step) % 7) as f64)
    }

    fn park(&self) -> &Line {
        self.place.park(self.place.at + self.place.again + self.model_number())
    }

    fn label(&self) -> &str {
        self.place.label(self.park())
    }

    /// Three of five are free now, one next month, one within four months.
    fn available_from(&self) -> NaiveDate {
        let months = [0, 0, 1, 0, 3 + self.turn(2) as u32 % 2];
        first_of(self.today, months[self.turn(0) % months.len()])
    }

    fn number(&self) -> String {
        format!("{}-{}{}", self.place.code(), ["", "B"][self.place.again.min(1)], self.model_number())
    }

    /// SampleCells that plots and spaces share.
    fn common(&self) -> SampleCells {
        let [province, city, county] = self.place.names.clone();
        let (longitude, latitude) = self.place.point(self.turn(1)).unwrap_or_default();
        vec![
            ("park_code", self.park().get("code").to_owned()),
            ("province", province),
            ("city", city),
            ("county", county),
            ("banned_industries", self.model.get("banned").to_owned()),
            ("power_kva", self.one_of("power_kva", 0).to_owned()),
            ("energy_quota_tce", self.one_of("quota_tce", 0).to_owned()),
            ("available_from", self.available_from().to_string()),
            ("status", if self.turn(3).is_multiple_of(29) { "reserved" } else { "available" }.to_owned()),
            ("longitude", longitude),
            ("latitude", latitude),
            ("demo", "yes".to_owned()),
        ]
    }

    fn plot(&self) -> SampleCells {
        // Land is scarcest in the dearest places.
        let scarcity = if self.place.tier.get("tier") == "1" { 0.5 } else { 1.0 };
        let mu = (self.model_mu("mu") * scarcity).round();
        let least = (self.model_mu("least_mu") * scarcity).round();
        let area = (mu * SQM_PER_MU).round();
        let unit = (self.figure("land", 0) / 5.0).round() * 5.0;
        let price = (area * unit / 1e4).round();
        let mut cells = self.common();
        cells.extend([
            ("plot_no", format!("DEMO-P-{}", self.number())),
            ("notice_no", format!("示例告字〔{}〕{}号", self.today.year(), self.number())),
            ("notice_date", self.days_ago(5, 40).to_string()),
            ("location", format!("{}示例地块{}号，{}", self.label(), self.model_number(), self.street())),
            ("area_sqm", area.to_string()),
            ("area_mu", format!("{:.3}", area / SQM_PER_MU)),
            ("min_divisible_sqm", (least * SQM_PER_MU).ceil().to_string()),
            ("land_use", self.one_of("land_use", 1).to_owned()),
            ("industry_code_gb4754", self.industries().to_owned()),
            (
                "industry_limit",
                if self.industries().is_empty() { "不限行业" } else { "制造业，以准入行业代码为准" }.to_owned(),
            ),
            ("far_min", self.one_of("far_min", 0).to_owned()),
            ("far_max", self.one_of("far_max", 0).to_owned()),
            ("height_max_m", self.model.get("height_max_m").to_owned()),
            ("term_years", ["50", "30", "20"][self.turn(0) % 3].to_owned()),
            ("start_price_wan", price.to_string()),
            ("start_price_yuan_sqm", unit.to_string()),
            ("deposit_wan", (price / 5.0).ceil().to_string()),
            ("bid_step_wan", (price / 100.0).ceil().to_string()),
            ("value_added_wan_mu", whole(self.figure("value_added", 4))),
            ("labor_productivity_wan_person", whole(self.figure("productivity", 5))),
            ("quality_note", NOTE.to_owned()),
            ("tenure", if self.turn(1).is_multiple_of(4) { "buy;lease" } else { "buy" }.to_owned()),
        ]);
        cells.extend(PLANNING.map(|(column, value)| (column, value.to_owned())));
        cells.extend(self.indicators());
        cells.extend(self.facilities("park"));
        cells
    }

    fn model_mu(&self, name: &str) -> f64 {
        self.one_of(name, 0).parse().unwrap_or_default()
    }

    /// Industry codes of the model, or the leading industries of the place.
    fn industries(&self) -> &str {
        match self.model.get("industries") {
            "lead" => self.place.lead(),
            codes => codes,
        }
    }

    /// The six control indicators of a standard-land plot; none of any other.
    fn indicators(&self) -> SampleCells {
        if self.model.get("indicators") != "yes" {
            return vec![("standard_land", "no".to_owned())];
        }
        vec![
            ("standard_land", "yes".to_owned()),
            ("invest_intensity_wan_mu", whole(self.figure("invest", 1) / 10.0) + "0"),
            ("output_wan_mu", whole(self.figure("output", 1) / 10.0) + "0"),
            ("tax_wan_mu", whole(self.figure("tax", 1))),
            ("rd_pct", one_place(self.figure("rd", 2))),
            ("energy_va_wan_tce", one_place(self.figure("energy", 3))),
            ("emission_va_wan_t", whole(self.figure("emission", 3))),
        ]
    }

    fn space(&self) -> SampleCells {
        let model = self.model;
        let name = model.get("name").replace("{n}", &(1 + self.turn(1) % 9).to_string());
        let is_sold = model.number("model") < 8.0;
        let mut cells = self.common();
        let mut copy = |to: &'static str, from: &str, step: usize| cells.push((to, self.one_of(from, step).to_owned()));
        copy("kind", "kind", 0);
        copy("use", "use", 0);
        copy("industries", "industries", 0);
        copy("available_m2", "m2", 1);
        copy("min_lettable_m2", "least_m2", 0);
        copy("ceiling_height_m", "height_m", 0);
        copy("floor_load_t_m2", "load_t_m2", 0);
        copy("crane_t", "crane_t", 1);
        copy("lift_t", "lift_t", 0);
        copy("truck_m", "truck_m", 0);
        copy("fire_class", "fire", 0);
        copy("floor_no", "floor", 0);
        copy("lease_years_min", "lease_years", 0);
        copy("workstations", "desks", 1);
        copy("free_rent_months", "free_months", 0);
        cells.extend([
            ("space_no", format!("DEMO-S-{}", self.number())),
            ("name", format!("{}示例{name}", self.label())),
            ("rent_yuan_m2_month", one_place(self.figure(model.get("rent"), 0) * model.number("factor"))),
            ("tenure", if is_sold { "buy;lease" } else { "lease" }.to_owned()),
            ("verified_on", self.days_ago(3, 25).to_string()),
        ]);
        if is_sold {
            cells.push((
                "price_yuan_m2",
                whole(self.figure(model.get("price"), 0) / 10.0 * model.number("factor")) + "0",
            ));
        }
        cells.extend(self.facilities("listing"));
        cells
    }

    /// The facilities that the listing has, and those up to `scope` that it lacks.
    fn facilities(&self, scope: &str) -> SampleCells {
        let own = self.one_of("has", 2).split(';').filter(|code| !code.is_empty());
        let has: Vec<&str> = own.chain(facilities_of(self.place)).collect();
        vec![("no_facilities", lacking(&has, scope)), ("facilities", has.join(";"))]
    }

    fn street(&self) -> String {
        format!("{}{}", ROADS[self.turn(1) % ROADS.len()], SIDES[self.turn(0) % SIDES.len()])
    }

    fn days_ago(&self, least: u64, spread: u64) -> NaiveDate {
        let days = least + self.turn(2) as u64 % spread;
        self.today.checked_sub_days(Days::new(days)).unwrap_or(self.today)
    }
}

fn facilities_of(place: &SamplePlace) -> Vec<&'static str> {
    let by_trait = BY_TRAIT.iter().filter(|(word, _)| place.has_trait(word)).map(|&(_, code)| code);
    // Steam is piped through about half of the zones, and through all with chemistry.
    let steam = (place.at.is_multiple_of(2) && !place.has_trait("chem")).then_some("steam");
    USUAL.into_iter().chain(by_trait).chain(steam).collect()
}

/// The codes that are not there; `park` leaves out those that only a building has.
fn lacking(has: &[&str], scope: &str) -> String {
    let known = Facility::all().map(Facility::row);
    let asked = known.filter(|row| scope == "listing" || row.is_inherited);
    asked.map(|row| row.code.as_str()).filter(|code| !has.contains(code)).collect::<Vec<_>>().join(";")
}

/// The first day of a month from now on.
fn first_of(today: NaiveDate, months: u32) -> NaiveDate {
    let month = today.with_day(1).unwrap_or(today);
    month.checked_add_months(Months::new(months)).unwrap_or(month)
}

fn whole(figure: f64) -> String {
    format!("{}", figure.round())
}

fn one_place(figure: f64) -> String {
    format!("{}", (figure * 10.0).round() / 10.0)
}

//! The columns of every table (contract §7), and what their cells hold.

use serde::{Deserialize, Serialize};

use crate::kind::Kind;

/// What a column's cells hold.
#[derive(Clone, Copy, Debug)]
pub enum Cell {
    /// Anything.
    Text,
    /// A number, not negative.
    Decimal,
    /// Degrees, between plus and minus the given.
    Degrees(f64),
    /// GB/T 4754 codes joined by `;`.
    Industries,
    /// One GB/T 2260 code.
    Division,
    /// `2027-03-01`.
    Day,
    /// yes or no in one of its forms.
    YesNo,
    /// yes, likely or no (`standard_land`).
    Likely,
    /// One word of a list.
    Word(&'static [&'static str]),
    /// Words of a list joined by `;`.
    Words(&'static [&'static str]),
    /// A mail address.
    Mail,
}

/// One column of a table.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name in the header.
    pub name: &'static str,
    /// What its cells hold.
    pub cell: Cell,
    /// Whether the header must have it.
    pub required: bool,
}

const fn column(name: &'static str, cell: Cell) -> Column {
    Column { name, cell, required: false }
}

const fn required(name: &'static str, cell: Cell) -> Column {
    Column { name, cell, required: true }
}

const STATUS: Cell = Cell::Word(&["available", "reserved", "sold", "off"]);
const TENURE: Cell = Cell::Words(&["buy", "lease"]);
const LONGITUDE: Cell = Cell::Degrees(180.0);
const LATITUDE: Cell = Cell::Degrees(90.0);

const PARKS: &[Column] = &[
    required("code", Cell::Text),
    required("name", Cell::Text),
    required("level", Cell::Word(&["国家级", "省级", "市级", "县级", "市县级", "未列入"])),
    column("type", Cell::Text),
    required("province", Cell::Text),
    column("city", Cell::Text),
    column("county", Cell::Text),
    column("county_code", Cell::Division),
    column("approval_month", Cell::Text),
    column("approved_area_ha", Cell::Decimal),
    column("leading_industries", Cell::Text),
    column("longitude", LONGITUDE),
    column("latitude", LATITUDE),
    column("crs", Cell::Text),
    column("coord_note", Cell::Text),
    column("available_land_mu", Cell::Decimal),
    column("status", STATUS),
    column("available_from", Cell::Day),
    column("banned_industries", Cell::Industries),
    column("chemical_park", Cell::YesNo),
    column("parent_code", Cell::Text),
    column("inbox_email", Cell::Mail),
    column("service_phone", Cell::Text),
    column("tags", Cell::Text),
    column("demo", Cell::YesNo),
];

const PLOTS: &[Column] = &[
    required("plot_no", Cell::Text),
    column("record_type", Cell::Word(&["listing", "deal"])),
    column("notice_no", Cell::Text),
    column("notice_date", Cell::Text),
    required("province", Cell::Text),
    column("city", Cell::Text),
    column("county", Cell::Text),
    column("location", Cell::Text),
    column("area_sqm", Cell::Decimal),
    column("area_mu", Cell::Decimal),
    column("land_use", Cell::Text),
    column("industry_limit", Cell::Text),
    column("industry_code_gb4754", Cell::Industries),
    column("far_min", Cell::Decimal),
    column("far_max", Cell::Decimal),
    column("building_density_min_pct", Cell::Decimal),
    column("building_density_max_pct", Cell::Decimal),
    column("green_ratio_min_pct", Cell::Decimal),
    column("green_ratio_max_pct", Cell::Decimal),
    column("building_coefficient_min_pct", Cell::Decimal),
    column("height_max_m", Cell::Decimal),
    column("office_land_max_pct", Cell::Decimal),
    column("term_years", Cell::Decimal),
    column("start_price_wan", Cell::Decimal),
    column("start_price_yuan_sqm", Cell::Decimal),
    column("deal_price_wan", Cell::Decimal),
    column("deposit_wan", Cell::Decimal),
    column("bid_step_wan", Cell::Decimal),
    column("invest_intensity_wan_mu", Cell::Decimal),
    column("output_wan_mu", Cell::Decimal),
    column("tax_wan_mu", Cell::Decimal),
    column("value_added_wan_mu", Cell::Decimal),
    column("labor_productivity_wan_person", Cell::Decimal),
    column("energy_va_wan_tce", Cell::Decimal),
    column("emission_va_wan_t", Cell::Decimal),
    column("rd_pct", Cell::Decimal),
    column("standard_land", Cell::Likely),
    column("source_url", Cell::Text),
    column("quality_note", Cell::Text),
    column("park_code", Cell::Text),
    column("min_divisible_sqm", Cell::Decimal),
    column("banned_industries", Cell::Industries),
    column("power_kva", Cell::Decimal),
    column("available_from", Cell::Day),
    column("status", STATUS),
    column("tenure", TENURE),
    column("longitude", LONGITUDE),
    column("latitude", LATITUDE),
    column("demo", Cell::YesNo),
];

const SPACES: &[Column] = &[
    required("space_no", Cell::Text),
    column("park_code", Cell::Text),
    required("name", Cell::Text),
    required("kind", Cell::Word(&["incubator", "makerspace", "accelerator", "factory", "office"])),
    required("province", Cell::Text),
    column("city", Cell::Text),
    column("county", Cell::Text),
    column("available_m2", Cell::Decimal),
    column("min_lettable_m2", Cell::Decimal),
    column("rent_yuan_m2_month", Cell::Decimal),
    column("price_yuan_m2", Cell::Decimal),
    column("tenure", TENURE),
    column("industries", Cell::Industries),
    column("banned_industries", Cell::Industries),
    column("use", Cell::Words(&["production", "research", "warehouse", "office", "incubation"])),
    column("power_kva", Cell::Decimal),
    column("ceiling_height_m", Cell::Decimal),
    column("floor_load_t_m2", Cell::Decimal),
    column("workstations", Cell::Decimal),
    column("free_rent_months", Cell::Decimal),
    column("available_from", Cell::Day),
    column("status", STATUS),
    column("longitude", LONGITUDE),
    column("latitude", LATITUDE),
    column("source_url", Cell::Text),
    column("verified_on", Cell::Day),
    column("demo", Cell::YesNo),
];

const POLICIES: &[Column] = &[
    required("policy_id", Cell::Text),
    required("title", Cell::Text),
    column("issuer", Cell::Text),
    column("document_no", Cell::Text),
    column("issued_on", Cell::Day),
    column("valid_until", Cell::Day),
    column("region_code", Cell::Division),
    column("industries", Cell::Industries),
    column("kind", Cell::Text),
    column("summary", Cell::Text),
    column("source_url", Cell::Text),
    column("tags", Cell::Text),
    column("demo", Cell::YesNo),
];

/// What names a table: a kind of listing, or [`Policies`]. The type keeps a policy's row out of a listing's hands.
pub trait Table: Copy + PartialEq + std::fmt::Debug {
    /// Its columns in the order of its header; the first holds the id.
    fn columns(self) -> &'static [Column];

    /// Columns that a row must fill besides the id.
    fn filled(self) -> &'static [&'static str] {
        &[]
    }
}

impl Table for Kind {
    fn columns(self) -> &'static [Column] {
        columns(self)
    }

    fn filled(self) -> &'static [&'static str] {
        match self {
            // A space without a kind has no use of its own; the column is required, and its words are an enumeration.
            Self::Space => &["kind"],
            Self::Park | Self::Plot => &[],
        }
    }
}

/// The table of policies (政策).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policies;

impl Table for Policies {
    fn columns(self) -> &'static [Column] {
        POLICIES
    }
}

/// The columns of a kind's table, in the order of its header; the first holds the id.
#[must_use]
pub const fn columns(kind: Kind) -> &'static [Column] {
    match kind {
        Kind::Park => PARKS,
        Kind::Plot => PLOTS,
        Kind::Space => SPACES,
    }
}

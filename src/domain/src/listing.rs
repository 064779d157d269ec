//! Listings (载体): what a requirement can be matched to, typed from a record and its park's record.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::area::Mu;
use crate::decimal::Decimal;
use crate::geo::Point;
use crate::industry::IndustryCode;
use crate::record::Record;
use crate::region::{DivisionCode, divisions};
use crate::vocabulary::{ParkLevel, RecordType, Tenure, Use};
use crate::word::Word as _;

pub use crate::kind::Kind;
pub use crate::vocabulary::{SpaceKind, Status};

/// What every kind of listing states. `None` and empty lists are silence.
#[derive(Clone, Debug)]
pub struct Listing {
    /// `plot_no`, `space_no` or `code`.
    pub id: Arc<str>,
    /// Its name; a plot's is its location, else its number.
    pub name: Arc<str>,
    /// The park's code: a park's own, or the park that it lies in.
    pub park: Option<Arc<str>>,
    /// The narrowest division stated.
    pub division: Option<DivisionCode>,
    /// Where it is.
    pub point: Option<Point>,
    /// The park's level.
    pub level: Option<ParkLevel>,
    /// Codes on the park's, plot's or space's negative list.
    pub banned_industries: Vec<IndustryCode>,
    /// Whether its park is a chemical park.
    pub chemical_park: Option<bool>,
    /// Whether it can be had.
    pub status: Option<Status>,
    /// From which day.
    pub available_from: Option<NaiveDate>,
    /// A sample, shown as 示例.
    pub demo: bool,
    /// The day or month of the evidence (`notice_date`, `verified_on`) as written, for staleness.
    pub dated: Option<String>,
    /// A plot recorded as a past deal.
    pub is_deal: bool,
    /// What its kind alone states.
    pub detail: Detail,
}

/// What one kind of listing states.
#[derive(Clone, Debug)]
pub enum Detail {
    /// 园区
    Park(Park),
    /// 地块
    Plot(Box<Plot>),
    /// 载体空间
    Space(Box<Space>),
}

/// A park's own figures.
#[derive(Clone, Debug, Default)]
pub struct Park {
    /// Land still to be had, mu.
    pub available_land_mu: Option<Decimal>,
}

/// A plot's own figures; control indicators are thresholds.
#[derive(Clone, Debug, Default)]
pub struct Plot {
    /// Codes that may settle here; empty: silence.
    pub industries: Vec<IndustryCode>,
    /// Land use as written, by name or code.
    pub land_use: String,
    /// The whole area.
    pub area: Option<Mu>,
    /// The smallest part that is sold; none: the whole only.
    pub min_divisible: Option<Mu>,
    /// Least plot ratio.
    pub far_min: Option<Decimal>,
    /// Greatest plot ratio.
    pub far_max: Option<Decimal>,
    /// Starting price of the whole, 万元.
    pub start_price_wan: Option<Decimal>,
    /// Starting price, 元/㎡.
    pub start_price_yuan_sqm: Option<Decimal>,
    /// Fixed-asset investment, 万元/亩.
    pub invest_intensity_wan_mu: Option<Decimal>,
    /// Output, 万元/亩 a year.
    pub output_wan_mu: Option<Decimal>,
    /// Tax, 万元/亩 a year.
    pub tax_wan_mu: Option<Decimal>,
    /// Value added per energy, 万元/tce.
    pub energy_va_wan_tce: Option<Decimal>,
    /// Value added per emission, 万元/t.
    pub emission_va_wan_t: Option<Decimal>,
    /// R&D spending, % of revenue.
    pub rd_pct: Option<Decimal>,
    /// Sold as, or likely, a standard-land plot.
    pub standard_land: bool,
    /// Power at the plot, kVA.
    pub power_kva: Option<Decimal>,
    /// Terms as written; empty: silence.
    pub tenure: Vec<Tenure>,
}

/// A space's own figures.
#[derive(Clone, Debug)]
pub struct Space {
    /// What sort of building.
    pub kind: SpaceKind,
    /// Codes that may settle here; empty: silence.
    pub industries: Vec<IndustryCode>,
    /// Uses as written; empty: the kind speaks.
    pub uses: Vec<Use>,
    /// Floor to let, m².
    pub available_m2: Option<Decimal>,
    /// Smallest part let, m².
    pub min_lettable_m2: Option<Decimal>,
    /// Rent, 元/㎡/月.
    pub rent_yuan_m2_month: Option<Decimal>,
    /// Price, 元/㎡.
    pub price_yuan_m2: Option<Decimal>,
    /// Terms as written; empty: silence.
    pub tenure: Vec<Tenure>,
    /// Power, kVA.
    pub power_kva: Option<Decimal>,
    /// Clear height, m.
    pub ceiling_height_m: Option<Decimal>,
    /// Floor load, t/m².
    pub floor_load_t_m2: Option<Decimal>,
    /// Desks.
    pub workstations: Option<Decimal>,
}

impl Listing {
    /// The kind.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self.detail {
            Detail::Park(_) => Kind::Park,
            Detail::Plot(_) => Kind::Plot,
            Detail::Space(_) => Kind::Space,
        }
    }

    /// Whether it is offered at all: not sold, not withdrawn, not a past deal.
    #[must_use]
    pub fn is_offered(&self) -> bool {
        !self.is_deal && !matches!(self.status, Some(Status::Sold | Status::Off))
    }

    /// A park from its record.
    #[must_use]
    pub fn from_park(record: &Record) -> Self {
        let mut listing =
            Self::base(record, None, Detail::Park(Park { available_land_mu: record.decimal("available_land_mu") }));
        listing.park = Some(listing.id.clone());
        // A park's county_code is exact where its three names are not.
        listing.division = DivisionCode::parse(record.get("county_code")).or(listing.division);
        listing.level = ParkLevel::from_word(record.get("level"));
        listing.chemical_park = record.yes_no("chemical_park");
        listing
    }

    /// A plot from its record and its park's, which lends level, blank coordinates and a wholly blank division.
    #[must_use]
    pub fn from_plot(record: &Record, park: Option<&Self>) -> Self {
        let area = match (record.decimal("area_sqm"), record.decimal("area_mu")) {
            (Some(sqm), _) => Some(Mu::from_sqm(sqm)),
            (None, mu) => mu.map(Mu::from_mu),
        };
        let plot = Plot {
            industries: record.codes("industry_code_gb4754"),
            land_use: record.get("land_use").to_owned(),
            area,
            min_divisible: record.decimal("min_divisible_sqm").map(Mu::from_sqm),
            far_min: record.decimal("far_min"),
            far_max: record.decimal("far_max"),
            start_price_wan: record.decimal("start_price_wan"),
            start_price_yuan_sqm: record.decimal("start_price_yuan_sqm"),
            invest_intensity_wan_mu: record.decimal("invest_intensity_wan_mu"),
            output_wan_mu: record.decimal("output_wan_mu"),
            tax_wan_mu: record.decimal("tax_wan_mu"),
            energy_va_wan_tce: record.decimal("energy_va_wan_tce"),
            emission_va_wan_t: record.decimal("emission_va_wan_t"),
            rd_pct: record.decimal("rd_pct"),
            standard_land: matches!(record.get("standard_land"), "yes" | "likely"),
            power_kva: record.decimal("power_kva"),
            tenure: record.words("tenure"),
        };
        let mut listing = Self::base(record, park, Detail::Plot(Box::new(plot)));
        listing.is_deal = RecordType::from_word(record.get("record_type")) == Some(RecordType::Deal);
        listing
    }

    /// A space from its record and its park's.
    ///
    /// `None` where the kind is missing, which [`Record`] parsing refuses for spaces.
    #[must_use]
    pub fn from_space(record: &Record, park: Option<&Self>) -> Option<Self> {
        let space = Space {
            kind: SpaceKind::from_word(record.get("kind"))?,
            industries: record.codes("industries"),
            uses: record.words("use"),
            available_m2: record.decimal("available_m2"),
            min_lettable_m2: record.decimal("min_lettable_m2"),
            rent_yuan_m2_month: record.decimal("rent_yuan_m2_month"),
            price_yuan_m2: record.decimal("price_yuan_m2"),
            tenure: record.words("tenure"),
            power_kva: record.decimal("power_kva"),
            ceiling_height_m: record.decimal("ceiling_height_m"),
            floor_load_t_m2: record.decimal("floor_load_t_m2"),
            workstations: record.decimal("workstations"),
        };
        Some(Self::base(record, park, Detail::Space(Box::new(space))))
    }

    fn base(record: &Record, park: Option<&Self>, detail: Detail) -> Self {
        let names = ["province", "city", "county"].map(|column| record.get(column));
        let own_division = divisions().resolve(names[0], names[1], names[2]);
        let all_blank = names.iter().all(|name| name.trim().is_empty());
        let id: Arc<str> = record.id().into();
        let name = [record.get("name"), record.get("location"), record.id()]
            .into_iter()
            .find(|text| !text.is_empty())
            .unwrap_or_default();
        let own_point = record.float("longitude").zip(record.float("latitude")).map(|(lng, lat)| Point { lng, lat });
        let park_code = record.get("park_code");
        Self {
            id,
            name: name.into(),
            park: (!park_code.is_empty()).then(|| park_code.into()),
            division: if all_blank { park.and_then(|park| park.division) } else { own_division },
            point: own_point.or_else(|| park.and_then(|park| park.point)),
            level: park.and_then(|park| park.level),
            banned_industries: record.codes("banned_industries"),
            chemical_park: park.and_then(|park| park.chemical_park),
            status: Status::from_word(record.get("status")),
            available_from: record.day("available_from"),
            demo: record.yes_no("demo") == Some(true),
            dated: [record.get("notice_date"), record.get("verified_on")]
                .into_iter()
                .find(|text| !text.is_empty())
                .map(str::to_owned),
            is_deal: false,
            detail,
        }
    }
}

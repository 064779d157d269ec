//! Listings (载体), typed from a record and its park's record.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::area::Mu;
use crate::decimal::Decimal;
use crate::facility::{Facilities, Facility, FacilitySet};
use crate::geo::Point;
use crate::industry::IndustryCode;
use crate::record::Record;
use crate::region::{DivisionCode, divisions};
use crate::vocabulary::ParkLevel;
use crate::word::Word as _;

pub use crate::fields::{Park, Plot, Space};
pub use crate::kind::Kind;
pub use crate::vocabulary::{RecordType, SpaceKind, Status};

/// A listing of any kind. `None` and empty lists are silence.
#[derive(Clone, Debug)]
pub struct Listing {
    /// `plot_no`, `space_no` or `code`.
    pub id: Arc<str>,
    /// Its name; a plot's is its location, else its number.
    pub name: Arc<str>,
    /// The code of the park itself or of the park around it.
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
    /// Facilities by its own record, its crane and lift, and its park's record.
    pub facilities: Facilities,
    /// Its availability.
    pub status: Option<Status>,
    /// The first day on which it is free.
    pub available_from: Option<NaiveDate>,
    /// A sample, shown as 示例.
    pub demo: bool,
    /// The day or month of the evidence (`notice_date`, `verified_on`) as written, for staleness.
    pub dated: Option<String>,
    /// A plot recorded as a past deal.
    pub is_deal: bool,
    /// The figures of its kind.
    pub detail: Detail,
}

/// The figures of one kind of listing.
#[derive(Clone, Debug)]
pub enum Detail {
    /// 园区
    Park(Park),
    /// 地块
    Plot(Box<Plot>),
    /// 载体空间
    Space(Box<Space>),
}

impl Plot {
    /// The land that the plot would supply to a need of at least `least` mu: the whole, unless a smaller part is sold
    /// and is enough.
    #[must_use]
    pub fn take(&self, least: Option<Decimal>) -> Option<Mu> {
        let area = self.area?;
        let Some(part) = self.min_divisible else { return Some(area) };
        let smallest = least.map_or(part, |least| part.max(Mu::from_mu(least)));
        Some(smallest.min(area))
    }

    /// Whether the plot has control indicators: a blank one is then unknown, not absent.
    #[must_use]
    pub fn is_controlled(&self) -> bool {
        let amounts = self.invest_intensity_wan_mu.or(self.tax_wan_mu).or(self.output_wan_mu);
        let shares = self.rd_pct.or(self.energy_va_wan_tce).or(self.emission_va_wan_t);
        self.standard_land || amounts.or(shares).is_some()
    }
}

impl Listing {
    /// Returns the kind.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self.detail {
            Detail::Park(_) => Kind::Park,
            Detail::Plot(_) => Kind::Plot,
            Detail::Space(_) => Kind::Space,
        }
    }

    /// Returns whether it is offered: not sold, not withdrawn, not a past deal.
    #[must_use]
    pub fn is_offered(&self) -> bool {
        !self.is_deal && !matches!(self.status, Some(Status::Sold | Status::Off))
    }

    /// Makes a park from its record.
    #[must_use]
    pub fn from_park(record: &Record) -> Self {
        let park = Park::from_cells(|column| record.get(column)).unwrap_or_default();
        let mut listing = Self::base(record, None, Detail::Park(park));
        listing.park = Some(listing.id.clone());
        // A park's county_code is exact where its three names are not.
        listing.division = DivisionCode::parse(record.get("county_code")).or(listing.division);
        listing.level = ParkLevel::from_word(record.get("level"));
        listing.chemical_park = record.yes_no("chemical_park");
        listing
    }

    /// Makes a plot from its record and its park's, which supplies level, blank coordinates and a wholly blank division.
    #[must_use]
    pub fn from_plot(record: &Record, park: Option<&Self>) -> Self {
        let mut plot = Plot::from_cells(|column| record.get(column)).unwrap_or_default();
        // Of two areas the one in m² counts: notices print it, the one in mu is rounded.
        plot.area = plot.area.or_else(|| record.decimal("area_mu").map(Mu::from_mu));
        let mut listing = Self::base(record, park, Detail::Plot(Box::new(plot)));
        listing.is_deal = RecordType::from_word(record.get("record_type")) == Some(RecordType::Deal);
        listing
    }

    /// Makes a space from its record and the listing of its park.
    ///
    /// `None` where the kind is blank, which parsing of [`Record`] refuses for spaces.
    #[must_use]
    pub fn from_space(record: &Record, park: Option<&Self>) -> Option<Self> {
        let space = Space::from_cells(|column| record.get(column))?;
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
            facilities: facilities(record).inside(park.map(|park| park.facilities).unwrap_or_default()),
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

/// The figures that say that a listing has a facility, where they are above 0.
const MEASURED: [(&str, &str); 2] = [("crane_t", "crane"), ("lift_t", "goods_lift")];

/// Facilities that a record states, its figures included.
fn facilities(record: &Record) -> Facilities {
    let mut has = FacilitySet::of_cell(record.get("facilities"));
    let is_there = |column: &str| record.decimal(column).is_some_and(|figure| figure > Decimal::ZERO);
    let measured = MEASURED.iter().filter(|(column, _)| is_there(column));
    measured.filter_map(|(_, code)| Facility::parse(code)).for_each(|it| has.add(it));
    Facilities::stated(has, FacilitySet::of_cell(record.get("no_facilities")))
}

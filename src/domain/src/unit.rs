//! The units of figures, in the words of the contract.

use crate::word::{Word as _, words};

words! {
    /// A unit. Its label is the catalogue's `unit.…`, for money (`wan…`) `unit.wan` and `unit.per.…`; a form's suffix
    /// is `suffix.…`.
    pub enum Unit in "unit" {
        /// 亩, 2000/3 m².
        Mu "mu",
        /// Square metres.
        M2 "m2",
        /// Hectares.
        Ha "ha",
        /// 万元.
        Wan "wan",
        /// 万元 per year.
        WanPerYear "wan/year",
        /// 万元 per mu.
        WanPerMu "wan/mu",
        /// 万元 per tonne of coal equivalent.
        WanPerTce "wan/tce",
        /// 万元 per tonne.
        WanPerT "wan/t",
        /// 万元 per person.
        WanPerPerson "wan/person",
        /// Yuan per m².
        YuanPerM2 "yuan/m2",
        /// Yuan per m² per month.
        YuanPerM2PerMonth "yuan/m2/month",
        /// Percent.
        Percent "percent",
        /// Percentage points: the difference of two shares.
        Points "points",
        /// Tonnes of coal equivalent per year.
        TcePerYear "tce/year",
        /// Tonnes per year.
        TPerYear "t/year",
        /// Kilovolt-amperes.
        Kva "kVA",
        /// Metres.
        M "m",
        /// Tonnes per m².
        TPerM2 "t/m2",
        /// Tonnes.
        T "t",
        /// Desks (工位).
        Desks "desks",
        /// People.
        People "people",
        /// Kilometres.
        Km "km",
        /// Days.
        Days "days",
        /// Months.
        Months "months",
        /// Years.
        Years "years",
        /// No unit.
        Ratio "ratio",
    }
}

impl Unit {
    /// Returns the unit as a key of the catalogue: `wan_per_year`.
    #[must_use]
    pub fn key(self) -> String {
        self.word().replace('/', "_per_")
    }

    /// Returns whether figures are in 万元, in all or per another unit.
    #[must_use]
    pub fn is_wan(self) -> bool {
        self.word().starts_with(Self::Wan.word())
    }

    /// Returns whether gaps in `gap` add to figures of this unit; shares of a percentage differ in points.
    #[must_use]
    pub fn measures(self, gap: &str) -> bool {
        self.word() == gap || self == Self::Percent && gap == Self::Points.word()
    }
}

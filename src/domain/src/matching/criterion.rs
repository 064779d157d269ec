//! The table of criteria: one row each; verdicts, scores, advice, API and pages all follow from it.

use serde::{Deserialize, Serialize};

use super::judge::{self, Case, Finding};
use crate::listing::Kind;
use crate::requirement::Word;

/// One criterion of contract §6.
///
/// Readings taken where the contract leaves room stand at each value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Criterion {
    /// The listing's division is one of the wanted ones or lies below it. A listing known only to a division that
    /// lies above one of the wanted ones is `unknown`, whatever else is wanted besides.
    Region,
    /// One of the listing's codes equals, contains or is contained in the requirement's. A listing that admits
    /// certain industries demands it; without codes it is silent.
    Industry,
    /// No code on the listing's own negative list equals or contains the requirement's; a list that only bans part
    /// of what the requirement names does not refuse it. A blank list bans nothing: `met` where an industry is stated.
    BannedIndustry,
    /// The land or building use allows the need ([`crate::land_use`]).
    Use,
    /// Used only where the requirement says true; the park's `no` is short, a blank or no park `unknown`.
    Chemical,
    /// A plot's take lies in `land_mu`; a park has at least its `min`, and is met without one even where its own
    /// figure is blank. A plot without an area is silent.
    Land,
    /// Some area from `min_lettable_m2` to `available_m2` lies in `floor_m2`. Where the smallest part is larger than
    /// what is left there is no such area: short.
    Floor,
    /// Tax a year against the plot's threshold at the take.
    Tax,
    /// Fixed-asset investment against the plot's threshold at the take.
    Investment,
    /// Output a year against the plot's threshold at the take.
    Output,
    /// R&D share against the plot's threshold.
    Rd,
    /// Value added per tonne of coal equivalent. Without both numbers the requirement is silent.
    Energy,
    /// Value added per tonne emitted. Without both numbers the requirement is silent.
    Emission,
    /// Plot ratio within the plot's ends, each where present. Short has no gap and no relaxation.
    PlotRatio,
    /// A plot's starting price a mu, a space's rent; each maximum judges its own kind. A plot whose area is blank or
    /// zero has its price by the square metre, else none.
    Price,
    /// Offered on the wanted terms. A plot without terms is sold; a space is sold where it has a price and let where
    /// it has a rent, else silent.
    Tenure,
    /// Power.
    Power,
    /// Clear height.
    Height,
    /// Floor load.
    Load,
    /// Desks.
    Workstations,
    /// Great-circle distance. The one criterion that needs floats: the sphere has no exact distances.
    Near,
    /// The park's level.
    Level,
    /// Free by the day asked. A listing on reserve is silent, whatever its date.
    Available,
}

/// What accepting a near listing changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relaxing {
    /// A figure, by the gap.
    Gap,
    /// A word or code accepted besides.
    Step,
    /// Nothing: law, or no figure to give.
    Never,
}

/// How points follow from a finding; the id of a sentence in the catalogue (see `README.md` beside this file).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Formula {
    /// All or nothing.
    Whole,
    /// Fewer points the further apart the two codes stand.
    CodeDistance,
    /// Fewer points the further from the middle of the range asked.
    Middle,
    /// Fewer points for the part of the figure asked that is missing.
    Shortfall,
    /// More points the further below the highest price asked.
    Headroom,
    /// Fewer points for what is more than needed.
    Excess,
    /// Fewer points the further away.
    Distance,
    /// Fewer points a day late.
    Days,
}

/// One row of the table.
pub struct Row {
    /// The criterion.
    pub criterion: Criterion,
    /// Its stable id.
    pub id: &'static str,
    /// The kinds of listing that it judges.
    pub kinds: &'static [Kind],
    /// Whether it rests on law: never a wish, never relaxed.
    pub legal: bool,
    /// The units of its gap, by kind; none where there is no figure.
    pub units: &'static [(Kind, &'static str)],
    /// What a relaxation of it names.
    pub relaxing: Relaxing,
    /// Most points, where configuration says nothing else.
    pub max_points: u32,
    /// How points follow.
    pub formula: Formula,
    /// The requirement's fields that state it.
    pub fields: &'static [&'static str],
    /// Its verdict on one listing; `None` where it is not used.
    pub(super) judge: fn(&Case<'_>) -> Option<Finding>,
}

const ALL: &[Kind] = &Kind::ALL;
const BUILT: &[Kind] = &[Kind::Plot, Kind::Space];
const LANDED: &[Kind] = &[Kind::Plot, Kind::Park];
const PLOT: &[Kind] = &[Kind::Plot];
const SPACE: &[Kind] = &[Kind::Space];

macro_rules! everywhere {
    ($unit:literal) => {
        &[(Kind::Plot, $unit), (Kind::Space, $unit), (Kind::Park, $unit)]
    };
}

macro_rules! table {
    ($($criterion:ident $id:literal $kinds:ident legal:$legal:literal $units:expr, $relaxing:ident
        $max:literal $formula:ident [$($field:literal)*] $judge:path;)*) => {
        /// Every criterion, in the order in which answers list them.
        pub const TABLE: &[Row] = &[$(Row {
            criterion: Criterion::$criterion,
            id: $id,
            kinds: $kinds,
            legal: $legal,
            units: $units,
            relaxing: Relaxing::$relaxing,
            max_points: $max,
            formula: Formula::$formula,
            fields: &[$($field),*],
            judge: $judge,
        }),*];

        impl Word for Criterion {
            const WORDS: &'static [(&'static str, Self)] = &[$(($id, Self::$criterion)),*];
        }
    };
}

table! {
    Region "region" ALL legal:false &[], Step 120 Whole ["regions"] judge::place::region;
    Industry "industry" BUILT legal:false &[], Step 120 CodeDistance ["industry"] judge::land::industry;
    BannedIndustry "banned_industry" ALL legal:true &[], Never 40 Whole ["industry"] judge::land::banned_industry;
    Use "use" BUILT legal:true &[], Never 80 Whole ["use"] judge::land::site_use;
    Chemical "chemical" ALL legal:true &[], Never 40 Whole ["chemical"] judge::place::chemical;
    Land "land" LANDED legal:false &[(Kind::Plot, "mu"), (Kind::Park, "mu")], Gap 100 Middle ["land_mu"] judge::land::land;
    Floor "floor" SPACE legal:false &[(Kind::Space, "m2")], Gap 100 Shortfall ["floor_m2"] judge::building::floor;
    Tax "tax" PLOT legal:false &[(Kind::Plot, "wan/year")], Gap 60 Shortfall ["tax_wan"] judge::indicator::tax;
    Investment "investment" PLOT legal:false &[(Kind::Plot, "wan")], Gap 60 Shortfall ["fixed_investment_wan"]
        judge::indicator::investment;
    Output "output" PLOT legal:false &[(Kind::Plot, "wan/year")], Gap 40 Shortfall ["output_wan"]
        judge::indicator::output;
    Rd "rd" PLOT legal:false &[(Kind::Plot, "points")], Gap 30 Shortfall ["rd_percent"] judge::indicator::rd;
    Energy "energy" PLOT legal:false &[(Kind::Plot, "wan/tce")], Gap 30 Shortfall ["value_added_wan" "energy_tce"]
        judge::indicator::energy;
    Emission "emission" PLOT legal:false &[(Kind::Plot, "wan/t")], Gap 30 Shortfall ["value_added_wan" "emission_t"]
        judge::indicator::emission;
    PlotRatio "plot_ratio" PLOT legal:false &[], Never 30 Whole ["plot_ratio"] judge::land::plot_ratio;
    Price "price" BUILT legal:false &[(Kind::Plot, "wan/mu"), (Kind::Space, "yuan/m2/month")], Gap 100 Headroom
        ["price_wan_per_mu_max" "rent_yuan_m2_month_max"] judge::building::price;
    Tenure "tenure" BUILT legal:false &[], Step 60 Whole ["tenure"] judge::building::tenure;
    Power "power" BUILT legal:false &[(Kind::Plot, "kVA"), (Kind::Space, "kVA")], Gap 40 Excess ["power_kva"]
        judge::building::power;
    Height "height" SPACE legal:false &[(Kind::Space, "m")], Gap 40 Excess ["ceiling_height_m"] judge::building::height;
    Load "load" SPACE legal:false &[(Kind::Space, "t/m2")], Gap 40 Excess ["floor_load_t_m2"] judge::building::load;
    Workstations "workstations" SPACE legal:false &[(Kind::Space, "desks")], Gap 30 Excess ["workstations"]
        judge::building::workstations;
    Near "near" ALL legal:false everywhere!("km"), Gap 80 Distance ["near"] judge::place::near;
    Level "level" ALL legal:false &[], Step 40 Whole ["park_levels"] judge::place::level;
    Available "available" ALL legal:false everywhere!("days"), Gap 60 Days ["available_by"] judge::place::available;
}

impl Criterion {
    /// Its row in the table.
    #[must_use]
    pub const fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }

    /// Its stable id.
    #[must_use]
    pub const fn id(self) -> &'static str {
        self.row().id
    }

    /// Whether it rests on law: never a wish, never relaxed.
    #[must_use]
    pub const fn is_legal(self) -> bool {
        self.row().legal
    }

    /// The unit of its gap for one kind of listing.
    #[must_use]
    pub fn unit(self, kind: Kind) -> Option<&'static str> {
        self.row().units.iter().find(|(its, _)| *its == kind).map(|&(_, unit)| unit)
    }
}

#[cfg(test)]
mod tests {
    use super::{Relaxing, TABLE};

    #[test]
    fn rows_stand_in_the_order_of_the_criteria() {
        for (at, row) in TABLE.iter().enumerate() {
            assert_eq!(row.criterion as usize, at, "{}", row.id);
        }
    }

    #[test]
    fn law_is_never_relaxed_and_figures_have_a_unit() {
        for row in TABLE {
            assert!(!row.legal || row.relaxing == Relaxing::Never, "{}", row.id);
            assert_eq!(row.units.is_empty(), row.relaxing != Relaxing::Gap, "{}", row.id);
        }
    }
}

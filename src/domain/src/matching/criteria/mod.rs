//! The criteria with their rules, from the table in `table.rs`.

mod at_least;
mod available;
mod banned_industry;
mod chemical;
mod facilities;
mod fire_class;
mod floor;
mod indicator;
mod industry;
mod land;
mod level;
mod near;
mod plot_ratio;
mod price;
mod region;
mod site_use;
mod tenure;

use super::criterion::{Criterion, Formula, Relaxing};
use super::figure::Figure;
use super::finding::{Case, Finding};
use super::flags::Flags;
use super::predicate::{Own, Predicate, Wanted};
use super::table::criteria;
use crate::decimal::Decimal;
use crate::listing::{Detail, Kind, Listing};
use crate::requirement::Requirement;

pub(super) use indicator::{Basis, Indicator, at_land};
pub(super) use industry::{industries_of, met_fit as industry_fit};
pub use price::asked_price;
pub(super) use price::price_of;
pub(super) use site_use::allows;

pub struct CriterionSpec {
    pub criterion: Criterion,
    pub id: &'static str,
    pub kinds: &'static [Kind],
    /// Whether it rests on law: never a wish, never relaxed.
    pub legal: bool,
    /// The units of its gap, by kinds; empty where it has no figure.
    pub units: &'static [(&'static [Kind], &'static str)],
    pub relaxing: Relaxing,
    pub max_points: u32,
    pub formula: Formula,
    pub fields: &'static [&'static str],
    pub(super) rule: Rule,
}

/// Judgement by a criterion: on a listing, and as a predicate on columns.
pub(super) enum Rule {
    /// Rules of its own; either is `None` where the criterion is not used.
    Own(fn(&Case<'_>) -> Option<Finding>, fn(&Requirement, Kind) -> Option<Predicate>),
    /// Words of a listing, one of which is to be among those that are enough.
    Words(fn(&Requirement) -> Option<Wanted>, fn(&Listing) -> Own),
    Indicator(Indicator),
    /// Offered ≥ needed; a column of its own follows.
    AtLeast {
        needed: fn(&Requirement) -> Option<Decimal>,
        offered: fn(&Listing) -> Option<Decimal>,
    },
}

const ALL: &[Kind] = &Kind::ALL;
const BUILT: &[Kind] = &[Kind::Plot, Kind::Space];
const LANDED: &[Kind] = &[Kind::Plot, Kind::Park];
const PLOT: &[Kind] = &[Kind::Plot];
const SPACE: &[Kind] = &[Kind::Space];

macro_rules! own {
    ($file:ident) => {
        Rule::Own($file::judge, $file::predicate)
    };
}

macro_rules! words {
    ($file:ident) => {
        Rule::Words($file::wanted, $file::own)
    };
}

/// Threshold ≤ offered, between two fields.
macro_rules! indicator {
    ($basis:ident $threshold:ident $offered:ident) => {
        Rule::Indicator(Indicator {
            basis: Basis::$basis,
            threshold: |plot| plot.$threshold,
            offered: |requirement| requirement.$offered,
        })
    };
}

/// Offered ≥ needed, between fields of one name of the requirement and of some kinds of listing.
macro_rules! at_least {
    ($field:ident of $($kind:ident)*) => {
        Rule::AtLeast {
            needed: |requirement| requirement.$field,
            offered: |listing| match &listing.detail {
                $(Detail::$kind(its) => its.$field,)*
                _ => None,
            },
        }
    };
}

macro_rules! specs {
    ($($(#[$doc:meta])* $criterion:ident $id:literal $kinds:ident legal:$legal:literal $units:expr, $relaxing:ident
        $max:literal $formula:ident [$($field:literal)*] $rule:expr;)*) => {
        /// Every criterion, in the order in which answers list them.
        pub const TABLE: &[CriterionSpec] = &[$(CriterionSpec {
            criterion: Criterion::$criterion,
            id: $id,
            kinds: $kinds,
            legal: $legal,
            units: $units,
            relaxing: Relaxing::$relaxing,
            max_points: $max,
            formula: Formula::$formula,
            fields: &[$($field),*],
            rule: $rule,
        }),*];
    };
}

criteria!(specs);

impl Criterion {
    #[must_use]
    pub const fn spec(self) -> &'static CriterionSpec {
        &TABLE[self as usize]
    }

    #[must_use]
    pub fn unit(self, kind: Kind) -> Option<&'static str> {
        self.spec().units.iter().find(|(kinds, _)| kinds.contains(&kind)).map(|&(_, unit)| unit)
    }

    /// The column of a criterion of one figure: they are numbered in the order of the table.
    const fn figure(self) -> Figure {
        Figure::of_table(figures_before(self as usize))
    }
}

const fn figures_before(row: usize) -> usize {
    let (mut at, mut count) = (0, 0);
    while at < row {
        count += matches!(TABLE[at].rule, Rule::Indicator(_) | Rule::AtLeast { .. }) as usize;
        at += 1;
    }
    count
}

pub(super) const FIGURES: usize = Figure::FIXED + figures_before(TABLE.len());

impl CriterionSpec {
    /// Returns the verdict on one listing; `None` where the criterion is not used.
    pub(super) fn judge(&self, case: &Case<'_>) -> Option<Finding> {
        self.kinds.iter().find(|&&kind| kind == case.listing.kind())?;
        match &self.rule {
            Rule::Own(judge, _) => judge(case),
            Rule::Words(wanted, own) => {
                let (Wanted { need, met, known }, (flags, offer)) = (wanted(case.requirement)?, own(case.listing));
                let is_met = (flags & known != 0).then_some(flags & met != 0);
                Some(Finding::whole(is_met, need, offer))
            }
            Rule::Indicator(indicator) => indicator.judge(case),
            Rule::AtLeast { needed, offered } => {
                Some(at_least::judge(needed(case.requirement)?, offered(case.listing)))
            }
        }
    }

    /// Returns the predicate for the columns of one kind; `None` where the criterion is not used.
    pub(super) fn predicate(&self, requirement: &Requirement, kind: Kind) -> Option<Predicate> {
        self.kinds.iter().find(|&&its| its == kind)?;
        match &self.rule {
            Rule::Own(_, predicate) => predicate(requirement, kind),
            Rule::Words(wanted, _) => wanted(requirement).map(|it| Predicate::Flags { met: it.met, known: it.known }),
            Rule::Indicator(indicator) => indicator.predicate(requirement, self.criterion.figure()),
            Rule::AtLeast { needed, .. } => {
                needed(requirement).map(|needed| at_least::predicate(needed, self.criterion.figure()))
            }
        }
    }
}

/// The figures of a listing that follow from the table: plots' thresholds, and what is offered.
pub(super) fn figures(listing: &Listing) -> impl Iterator<Item = (Figure, Option<Decimal>)> {
    TABLE.iter().filter_map(move |spec| match (&spec.rule, &listing.detail) {
        (Rule::Indicator(indicator), Detail::Plot(plot)) => {
            Some((spec.criterion.figure(), (indicator.threshold)(plot)))
        }
        (Rule::AtLeast { offered, .. }, _) => Some((spec.criterion.figure(), offered(listing))),
        _ => None,
    })
}

/// The flags of a listing that follow from the table.
pub(super) fn words_of(listing: &Listing) -> Flags {
    let flags = |spec: &CriterionSpec| if let Rule::Words(_, own) = spec.rule { own(listing).0 } else { 0 };
    TABLE.iter().fold(0, |all, spec| all | flags(spec))
}

#[cfg(test)]
mod tests {
    use super::{Relaxing, TABLE};

    #[test]
    fn law_is_never_relaxed_and_figures_have_a_unit() {
        for row in TABLE {
            assert!(!row.legal || row.relaxing == Relaxing::Never, "{}", row.id);
            assert_eq!(row.units.is_empty(), row.relaxing != Relaxing::Gap, "{}", row.id);
        }
    }
}

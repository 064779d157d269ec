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
use super::predicate::Predicate;
use super::table::criteria;
use crate::decimal::Decimal;
use crate::listing::{Detail, Kind, Listing};
use crate::requirement::Requirement;

pub(super) use at_least::met_fit as excess_fit;
pub(super) use fire_class::fire_class_of;
pub(super) use indicator::{Basis, Indicator, at_land};
pub(super) use industry::{industries_of, met_fit as industry_fit};
pub(super) use land::met_fit as land_fit;
pub(super) use price::{met_fit as price_fit, price_of};
pub(super) use site_use::allows;
pub(super) use tenure::terms;

/// One criterion's row of [`TABLE`].
pub struct CriterionSpec {
    /// The criterion.
    pub criterion: Criterion,
    /// Its stable id.
    pub id: &'static str,
    /// The kinds of listing that it judges.
    pub kinds: &'static [Kind],
    /// Whether it rests on law: never a wish, never relaxed.
    pub legal: bool,
    /// The units of its gap, by kind; empty where it has no figure.
    pub units: &'static [(Kind, &'static str)],
    /// Change of the requirement when it is relaxed.
    pub relaxing: Relaxing,
    /// Most points, unless configured.
    pub max_points: u32,
    /// The formula of its points.
    pub formula: Formula,
    /// The requirement's fields that state it.
    pub fields: &'static [&'static str],
    /// Judgement of a listing.
    pub(super) rule: Rule,
}

/// Judgement by a criterion: on a listing, and as a predicate on columns.
pub(super) enum Rule {
    /// Rules of its own; either is `None` where the criterion is not used.
    Own(fn(&Case<'_>) -> Option<Finding>, fn(&Requirement, Kind) -> Option<Predicate>),
    /// A plot's threshold against a commitment.
    Indicator(Indicator),
    /// Offered ≥ needed; a column of its own follows.
    AtLeast { needed: fn(&Requirement) -> Option<Decimal>, offered: fn(&Listing) -> Option<Decimal> },
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

macro_rules! own {
    ($file:ident) => {
        Rule::Own($file::judge, $file::predicate)
    };
}

/// Threshold ≤ offered, between two fields.
macro_rules! indicator {
    ($basis:ident $figure:ident $threshold:ident $offered:ident) => {
        Rule::Indicator(Indicator {
            basis: Basis::$basis,
            figure: Figure::$figure,
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
    /// Returns its row in the table.
    #[must_use]
    pub const fn spec(self) -> &'static CriterionSpec {
        &TABLE[self as usize]
    }

    /// Returns the unit of its gap for one kind of listing.
    #[must_use]
    pub fn unit(self, kind: Kind) -> Option<&'static str> {
        self.spec().units.iter().find(|(its, _)| *its == kind).map(|&(_, unit)| unit)
    }

    /// The column of an "offered ≥ needed" criterion: they are numbered in the order of the table.
    const fn at_least_figure(self) -> Figure {
        Figure::at_least(at_least_before(self as usize))
    }
}

/// Number of "offered ≥ needed" criteria; they are the first rows of the table.
const fn at_least_before(rows: usize) -> usize {
    let (mut at, mut count) = (0, 0);
    while at < rows {
        count += matches!(TABLE[at].rule, Rule::AtLeast { .. }) as usize;
        at += 1;
    }
    count
}

/// Columns of every kind.
pub(super) const FIGURES: usize = Figure::FIXED + at_least_before(TABLE.len());

impl CriterionSpec {
    /// Returns the verdict on one listing; `None` where the criterion is not used.
    pub(super) fn judge(&self, case: &Case<'_>) -> Option<Finding> {
        if !self.kinds.contains(&case.listing.kind()) {
            return None;
        }
        match &self.rule {
            Rule::Own(judge, _) => judge(case),
            Rule::Indicator(indicator) => indicator.judge(case),
            Rule::AtLeast { needed, offered } => {
                Some(at_least::judge(needed(case.requirement)?, offered(case.listing)))
            }
        }
    }

    /// Returns the predicate for the columns of one kind; `None` where the criterion is not used.
    pub(super) fn predicate(&self, requirement: &Requirement, kind: Kind) -> Option<Predicate> {
        if !self.kinds.contains(&kind) {
            return None;
        }
        match &self.rule {
            Rule::Own(_, predicate) => predicate(requirement, kind),
            Rule::Indicator(indicator) => indicator.predicate(requirement),
            Rule::AtLeast { needed, .. } => {
                needed(requirement).map(|needed| at_least::predicate(needed, self.criterion.at_least_figure()))
            }
        }
    }
}

/// The figures of a listing that follow from the table: plots' thresholds, and what is offered.
pub(super) fn figures(listing: &Listing) -> impl Iterator<Item = (Figure, Option<Decimal>)> {
    TABLE.iter().filter_map(move |spec| match (&spec.rule, &listing.detail) {
        (Rule::Indicator(indicator), Detail::Plot(plot)) => Some((indicator.figure, (indicator.threshold)(plot))),
        (Rule::AtLeast { offered, .. }, _) => Some((spec.criterion.at_least_figure(), offered(listing))),
        _ => None,
    })
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

//! Criteria by the fields that state them, and their names in lists of wishes.

use crate::matching::Criterion;
use crate::reader::letters::rules::cues;
use crate::reader::letters::text::Text;
use crate::reader::words::lists::TermTable;
use crate::requirement::Word as _;

cues! {
    CriterionCues in "criteria.txt" {
        name: TermTable,
    }
}

const CRITERIA: &[(&str, Criterion)] = &[
    ("land_mu", Criterion::Land),
    ("floor_m2", Criterion::Floor),
    ("tax_wan", Criterion::Tax),
    ("fixed_investment_wan", Criterion::Investment),
    ("output_wan", Criterion::Output),
    ("rd_percent", Criterion::Rd),
    ("plot_ratio", Criterion::PlotRatio),
    ("price_wan_per_mu_max", Criterion::Price),
    ("rent_yuan_m2_month_max", Criterion::Price),
    ("tenure", Criterion::Tenure),
    ("power_kva", Criterion::Power),
    ("ceiling_height_m", Criterion::Height),
    ("floor_load_t_m2", Criterion::Load),
    ("workstations", Criterion::Workstations),
    ("regions", Criterion::Region),
    ("near", Criterion::Near),
    ("park_levels", Criterion::Level),
    ("available_by", Criterion::Available),
    ("industry", Criterion::Industry),
    // Kinds and uses are needs too, though nobody only wishes for them.
    ("kinds", Criterion::Use),
    ("use", Criterion::Use),
];

/// Returns the criterion that a field states.
pub(crate) fn of_field(field: &str) -> Option<Criterion> {
    CRITERIA.iter().find(|(known, _)| *known == field).map(|&(_, criterion)| criterion)
}

/// Returns the name of a criterion in a list of wishes; empty for a criterion that cannot be a wish.
pub(crate) fn name(criterion: Criterion) -> &'static str {
    CUES.name.get(criterion.id()).unwrap_or_default()
}

/// Returns the criterion whose name starts at a position, with the end of the name.
pub(crate) fn named_at(text: &Text, at: usize) -> Option<(Criterion, usize)> {
    CUES.name.0.iter().find_map(|(id, names)| {
        let name = names.iter().find(|name| text.goes_on(at, name))?;
        Some((Criterion::from_word(id)?, at + name.chars().count()))
    })
}

#[cfg(test)]
mod tests {
    use super::CUES;
    use crate::matching::Criterion;
    use crate::requirement::Word as _;

    #[test]
    fn every_name_is_of_a_criterion() {
        for (id, _) in &CUES.name.0 {
            assert!(Criterion::from_word(id).is_some(), "{id}");
        }
    }
}

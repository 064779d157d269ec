//! Fields of the requirement that would decide most of the listings to be confirmed.

use std::collections::{BTreeMap, BTreeSet};

use domain::matching::{Judged, Match, Mode, Verdict};
use serde::Serialize;

use super::context::Page;
use crate::i18n::say;
use crate::web::view::{FieldView, FormContent, Shown, form_field};

/// Fields asked for at once: more would be a questionnaire.
const MOST_FIELDS: usize = 4;

/// The form of the fields that would decide most.
#[derive(Serialize)]
pub(super) struct Supplement {
    fields: Vec<SuppliedField>,
    /// The listings that were counted, where these are not all.
    among: Option<String>,
}

#[derive(Serialize)]
struct SuppliedField {
    field: FieldView,
    /// The numbers of listings that demand it, and of those that it decides alone.
    decides: String,
}

/// Listings that a field decides.
#[derive(Clone, Copy, Default)]
struct Decides {
    /// Listings that demand it and nothing else that is open.
    alone: usize,
    all: usize,
}

/// Returns the form for the listings to be confirmed, of which there are `total`; `None` where no field would decide any.
pub(super) fn supplement(page: &Page, draft: &FormContent, open: &[Match], total: usize) -> Option<Supplement> {
    let mut counted: Vec<(&str, Decides)> = count(draft, open).into_iter().collect();
    counted.sort_by_key(|(_, decides)| std::cmp::Reverse((decides.alone, decides.all)));
    counted.truncate(MOST_FIELDS);
    let none = BTreeSet::new();
    let shown = Shown { locale: page.locale, draft, requirement: None, errors: &[], corrected: &none };
    let field = |(name, decides): (&str, Decides)| {
        let [all, alone] = [decides.all, decides.alone].map(|n| n.to_string());
        let words = match decides.alone {
            0 => say(page.locale, "supplement.demands", &[("all", &all)]),
            _ => say(page.locale, "supplement.decides", &[("all", &all), ("alone", &alone)]),
        };
        SuppliedField { field: form_field(shown, name), decides: words }
    };
    let fields: Vec<SuppliedField> = counted.into_iter().map(field).collect();
    let among = (open.len() < total).then(|| say(page.locale, "supplement.among", &[("n", &open.len().to_string())]));
    (!fields.is_empty()).then_some(Supplement { fields, among })
}

fn count(draft: &FormContent, open: &[Match]) -> BTreeMap<&'static str, Decides> {
    let mut counted: BTreeMap<&'static str, Decides> = BTreeMap::new();
    let is_open = |it: &&Judged| it.mode == Mode::Must && matches!(it.verdict, Verdict::Unknown | Verdict::Unstated);
    for found in open {
        let demanded = found.criteria.iter().filter(is_open);
        let is_asked = |it: &&Judged| it.verdict == Verdict::Unstated;
        let fields: BTreeSet<&'static str> = demanded
            .clone()
            .filter(is_asked)
            .flat_map(|it| it.criterion.spec().fields.iter().copied())
            .filter(|name| !draft.states(name))
            .collect();
        // The record's own silences are not decided by the enterprise.
        let is_alone = fields.len() == 1 && demanded.clone().all(|it| is_asked(&it));
        for name in fields {
            let decides = counted.entry(name).or_default();
            decides.all += 1;
            decides.alone += usize::from(is_alone);
        }
    }
    counted
}

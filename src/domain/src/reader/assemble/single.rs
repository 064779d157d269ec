//! The reading of a text that states one need, and the order in which its fields are filled.

use chrono::{Datelike as _, NaiveDate};

use crate::listing::Kind;
use crate::rate::Rates;
use crate::reader::assemble::fill::{capacity, contacts, doubts, kinds_and_uses, levels, places, tenure, trades};
use crate::reader::assemble::leftovers::finish;
use crate::reader::assemble::pipeline::Findings;
use crate::reader::fields::amounts::amounts;
use crate::reader::fields::draft::Draft;
use crate::reader::fields::due_dates::due_dates;
use crate::reader::fields::facilities::{facilities, fire_class};
use crate::reader::fields::reading::Reading;
use crate::reader::fields::site::site;
use crate::reader::fields::things::named;
use crate::reader::fields::wishes::preferences;
use crate::reader::words::lexicon::Tag;
use crate::requirement::Tenure;

/// Reads a text that states one need.
pub(crate) fn one(findings: &Findings, now: NaiveDate, rates: &Rates) -> Reading {
    let view = findings.view();
    let reading = Reading { contact: findings.contact.clone(), ..Reading::default() };
    let corrections = view.having(&[Tag::Correct, Tag::Real]).collect();
    let this_year = now.year();
    let mut draft =
        Draft { view, reading, this_year, rates, corrections, standing: false, choice: false, covered: Vec::new() };
    contacts(&mut draft, &findings.claims, findings.bad_uscc);
    let named = named(&draft.view);
    let place = site(&draft.view);
    let bought = draft.view.having(&[Tag::Space]).any(|at| draft.view.is_bought(at));
    // 土地或厂房均可：土地25亩，厂房9000㎡: the rooms are an alternative to the land.
    let kinds = [Kind::Plot, Kind::Space];
    draft.choice = kinds.iter().all(|kind| named.kinds.iter().any(|(known, _)| known == kind));
    let land = named.kinds.iter().any(|(kind, _)| *kind == Kind::Plot);
    let bought = bought || !land && named.tenure.is_some_and(|(tenure, _)| tenure == Tenure::Buy);
    draft.standing =
        bought || named.either.is_none() && named.tenure.is_some_and(|(tenure, _)| tenure == Tenure::Lease);
    amounts(&mut draft);
    kinds_and_uses(&mut draft, &named);
    capacity(&mut draft);
    tenure(&mut draft, &named);
    trades(&mut draft);
    facilities(&mut draft);
    fire_class(&mut draft);
    levels(&mut draft, &named);
    places(&mut draft, &place);
    due_dates(&mut draft, now);
    doubts(&mut draft);
    preferences(&mut draft);
    finish(draft)
}

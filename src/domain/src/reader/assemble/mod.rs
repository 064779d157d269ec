//! Assemble: the pipeline from a text to a reading, the order in which fields are filled, what stays unread, and the
//! printed form of a requirement. Nothing of the reader imports it.

mod fill;
mod leftovers;
mod pipeline;
pub(super) mod print;

use chrono::{Datelike as _, NaiveDate};

use crate::reader::assemble::fill::{contacts, doubts, kinds_and_uses, levels, places, tenure, trades};
use crate::reader::assemble::leftovers::finish;
use crate::reader::assemble::pipeline::Findings;
use crate::reader::fields::amounts::amounts;
use crate::reader::fields::available::available;
use crate::reader::fields::draft::Draft;
use crate::reader::fields::reading::Reading;
use crate::reader::fields::site::site;
use crate::reader::fields::things::named;
use crate::reader::fields::wishes::preferences;
use crate::reader::words::lexicon::Tag;
use crate::requirement::Tenure;

/// Reads a text in Chinese or English; `now` anchors relative dates. The result depends on the arguments alone.
#[must_use]
pub fn read(text: &str, now: NaiveDate) -> Reading {
    let findings = Findings::new(text, now);
    let view = findings.view();
    let reading = Reading { contact: findings.contact.clone(), ..Reading::default() };
    let corrections = view.having(&[Tag::Correct, Tag::Real]).collect();
    let mut draft = Draft { view, reading, this_year: now.year(), corrections, standing: false, covered: Vec::new() };
    contacts(&mut draft, &findings.claims, findings.bad_uscc);
    let named = named(&draft.view);
    let place = site(&draft.view);
    let bought = draft.view.having(&[Tag::Space]).any(|at| draft.view.is_bought(at));
    draft.standing =
        bought || named.either.is_none() && named.tenure.is_some_and(|(tenure, _)| tenure == Tenure::Lease);
    amounts(&mut draft);
    kinds_and_uses(&mut draft, &named);
    tenure(&mut draft, &named);
    trades(&mut draft);
    levels(&mut draft, &named);
    places(&mut draft, &place);
    available(&mut draft, now);
    doubts(&mut draft);
    preferences(&mut draft);
    finish(draft)
}

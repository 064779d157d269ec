//! Badges of a listing with what is kept beside its record.

use domain::record::Record;

use super::context::Page;
use crate::web::view::{Badge, badge, marks, provenance};

/// Returns every badge of a listing.
pub(super) fn badge_of(page: &Page, record: &Record) -> Badge {
    let (beside, today) = (&page.app.beside, page.today());
    let (kind, id) = (record.kind(), record.id());
    let evidence = (&beside.evidence(kind, id), beside.is_behind(kind, id));
    let held = beside.held(record, page.app.clock.now());
    Badge {
        marks: marks(page.locale, record, evidence, &held, today),
        source: provenance(page.locale, record),
        ..badge(page.locale, record, today)
    }
}

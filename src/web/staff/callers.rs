//! The page of firms to call about a listing.

use domain::listing::Kind;
use domain::requirement::Word as _;
use domain::stored::StoredRequirement;
use serde::Serialize;

use super::due::due;
use crate::db::lead::LeadRow;
use crate::error::Error;
use crate::i18n::{need, say, tell, word};
use crate::service::callers;
use crate::web::extract::Id;
use crate::web::pages::{Page, PageResult};
use crate::web::view::listing_url;

#[derive(Serialize)]
struct CallersPage {
    name: String,
    listing_url: String,
    park: String,
    leads: Vec<CallerRow>,
    /// A sentence on the firms that have not named the park; none without any.
    others: Option<String>,
}

#[derive(Serialize)]
struct CallerRow {
    url: String,
    number: String,
    company: String,
    need: String,
    stage: String,
    owner: String,
    due: Option<String>,
    due_code: &'static str,
}

/// `GET /staff/listings/{kind}/{id}/callers`
pub(super) async fn show(page: Page, Id((kind, id)): Id<(String, String)>) -> PageResult {
    let kind = Kind::from_word(&kind).ok_or(Error::NotFound)?;
    let found = callers::of_listing(&page.app, page.staff()?, kind, &id).await?;
    let context = CallersPage {
        listing_url: listing_url(page.locale, kind, &id),
        park: page.app.inventory.park_name(&found.park),
        leads: found.leads.iter().map(|lead| row(&page, lead)).collect(),
        others: (found.others > 0).then(|| say(page.locale, "callers.others", &[("n", &found.others.to_string())])),
        name: found.name,
    };
    page.show("staff/callers.html", context)
}

fn row(page: &Page, row: &LeadRow) -> CallerRow {
    let (due, due_code) = due(page.locale, &row.lead, page.app.clock.now());
    CallerRow {
        url: page.url(&format!("/staff/leads/{}", row.lead.id)),
        number: row.inquiry.number.clone(),
        company: row.company.clone().unwrap_or_else(|| tell(page.locale, "staff.no_company")),
        need: need(page.locale, &StoredRequirement::parse(&row.requirement)),
        stage: word(page.locale, "stage", row.lead.stage.word()),
        owner: row.owner.clone().unwrap_or_else(|| tell(page.locale, "staff.unowned")),
        due,
        due_code,
    }
}

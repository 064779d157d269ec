//! The brief: a requirement and up to six listings on one printed page, with pictures, key facts, reasons and map.

use domain::requirement::Requirement;
use serde::Serialize;

use super::context::{Page, PageResult};
use super::forms::Query;
use super::matches::card;
use super::shortlist::{Listed, Shortlist};
use crate::i18n::{LabelledValue, moment, requirement_facts};
use crate::service::{matching, pictures};
use crate::web::problem::Problem;
use crate::web::view::{AnswerMap, AskedPlaces, MatchView, PictureView, Placed, answer_map, qr};

/// Pictures of a brief: each is a request of its page.
const MOST_PICTURES: usize = 4;

#[derive(Serialize)]
struct BriefPage {
    brief: BriefView,
    compare: String,
}

/// The content of a brief.
#[derive(Serialize)]
pub(super) struct BriefView {
    need: Vec<LabelledValue>,
    listings: Vec<BriefListing>,
    map: Option<AnswerMap>,
    missing: Option<String>,
    made: String,
    url: String,
    qr: String,
}

#[derive(Serialize)]
struct BriefListing {
    card: MatchView,
    picture: Option<PictureView>,
}

/// `GET /brief?ids=`
pub(super) async fn show(page: Page, query: Query) -> PageResult {
    let list = Shortlist::of(&page, &query.0);
    let own = list.address("/brief", list.ids());
    let compare = page.url(&list.address("/compare", list.ids()));
    let brief = brief(&page, &list, &page.public_url(&own)).await?;
    page.show("brief.html", BriefPage { brief, compare })
}

/// Makes a brief; `url` is the address of its page.
pub(super) async fn brief(page: &Page, list: &Shortlist, url: &str) -> Result<BriefView, Problem> {
    let mut listings: Vec<BriefListing> = Vec::new();
    for it in &list.listed {
        let may_show = listings.iter().filter(|own| own.picture.is_some()).count() < MOST_PICTURES;
        let picture = if may_show { first_picture(page, it).await? } else { None };
        listings.extend(brief_card(page, list, it).map(|card| BriefListing { card, picture }));
    }
    let places = list.requirement.as_ref().map(AskedPlaces::of).unwrap_or_default();
    let cards: Vec<Placed> = list.listed.iter().map(|it| it.placed.clone()).collect();
    Ok(BriefView {
        need: list.requirement.as_ref().map(|it| requirement_facts(page.notation(), it)).unwrap_or_default(),
        map: answer_map(page.locale, &places, &cards),
        made: moment(page.locale, page.app.clock.now()),
        missing: (!list.missing.is_empty()).then(|| list.missing.join(&page.tell("format.list"))),
        qr: qr(url),
        url: url.to_owned(),
        listings,
    })
}

/// Returns the card of a listing; without a requirement it is judged against an empty one, which gives its demands.
fn brief_card(page: &Page, list: &Shortlist, it: &Listed) -> Option<MatchView> {
    let empty = Requirement::default();
    let requirement = list.requirement.as_ref().unwrap_or(&empty);
    let judged = || matching::judge(&page.app, it.record.kind(), it.record.id(), &empty);
    let found = it.found.clone().or_else(judged)?;
    Some(MatchView { number: it.placed.number, ..card(page, &list.draft, &found, &requirement.regions) })
}

async fn first_picture(page: &Page, it: &Listed) -> Result<Option<PictureView>, Problem> {
    let own = pictures::of_listing(&page.app, it.record.kind(), it.record.id()).await?;
    Ok(own.into_iter().next().map(|picture| PictureView::new(page.locale, picture)))
}

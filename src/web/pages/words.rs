//! Text pages: privacy notice and ranking.

use domain::matching::Formula;
use serde::Serialize;

use super::context::{Page, PageResult};
use crate::i18n::{Locale, tell, word};
use crate::service::notice;

#[derive(Serialize)]
struct Privacy {
    version: &'static str,
    paragraphs: Vec<String>,
}

#[derive(Serialize)]
struct RankingPage {
    version: String,
    lines: Vec<RankingLineView>,
}

#[derive(Serialize)]
struct RankingLineView {
    label: String,
    points: u32,
    formula: String,
    legal: bool,
}

/// `GET /privacy`
pub(super) async fn privacy(page: Page) -> PageResult {
    let notice = notice::current(&page.app.config, page.locale.tag());
    let paragraphs = notice.text.split("\n\n").map(|paragraph| paragraph.trim().to_owned()).collect();
    page.show("privacy.html", Privacy { version: notice.version, paragraphs })
}

/// `GET /ranking`
pub(super) async fn ranking(page: Page) -> PageResult {
    let ranking = page.app.inventory.with_index(|index| index.ranking().clone());
    let lines = ranking.lines().into_iter().map(|line| RankingLineView {
        label: word(page.locale, "criterion", line.criterion.id()),
        points: line.max_points,
        formula: formula(page.locale, line.formula),
        legal: line.legal,
    });
    page.show("ranking.html", RankingPage { version: ranking.version.clone(), lines: lines.collect() })
}

/// Sentence of a formula, by its API word.
fn formula(locale: Locale, formula: Formula) -> String {
    let id = serde_json::to_value(formula).unwrap_or_default();
    tell(locale, &format!("formula.{}", id.as_str().unwrap_or_default()))
}

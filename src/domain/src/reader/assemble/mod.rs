//! Assemble: the pipeline from a text to a reading, the order in which fields are filled, what stays unread, and the
//! printed form of a requirement. Nothing of the reader imports it.

mod clauses;
mod fill;
mod leftovers;
mod pipeline;
pub(super) mod print;
mod rows;
mod several;
mod single;
mod table;

use chrono::NaiveDate;

use crate::industry::IndustryCode;
use crate::rate::Rates;
use crate::reader::assemble::fill::industry_code;
use crate::reader::assemble::pipeline::Findings;
use crate::reader::assemble::rows::FormLines;
use crate::reader::assemble::several::several;
use crate::reader::assemble::single::one;
use crate::reader::assemble::table::table;
use crate::reader::fields::needs::needs;
use crate::reader::fields::reading::Reading;
use crate::reader::fields::site::site;
use crate::reader::fields::trade::trade;
use crate::region::DivisionCode;

/// Reads a text in Chinese or English; `now` anchors relative dates. The result depends on the arguments alone.
#[must_use]
pub fn read(text: &str, now: NaiveDate) -> Reading {
    read_with(text, now, &Rates::default())
}

/// Reads a text as [`read`] does; amounts in a currency of `rates` are converted, and their spans say so.
#[must_use]
pub fn read_with(text: &str, now: NaiveDate, rates: &Rates) -> Reading {
    let original: Vec<char> = text.chars().collect();
    let Some(table) = table(&original) else { return plain(original, &[], now, rates) };
    let form = FormLines::new(&original, &table);
    form.translate(&original, plain(form.chars.clone(), &form.needs, now, rates))
}

/// Reads a text without a table; `rows` are the needs that a table stated, as ranges of the text.
fn plain(text: Vec<char>, rows: &[(usize, usize)], now: NaiveDate, rates: &Rates) -> Reading {
    let findings = Findings::new(text, now);
    if rows.len() > 1 {
        return several(&findings, rows, now, rates);
    }
    let view = findings.view();
    let parts: Vec<_> = needs(&view).into_iter().map(|(start, end)| view.text.place(start, end)).collect();
    if parts.len() > 1 { several(&findings, &parts, now, rates) } else { one(&findings, now, rates) }
}

/// Reads the answer to the question where the site is wanted: names of divisions, blocs or zones, in Chinese or Latin
/// spelling, one or several (`苏州吴江`, `宁波或嘉兴`, `长三角`).
///
/// Returns the divisions in the order of the text, each once, the narrowest where names nest; none where no name is known,
/// where it is ambiguous, or where the answer leaves it out (`不要上海`). Names are those of GB/T 2260, of the parks in
/// `config/data`, and of `config/data/reader`.
#[must_use]
pub fn read_place(answer: &str) -> Vec<DivisionCode> {
    let findings = Findings::of_answer(answer);
    site(&findings.view()).regions.into_iter().map(|(code, ..)| code).collect()
}

/// Reads the answer to the question for the trade: a product, a service or a name of the classification
/// (`新能源汽车座椅`, `软件开发`), or a labelled code (`行业代码：C3670`).
///
/// Returns the code of GB/T 4754-2017 that the words make certain, three digits at most unless a code is stated; `None`
/// where no word of a trade is known, where the words leave the code open, or where they say what the trade is not.
#[must_use]
pub fn read_trade(answer: &str) -> Option<IndustryCode> {
    let findings = Findings::of_answer(answer);
    let view = findings.view();
    let stated = industry_code(&view).map(|(code, ..)| code);
    stated.or_else(|| trade(&view, true).and_then(|phrase| phrase.code))
}

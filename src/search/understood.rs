//! Words of a query that are taken as figures, places and trades, by the reader of requirements.

use chrono::NaiveDate;
use domain::industry::IndustryCode;
use domain::rate::Rates;
use domain::reader::{self, Span};
use domain::region::{DivisionCode, divisions};
use serde::Serialize;
use serde_json::{Value, json};

use super::figures::{FIGURES, FigureBound, bound, shown};
use super::fold::Folded;
use super::respelled::{Rewording, spelled_out};
use super::words::is_idle;

/// Field of places, and of trades.
const REGIONS: &str = "regions";
const INDUSTRY: &str = "industry";
/// Parts of names of parks: a park is looked for by its name, which says more than its division.
const PARK_PARTS: [&str; 12] =
    ["开发区", "园", "经开区", "高新区", "保税区", "综保区", "示范区", "集聚区", "工业区", "zone", "park", "港区"];
/// Labels of figures, which say nothing once the figure is taken.
const LABELS: [&str; 21] = [
    "层高",
    "净高",
    "承重",
    "荷载",
    "载荷",
    "面积",
    "电力",
    "用电",
    "变压器",
    "以上",
    "以下",
    "以内",
    "左右",
    "不低于",
    "不少于",
    "不超过",
    "至少",
    "租金",
    "floor load",
    "clear height",
    "ceiling height",
];
/// Digits of an industry code that is taken by itself: two alone are most often a number.
const INDUSTRY_DIGITS: [usize; 2] = [3, 4];

/// Words of a query that became a filter, as they are shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WordFilter {
    /// The requirement's field.
    pub field: &'static str,
    /// A figure's bound `{"min","max"}`, the codes of places, or the code of a trade.
    pub value: Value,
    /// The words.
    pub text: String,
}

/// A query with its figures, places and trades taken out.
#[derive(Clone, Debug, Default)]
pub struct MeantQuery {
    /// The words that are left.
    pub text: String,
    pub bounds: Vec<FigureBound>,
    pub regions: Vec<DivisionCode>,
    pub trades: Vec<IndustryCode>,
    /// All of them with their words.
    pub filters: Vec<WordFilter>,
    /// Words that were taken for others.
    pub reworded: Vec<Rewording>,
    /// Figures that were left out.
    pub dropped: Vec<WordFilter>,
}

/// Takes figures with their units (`50亩`, `8米层高`), places (`宁波`, `nb`, `330200`) and trades (`减速机`, `3670`) out of a
/// query's text; those of the fields in `kept` stay words.
#[must_use]
pub fn understood(text: &str, today: NaiveDate, kept: &[&str]) -> MeantQuery {
    let (text, reworded) = if kept.contains(&REGIONS) { (text.to_owned(), Vec::new()) } else { spelled_out(text) };
    let reading = reader::read_with(&text, today, &Rates::default());
    let mut left: Vec<char> = text.chars().collect();
    let mut found = MeantQuery { reworded, ..MeantQuery::default() };
    let is_number = is_document_number(&text);
    for span in reading.spans.iter().filter(|span| !kept.contains(&span.field)) {
        let is_taken = match span.field {
            REGIONS => !is_number && found.take_places(span),
            INDUSTRY => !is_number && found.take_trade(span),
            _ => found.take_figure(span),
        };
        if is_taken {
            left[span.start..span.end].fill(' ');
        }
    }
    let words: String = left.into_iter().collect();
    let words = words.split_whitespace().filter(|word| !found.take_code(word, kept)).collect::<Vec<_>>().join(" ");
    found.text = if found.bounds.is_empty() { words } else { without_labels(&words) };
    if !found.filters.is_empty() && is_idle(&found.text) {
        found.text.clear();
    }
    found
}

impl MeantQuery {
    /// Leaves its figures out.
    #[must_use]
    pub fn without_figures(self) -> Self {
        let (dropped, filters) = self.filters.into_iter().partition(|filter| FIGURES.contains(&filter.field));
        Self { bounds: Vec::new(), filters, dropped, ..self }
    }

    fn push(&mut self, field: &'static str, value: Value, text: &str) {
        let same = self.filters.iter_mut().find(|filter| filter.field == field && filter.text == text);
        match (same, value) {
            // A bloc of provinces is read into one span each.
            (Some(WordFilter { value: Value::Array(codes), .. }), Value::Array(more)) => codes.extend(more),
            (_, value) => self.filters.push(WordFilter { field, value, text: text.to_owned() }),
        }
    }

    fn take_figure(&mut self, span: &Span) -> bool {
        let Some(field) = FIGURES.into_iter().find(|name| *name == span.field) else { return false };
        let is_figure = span.text.chars().any(|c| c.is_numeric() || "一二三四五六七八九十百千万两".contains(c));
        let Some(bound) = bound(field, &span.value).filter(|_| is_figure) else { return false };
        self.push(field, shown(&bound), &span.text);
        self.bounds.push(bound);
        true
    }

    fn take_places(&mut self, span: &Span) -> bool {
        let codes = span.value.as_array().map(Vec::as_slice).unwrap_or_default();
        let codes: Vec<DivisionCode> = codes.iter().filter_map(|it| DivisionCode::parse(it.as_str()?)).collect();
        if codes.is_empty() || names_park(&span.text, &codes) {
            return false;
        }
        self.push(REGIONS, json!(codes.iter().map(ToString::to_string).collect::<Vec<_>>()), &span.text);
        self.regions.extend(codes);
        true
    }

    fn take_trade(&mut self, span: &Span) -> bool {
        let Some(code) = span.value.as_str().and_then(IndustryCode::parse) else { return false };
        self.push(INDUSTRY, json!(code.to_string()), &span.text);
        self.trades.push(code);
        true
    }

    /// Takes a word that is the code of a division or of an industry.
    fn take_code(&mut self, word: &str, kept: &[&str]) -> bool {
        let digits = word.trim_start_matches(|c: char| c.is_ascii_uppercase()).len();
        let is_code = word.chars().all(|c| c.is_ascii_alphanumeric()) && word.len() - digits <= 1;
        if let Some(code) = DivisionCode::parse(word).filter(|_| is_code && !kept.contains(&REGIONS)) {
            self.push(REGIONS, json!([code.to_string()]), word);
            self.regions.push(code);
            return true;
        }
        let is_long = INDUSTRY_DIGITS.contains(&digits) || digits > 1 && word.len() > digits;
        match IndustryCode::parse(word).filter(|_| is_code && is_long && !kept.contains(&INDUSTRY)) {
            Some(code) => {
                self.push(INDUSTRY, json!(code.to_string()), word);
                self.trades.push(code);
                true
            }
            None => false,
        }
    }
}

/// Whether the words name a park and not a division, whose name may have such a part too (浦东新区).
fn names_park(text: &str, codes: &[DivisionCode]) -> bool {
    let folded = Folded::new(text).text.to_lowercase();
    let is_division = codes.iter().filter_map(|code| divisions().get(*code)).any(|row| folded.ends_with(&row.name));
    !is_division && PARK_PARTS.iter().any(|part| folded.contains(part))
}

/// Whether a text is the number of a document or plot (`浙政发〔2021〕16号`), of which no part is a place.
fn is_document_number(text: &str) -> bool {
    let has_digits = text.chars().any(|c| c.is_ascii_digit());
    has_digits && (text.contains(['〔', '[', '［', '【']) || text.trim_end().ends_with('号'))
}

fn without_labels(words: &str) -> String {
    let cut = LABELS.iter().fold(words.to_owned(), |text, label| text.replace(label, " "));
    cut.split_whitespace().collect::<Vec<_>>().join(" ")
}

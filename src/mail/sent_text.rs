//! Texts of mails that we sent: a reply's quotation is recognised by them where its client marks it badly or not at all.

use std::collections::HashSet;
use std::ops::Range;

use mail_parser::MessageParser;

use super::body;

/// Weight from which the beginning of a wrapped line counts as ours, at one per ASCII character and [`WIDE`] per other one:
/// ten Chinese characters or six English words.
const SURE: usize = 30;
/// Weight of a character outside ASCII: it holds as much as a short English syllable.
const WIDE: usize = 3;
/// Lines of a reply that are compared; the quotation of a mail of ours is far shorter.
const MOST_LINES: usize = 2_000;

/// The text of one part of a mail that we sent, as quotations are compared with it.
pub(super) struct SentText {
    /// Letters and digits, lower case: clients change everything else.
    text: String,
    /// Byte offsets at which a line or cell begins or ends.
    bounds: HashSet<usize>,
    /// Hosts of its links, which clients write beside a link's words or rewrite.
    hosts: Vec<String>,
}

/// Which lines of a reply are those of a sent mail.
pub(super) struct Comparison {
    pub(super) is_ours: Vec<bool>,
    /// Weight of the lines that the sent mail has.
    pub(super) ours: usize,
    /// Weight of all lines.
    pub(super) all: usize,
    /// Weight of the sent mail.
    pub(super) sent: usize,
}

impl SentText {
    /// Reads a stored mail: its plain text and its HTML, of which a client quotes one, each with the subject.
    pub(super) fn read(mail: &[u8]) -> Vec<Self> {
        let Some(mail) = MessageParser::default().parse(mail) else { return Vec::new() };
        let subject = mail.subject().unwrap_or_default();
        [body::plain(&mail), body::html(&mail)].map(|text| Self::of(&format!("{subject}\n{text}"))).into()
    }

    fn of(text: &str) -> Self {
        let hosts = links(text).filter_map(host).map(str::to_owned).collect();
        let mut sent = Self { text: String::new(), bounds: HashSet::new(), hosts };
        for cell in sent.without_links(text).split(['\n', '：', ':', '│', '|', '\t']) {
            sent.bounds.insert(sent.text.len());
            sent.text += &sent.dense(cell);
        }
        sent.bounds.insert(sent.text.len());
        sent
    }

    /// Compares lines, without their quote marks, with this mail. Each place of the mail is quoted once: a line that repeats one
    /// is the sender's own.
    pub(super) fn compare(&self, lines: &[&str]) -> Comparison {
        let mut quoted: Vec<Range<usize>> = Vec::new();
        let mut found = Comparison { is_ours: Vec::new(), ours: 0, all: 0, sent: weight(&self.text) };
        for (at, line) in lines.iter().enumerate() {
            let key = self.dense(line);
            let place = if at < MOST_LINES { self.place(&key, &quoted) } else { None };
            found.all += weight(&key);
            found.is_ours.push(if key.is_empty() { is_ruling(line) || self.has_link(line) } else { place.is_some() });
            if let Some(place) = place.filter(|_| !key.is_empty()) {
                found.ours += weight(&key);
                quoted.push(place);
            }
        }
        found
    }

    /// The place of a line in this mail: where the former line ended, since clients wrap, else where a line or cell begins.
    fn place(&self, key: &str, quoted: &[Range<usize>]) -> Option<Range<usize>> {
        let is_free = |place: &Range<usize>| quoted.iter().all(|has| place.end <= has.start || has.end <= place.start);
        let is_whole = |place: &Range<usize>| self.bounds.contains(&place.end) || weight(key) >= SURE;
        let former = quoted.last().map_or(0, |former| former.end);
        let goes_on = former..former + key.len();
        if self.text[former..].starts_with(key) && is_whole(&goes_on) && is_free(&goes_on) {
            return Some(goes_on);
        }
        let begins = self.text.match_indices(key).map(|(begin, _)| begin).filter(|begin| self.bounds.contains(begin));
        begins.map(|begin| begin..begin + key.len()).find(|place| is_whole(place) && is_free(place))
    }

    /// Letters and digits of a line, lower case, without links to our pages and those that clients add to addresses.
    fn dense(&self, line: &str) -> String {
        self.without_links(line).chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    }

    fn without_links(&self, text: &str) -> String {
        let own = links(text).filter(|link| self.is_own(link));
        own.fold(text.to_owned(), |text, link| text.replacen(link, "", 1))
    }

    fn has_link(&self, line: &str) -> bool {
        links(line).any(|link| self.is_own(link))
    }

    fn is_own(&self, link: &str) -> bool {
        link.starts_with("mailto:") || self.hosts.iter().any(|host| link.contains(host.as_str()))
    }
}

fn weight(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { WIDE }).sum()
}

/// Whether a line is a rule alone: dashes, bars, marks of lists.
pub(super) fn is_ruling(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && line.chars().all(|c| c.is_whitespace() || "-—－_=*·•|│─━+>".contains(c))
}

/// The links of a text.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let ends = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '）' | '」') || !c.is_ascii();
    ["https://", "http://", "mailto:"].into_iter().flat_map(move |scheme| {
        text.match_indices(scheme).map(move |(begin, _)| {
            let rest = &text[begin..];
            &rest[..rest.find(ends).unwrap_or(rest.len())]
        })
    })
}

/// The host of a link.
fn host(link: &str) -> Option<&str> {
    let rest = link.split_once("://")?.1;
    rest.split(['/', '?', ':', '#']).next().filter(|host| !host.is_empty())
}

//! Names of enterprises in Latin letters.

use crate::reader::letters::character::{Classes, is_han, is_stop};
use crate::reader::letters::rules::cues;
use crate::reader::letters::text::Text;
use crate::reader::tokens::contact::claim::{Claim, ContactField, LONGEST_NAME, name_claim};
use crate::reader::tokens::contact::hits::Hits;
use crate::reader::words::lists::WordList;

cues! {
    LatinCues in "latin_enterprises.txt" {
        form: WordList,
        subject_behind: WordList,
        no_subject: WordList,
        office: WordList,
    }
}

/// Returns the names with a legal form, those that a sentence is about, and those of who signs.
pub(crate) fn latin_companies(text: &Text, hits: &Hits) -> Vec<Claim> {
    let blanks = || text.places(Classes::BLANK);
    let forms = blanks().filter(|&at| opens_form(text.at(at + 1), text.at(at + 2)));
    let mut all: Vec<Claim> = forms.filter_map(|at| latin_company(text, at)).collect();
    all.extend(blanks().filter_map(|at| subject(text, at)));
    all.extend(hits.sign_offs.iter().filter_map(|&at| signature(text, at)));
    all
}

/// Returns whether a Latin legal form can start with two letters.
const fn opens_form(first: char, second: char) -> bool {
    matches!(
        (first, second),
        ('a', 'b' | 'g' | 'p' | '/')
            | ('b' | 'k' | 'n', '.')
            | ('c', 'o')
            | ('g', 'm')
            | ('i', 'n')
            | ('l', 'i' | 'l' | 't')
            | ('o', 'y')
            | ('p', 'l' | 't')
            | ('s', 'd' | '.')
    )
}

/// Claims `Example Motors Co., Ltd.`, whose legal form starts at a position.
fn latin_company(text: &Text, at: usize) -> Option<Claim> {
    let end = at + CUES.form.whole_at(text, at)?;
    let start = capitals(text, at);
    // We produce doors (Example Lifts Oy).
    let start = start + usize::from(text.at(start) == '(' && !text.chars[start..end].contains(&')'));
    (start < at).then(|| name_claim(text, start, end, ContactField::Company)).flatten()
}

/// Returns where the words start that end at a position and are capitalised in the original.
fn capitals(text: &Text, at: usize) -> usize {
    let mut start = at;
    let floor = at.saturating_sub(LONGEST_NAME);
    // `Company: Example GmbH`, `… Bureau. Example Ltd`: the name starts behind.
    let ends = |at: usize| text.before(at) == ':' || text.before(at) == '.' && text.at(at.saturating_sub(5)) != ' ';
    while start > floor && !(start < at && ends(start)) {
        let word_start = (floor..start)
            .rev()
            .find(|&i| matches!(text.at(i), ' ' | ':') || is_stop(text.at(i)) || is_han(text.at(i)))
            .map_or(floor, |i| i + 1);
        let capital = word_start < start
            && text
                .written(word_start, word_start + 2)
                .trim_start_matches('(')
                .starts_with(|c: char| c.is_uppercase() || c == '&');
        if !capital {
            break;
        }
        start = word_start;
        if text.before(start) != ' ' || start == 0 {
            break;
        }
        start -= 1;
    }
    start + usize::from(text.at(start) == ' ')
}

/// Claims the name that a verb of seeking or making follows at the start of a piece: `Example Resins Asia is searching for …`.
fn subject(text: &Text, at: usize) -> Option<Claim> {
    CUES.subject_behind.starts(text, at).then_some(())?;
    let start = Some(capitals(text, at)).filter(|&start| start < at)?;
    let before = text.chars[..start].iter().rev().find(|&&c| c != ' ').copied().unwrap_or('\n');
    let opens = matches!(before, '\n' | '.' | '!' | '。' | '-' | ',') && !CUES.no_subject.starts(text, start);
    let words = text.chars[start..at].split(|&c| c == ' ').count();
    (opens && (2..=MOST_WORDS).contains(&words)).then(|| name_claim(text, start, at, ContactField::Company)).flatten()
}

/// Claims the name behind that of the person who signs: `Yours sincerely, Henrik Olsen, Example Cabin Systems`.
fn signature(text: &Text, at: usize) -> Option<Claim> {
    let end = text.chars.len().min(at + SIGNATURE);
    let mut cuts = (at..end).filter(|&at| matches!(text.at(at), ',' | '\n'));
    let name = cuts.by_ref().find(|&cut| capital(text, cut + 1 + usize::from(text.at(cut + 1) == ' ')))?;
    let from = cuts.next()?;
    let start = from + 1 + usize::from(text.at(from + 1) == ' ');
    let end = Some(cuts.next().unwrap_or(end)).filter(|&end| start < end)?;
    let person = text.chars[name + 1..from].iter().all(|&c| c.is_alphabetic() || matches!(c, ' ' | '.' | '-' | '\''));
    let own = !CUES.office.is_in(text, start, end) && capitals(text, end) == start;
    let words = text.chars[start..end].split(|&c| c == ' ').count();
    (person && own && (2..=MOST_WORDS).contains(&words))
        .then(|| name_claim(text, start, end, ContactField::Company))
        .flatten()
}

fn capital(text: &Text, at: usize) -> bool {
    text.at(at).is_ascii_alphabetic() && text.written(at, at + 1).starts_with(char::is_uppercase)
}

/// The most words of a name without a legal form.
const MOST_WORDS: usize = 5;
/// The most characters of the close of a letter.
const SIGNATURE: usize = 120;

//! Names of persons and enterprises: validation for display, and the key under which spellings of one name are equal.

use unicode_normalization::UnicodeNormalization as _;

use crate::fold::simplified;
use crate::region::divisions;

/// Returns whether a character is printable: no control character, no zero-width character, no bidi override.
#[must_use]
pub fn is_visible(c: char) -> bool {
    !c.is_control()
        && !matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Returns the trimmed name if it has a letter and at most `longest` characters, all of them visible.
#[must_use]
pub fn visible_name(text: &str, longest: usize) -> Option<&str> {
    let name = text.trim();
    let fits = name.chars().count() <= longest && name.chars().all(is_visible);
    (fits && name.chars().any(char::is_alphabetic)).then_some(name)
}

/// Suffixes of legal forms, longest first: the first match is removed.
const FORMS: &[&str] = &[
    "股份有限责任公司",
    "集团股份有限公司",
    "集团有限责任公司",
    "集团有限公司",
    "股份有限公司",
    "有限责任公司",
    "控股有限公司",
    "有限公司",
    "集团公司",
    "总公司",
    "分公司",
    "公司",
    "集团",
    "控股",
    // English forms are mixed freely, so each half is removed by itself: "Co. Ltd", "Company Limited", "Corp., Ltd.". Without
    // a mark, "co" and "pte" are ends of names too, so they are removed only together with what follows.
    "coltd.",
    "coltd",
    "colimited",
    "pteltd.",
    "pteltd",
    "ltd.",
    "ltd",
    "limited",
    "co.,",
    "co.",
    "co,",
    "pte.,",
    "pte.",
    "company",
    "corporation",
    "corp.,",
    "corp.",
    "llc",
    "gmbh",
    "inc.,",
    "inc.",
    "inc",
];

/// Returns the deduplication key of an enterprise's name: NFKC, simplified, lower case, without blanks, brackets, the legal
/// form, a leading region, a region in brackets, and a province at the end.
#[must_use]
pub fn company_key(name: &str) -> String {
    let folded: String =
        name.nfkc().map(simplified).flat_map(char::to_lowercase).filter(|c| !c.is_whitespace()).collect();
    let bare = without_brackets(&without_places_in_brackets(&folded));
    let body = without_region(without_form(without_province(without_form(&bare))));
    if body.is_empty() { bare } else { body.to_owned() }
}

/// Leaves out a place in brackets: `样例机电(常州)有限公司` is `常州样例机电有限公司` in another order.
fn without_places_in_brackets(name: &str) -> String {
    let mut rest = name;
    let mut out = String::new();
    while let Some((head, tail)) = rest.split_once('(') {
        let Some((inner, after)) = tail.split_once(')') else { break };
        out.push_str(head);
        if !is_place(inner) {
            out.push_str(inner);
        }
        rest = after;
    }
    out + rest
}

/// Whether a text names a division, with or without its kind.
fn is_place(text: &str) -> bool {
    let table = divisions();
    let long = text.chars().count() >= 2;
    long && ["", "市", "省", "区", "县"].iter().any(|kind| table.named(&format!("{text}{kind}")).next().is_some())
}

/// Leaves out a province at the end, as in `示例控股集团香港`: smaller places end many names that are no address.
fn without_province(name: &str) -> &str {
    let table = divisions();
    let is_province = |tail: &str| {
        let mut kinds = ["", "市", "省", "特别行政区"].into_iter();
        kinds.any(|kind| table.named(&format!("{tail}{kind}")).any(|row| row.parent.is_none()))
    };
    let cut = name.char_indices().skip(2).map(|(at, _)| at).find(|&at| is_province(&name[at..]));
    cut.map_or(name, |at| &name[..at])
}

fn without_form(mut name: &str) -> &str {
    while let Some(shorter) = FORMS.iter().find_map(|form| name.strip_suffix(form)).filter(|rest| !rest.is_empty()) {
        name = shorter;
    }
    name
}

fn without_brackets(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '(' | ')' | '[' | ']' | '【' | '】' | '"' | '\'')).collect()
}

fn without_region(name: &str) -> &str {
    let mut rest = name;
    // At most a province, a prefecture and a county precede the name proper.
    for _ in 0..3 {
        let cut = rest.char_indices().skip(2).map(|(at, _)| at).take(10).filter(|&at| is_place(&rest[..at]));
        match cut.last() {
            // The name proper keeps at least two characters.
            Some(at) if rest[at..].chars().count() >= 2 => rest = &rest[at..],
            _ => break,
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::{company_key, visible_name};

    #[test]
    fn spellings_of_one_enterprise_have_one_key() {
        for (one, other) in [
            ("常州样例机电有限公司", "常州市样例机电有限责任公司"),
            ("样例机电（常州）有限公司", "样例机电(常州)有限公司"),
            ("样例机电（常州）有限公司", "常州市样例机电有限责任公司"),
            ("样例（常州市）机电有限公司", "样例机电有限公司"),
            ("示例控股集团（香港）有限公司", "示例控股集团香港有限公司"),
            ("Example Motors Co., Ltd.", "EXAMPLE MOTORS CO.,LTD"),
            ("Example Motors Co., Ltd.", "Example Motors Co. Ltd"),
            ("Example Motors Co Ltd", "Example Motors Company Limited"),
            ("Example Motors (Shanghai) Co., Ltd.", "EXAMPLE MOTORS (SHANGHAI) CO.，LTD"),
            ("Example Motors Co,Ltd", "Example Motors Pte. Ltd."),
            ("Example Motors Corp., Ltd.", "Example Motors Corporation"),
            ("常州樣例機電有限公司", "常州样例机电有限公司"),
            ("浙江省宁波市样例科技股份有限公司", "宁波样例科技有限公司"),
        ] {
            assert_eq!(company_key(one), company_key(other));
        }
        assert_ne!(company_key("常州样例机电有限公司"), company_key("常州示范机电有限公司"));
        assert_eq!(company_key("有限公司"), "有限公司");
    }

    #[test]
    fn names_with_invisible_characters_are_refused() {
        assert_eq!(visible_name(" 王·五 ", 20), Some("王·五"));
        for text in ["", " ", "王\u{200b}五", "\u{202e}五王", "王\n五", "1234", "王\u{feff}"] {
            assert_eq!(visible_name(text, 20), None, "{text:?}");
        }
        assert_eq!(visible_name("王五", 1), None);
    }
}

//! Number formats of a workbook, as far as they change what a number means.

/// The parts of a number format that change the meaning of a number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct NumberFormat {
    /// Shows a hundred times the value, with `%`.
    pub(super) percent: bool,
    /// Digits with leading zeros or separators: `000`, `0000-00`.
    pub(super) mask: Option<String>,
    /// Letters or words before the number; a currency sign or a sign is none.
    pub(super) prefix: String,
    /// Text behind the number.
    pub(super) suffix: String,
    /// Decimal places by which a number with a suffix is shown smaller: 4 for `0!.0,"万元"`.
    pub(super) scale: usize,
    /// Whether the format shows month and year alone.
    pub(super) month: bool,
}

/// Built-in formats of which a file names the number alone (ECMA-376 part 1, 18.8.30; 27 to 58 as in Chinese versions).
const PERCENT_IDS: [u32; 2] = [9, 10];
const MONTH_IDS: [u32; 5] = [17, 27, 36, 52, 57];

impl NumberFormat {
    /// Returns the format of a built-in number or a code.
    pub(super) fn of(id: Option<u32>, code: &str) -> Self {
        let own = Self::of_code(code);
        Self {
            percent: own.percent || id.is_some_and(|id| PERCENT_IDS.contains(&id)),
            month: own.month || id.is_some_and(|id| MONTH_IDS.contains(&id)),
            ..own
        }
    }

    /// Parses the first section of a code: `0.0"亩"`, `0000-00`, `yyyy"年"m"月"`.
    fn of_code(code: &str) -> Self {
        let tokens = tokens(code);
        let is_place =
            |token: &FormatToken| matches!(token, FormatToken::Code('0' | '#' | '?' | '.' | ',' | 'E' | 'e'));
        let last = tokens.iter().rposition(is_place);
        let first = tokens.iter().position(is_place);
        let has =
            |letters: &str| tokens.iter().any(|token| matches!(token, FormatToken::Code(c) if letters.contains(*c)));
        let is_date = has("yYmMdD") && last.is_none();
        let literals = |tokens: &[FormatToken]| -> String {
            tokens
                .iter()
                .filter_map(|token| if let FormatToken::Literal(text) = token { Some(text.as_str()) } else { None })
                .collect()
        };
        let prefix = first.map(|first| literals(&tokens[..first])).unwrap_or_default();
        let suffix = last.map(|last| literals(&tokens[last + 1..])).unwrap_or_default();
        let scale = first.zip(last).map_or(0, |(first, last)| scale(&tokens[first..=last]));
        Self {
            scale: if suffix.trim().is_empty() { 0 } else { scale },
            percent: has("%"),
            mask: first.zip(last).and_then(|(first, last)| mask(&tokens[first..=last])),
            prefix: Some(prefix.trim_start()).filter(|text| text.chars().any(is_word)).unwrap_or_default().to_owned(),
            suffix: suffix.trim().to_owned(),
            month: is_date && has("yY") && !has("dD"),
        }
    }
}

/// Whether a character before a number belongs to it: a letter, a word, a mark of an approximation.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '≈' || c == '~'
}

enum FormatToken {
    /// A character with a meaning of its own.
    Code(char),
    /// Text that the format adds.
    Literal(String),
}

fn tokens(code: &str) -> Vec<FormatToken> {
    let mut tokens = Vec::new();
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            ';' => break,
            '"' => tokens.push(FormatToken::Literal(chars.by_ref().take_while(|c| *c != '"').collect())),
            '\\' | '!' => tokens.extend(chars.next().map(|c| FormatToken::Literal(c.to_string()))),
            // A blank as wide as the next character; a fill character.
            '_' | '*' => drop(chars.next()),
            '[' => drop(chars.by_ref().take_while(|c| *c != ']').count()),
            '-' | '/' | ' ' | '(' | ')' | '+' | ':' => tokens.push(FormatToken::Literal(c.to_string())),
            c if !c.is_ascii() => tokens.push(FormatToken::Literal(c.to_string())),
            c => tokens.push(FormatToken::Code(c)),
        }
    }
    tokens
}

/// Decimal places by which places show a number smaller: three per comma at their end, and those behind a point that is a
/// literal. `0!.0,"万元"` is how sheets show yuan as ten thousands.
fn scale(tokens: &[FormatToken]) -> usize {
    let commas = tokens.iter().rev().take_while(|token| matches!(token, FormatToken::Code(','))).count();
    let point = tokens.iter().rposition(|token| matches!(token, FormatToken::Literal(text) if text == "."));
    let places = point.map_or(&[][..], |point| &tokens[point..]).iter();
    if commas == 0 { 0 } else { 3 * commas + places.filter(|token| matches!(token, FormatToken::Code('0'))).count() }
}

/// The digit mask of places that are all `0`, where there is more than one.
fn mask(tokens: &[FormatToken]) -> Option<String> {
    let mut mask = String::new();
    for token in tokens {
        match token {
            FormatToken::Code('0') => mask.push('0'),
            FormatToken::Literal(text) => mask.push_str(text),
            FormatToken::Code(_) => return None,
        }
    }
    (mask.matches('0').count() > 1).then_some(mask)
}

#[cfg(test)]
mod tests {
    use super::NumberFormat;

    #[test]
    fn a_formats_meaning_is_read_from_its_code() {
        let of = |code: &str| NumberFormat::of(None, code);
        assert!(of("0.00%").percent && !of("0.00\"%\"").percent);
        assert_eq!(of("0.00\"%\"").suffix, "%");
        assert_eq!(of("0.0\"亩\"").suffix, "亩");
        assert_eq!(of("#,##0.00_);(#,##0.00)").suffix, "");
        assert_eq!((of("000").mask.as_deref(), of("0000-00").mask.as_deref()), (Some("000"), Some("0000-00")));
        assert_eq!((of("0").mask, of("0.00").mask, of("#,##0").mask), (None, None, None));
        assert_eq!((of("0!.0,\"万元\"").scale, of("0!.0,\"万元\"").suffix.as_str()), (4, "万元"));
        assert_eq!((of("#,##0,,\"百万元\"").scale, of("#,##0,").scale, of("#,##0\"元\"").scale), (6, 0, 0));
        assert!(of("mmm-yy").month && of("yyyy\"年\"m\"月\"").month && !of("yyyy-mm-dd").month && !of("General").month);
        assert!(NumberFormat::of(Some(9), "").percent && NumberFormat::of(Some(17), "").month);
    }
}

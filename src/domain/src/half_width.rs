//! Full-width characters, as input methods for Chinese write them, in their half-width form.

/// Returns the half-width form of a full-width ASCII character or blank; every other character unchanged.
pub(crate) const fn half_width(c: char) -> char {
    match c {
        '\u{3000}' | '\u{a0}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => match char::from_u32(c as u32 - 0xfee0) {
            Some(half) => half,
            None => c,
        },
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::half_width;

    #[test]
    fn full_width_ascii_folds_and_nothing_else_does() {
        let folded: String = "１３８　ＡＢｃ＠（）厂房，ab\u{a0}".chars().map(half_width).collect();
        assert_eq!(folded, "138 ABc@()厂房,ab ");
    }
}

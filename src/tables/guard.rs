//! The apostrophe that keeps a spreadsheet from running a cell's text as a formula, put on in CSV and taken off again.
//!
//! Text whose first character, past apostrophes and blanks, is one of `= + - @`, their full-width forms, a tab or a
//! carriage return gets one apostrophe in front. Reading takes one off under the same condition, so that what was
//! written comes back, a text that had an apostrophe of its own included. OWASP ASVS 1.2.10.

const TRIGGERS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

fn is_triggering(text: &str) -> bool {
    // A tab and a carriage return are blanks and triggers at once: found before blanks are passed over.
    let rest = text.trim_start_matches(['\'', ' ']);
    rest.starts_with(TRIGGERS)
        || rest.trim_start_matches(|c: char| c == '\'' || c.is_whitespace()).starts_with(TRIGGERS)
}

/// The text with its guard, where it needs one.
pub(super) fn guarded(text: &str) -> String {
    if is_triggering(text) && !crate::guard::is_out("formula") { format!("'{text}") } else { text.to_owned() }
}

/// The text without the guard that [`guarded`] puts on.
pub(super) fn unguarded(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| is_triggering(rest)).unwrap_or(text)
}

//! CSV injection guard (OWASP ASVS 1.2.10): an apostrophe before text that a spreadsheet would run as a formula.
//!
//! Text whose first character, after apostrophes and blanks, is one of `= + - @`, their full-width forms, a tab or a
//! carriage return gets one apostrophe in front. Reading removes one under the same condition, so that every text
//! round-trips, including one with an apostrophe of its own.

const TRIGGERS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

fn is_triggering(text: &str) -> bool {
    // Tab and carriage return are both blanks and triggers, so they are tested before blanks are skipped.
    let rest = text.trim_start_matches(['\'', ' ']);
    rest.starts_with(TRIGGERS)
        || rest.trim_start_matches(|c: char| c == '\'' || c.is_whitespace()).starts_with(TRIGGERS)
}

/// Adds the guard where needed.
pub(super) fn guarded(text: &str) -> String {
    if is_triggering(text) && !crate::guard::is_out("formula") { format!("'{text}") } else { text.to_owned() }
}

/// Removes the guard added by [`guarded`].
pub(super) fn unguarded(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| is_triggering(rest)).unwrap_or(text)
}

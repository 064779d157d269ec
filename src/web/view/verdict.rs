//! Codes of verdicts: keys of the catalogue and CSS classes.

use domain::matching::Verdict;

pub(super) const fn verdict_code(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Met => "met",
        Verdict::Short => "short",
        Verdict::Unknown => "unknown",
        Verdict::Unstated => "unstated",
    }
}

//! Known parks, by which codes in a file are checked.

use std::collections::HashMap;

use super::columns::normal;

/// Least likeness at which a park is named, 0 to 1.
const LEAST_LIKENESS: f64 = 0.7;
/// Parks that are named at most.
const NEAREST: usize = 3;

/// Codes and names of the parks that a file may name.
#[derive(Clone, Debug, Default)]
pub struct KnownParks(HashMap<String, String>);

impl KnownParks {
    /// Returns whether a park has the code.
    #[must_use]
    pub fn has(&self, code: &str) -> bool {
        self.0.contains_key(code)
    }

    /// Returns the parks whose code or name is likest to what a cell has in the place of a code, best first:
    /// `G330206（名称）`. Offices write the name as often as a code with one digit wrong.
    #[must_use]
    pub fn nearest(&self, written: &str) -> Vec<String> {
        let written = normal(written);
        let likeness = |text: &str| likeness(&normal(text), &written);
        let likest = |(code, name): (&'_ String, &'_ String)| likeness(code).max(likeness(name));
        let mut ranked: Vec<(f64, &String, &String)> =
            self.0.iter().map(|(code, name)| (likest((code, name)), code, name)).collect();
        ranked.retain(|(likeness, ..)| *likeness >= LEAST_LIKENESS);
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        let shown =
            |code: &String, name: &String| if code == name { code.clone() } else { format!("{code}（{name}）") };
        ranked.into_iter().take(NEAREST).map(|(_, code, name)| shown(code, name)).collect()
    }
}

impl<C: Into<String>, N: Into<String>> FromIterator<(C, N)> for KnownParks {
    fn from_iter<I: IntoIterator<Item = (C, N)>>(parks: I) -> Self {
        Self(parks.into_iter().map(|(code, name)| (code.into(), name.into())).collect())
    }
}

/// The likeness of two names, 0 to 1; a name inside the other is the likest after an equal one.
fn likeness(known: &str, written: &str) -> f64 {
    /// Characters of the shortest name that is looked for inside another.
    const SHORTEST_PART: usize = 3;
    const INSIDE: f64 = 0.95;
    let is_inside = |part: &str, whole: &str| part.chars().count() >= SHORTEST_PART && whole.contains(part);
    let similar = strsim::normalized_damerau_levenshtein(known, written);
    if known != written && (is_inside(written, known) || is_inside(known, written)) {
        return similar.max(INSIDE);
    }
    similar
}

#[cfg(test)]
mod tests {
    use super::KnownParks;

    #[test]
    fn the_likest_parks_are_named_by_code_and_by_name() {
        let parks: KnownParks =
            [("S330001", "示例高新技术产业开发区"), ("S330002", "示例化工园区"), ("X9", "X9")].into_iter().collect();
        assert_eq!(parks.nearest("S330O01"), ["S330001（示例高新技术产业开发区）", "S330002（示例化工园区）"]);
        assert_eq!(parks.nearest("示例化工园"), ["S330002（示例化工园区）"]);
        assert_eq!(parks.nearest("示例高新技术产业开发區"), ["S330001（示例高新技术产业开发区）"]);
        assert_eq!(parks.nearest("x9"), ["X9"]);
        assert_eq!(parks.nearest("QQ-77"), Vec::<String>::new());
    }
}

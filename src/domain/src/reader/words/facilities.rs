//! Words of what a site has or lacks: those of `config/data/facilities.csv` and further ones of `facility_words.txt`.

use crate::facility::Facility;
use crate::reader::letters::rules::cues;
use crate::reader::words::lists::{TermTable, Terms};

cues! {
    FacilityCues in "facility_words.txt" {
        word: TermTable,
        longer: Terms,
        fire: TermTable,
    }
}

/// The facility of a word; `None` for a longer word that only contains the name of one: 自行车.
pub(crate) type FacilityWord = Option<Facility>;

/// Returns all words, folded to lower case, those of Latin letters in the plural too.
///
/// # Errors
/// [`String`] naming the first unknown code.
pub(crate) fn words() -> Result<Vec<(String, FacilityWord)>, String> {
    let mut all: Vec<(String, FacilityWord)> = Vec::new();
    for facility in Facility::all() {
        let row = facility.row();
        let words = row.words.iter().chain([&row.zh, &row.en]).map(|word| word.to_lowercase());
        all.extend(words.flat_map(plural).map(|word| (word, Some(facility))));
    }
    for (code, words) in &CUES.word.0 {
        let facility = Facility::parse(code).ok_or_else(|| format!("facility_words.txt: unknown code {code}"))?;
        all.extend(words.iter().flat_map(|&word| plural(word.to_owned())).map(|word| (word, Some(facility))));
    }
    all.extend(CUES.longer.0.iter().map(|&word| (word.to_owned(), None)));
    Ok(all)
}

/// Returns a word, and its plural where it ends in a Latin letter: sprinkler, sprinklers.
fn plural(word: String) -> Vec<String> {
    let latin = word.ends_with(|c: char| c.is_ascii_lowercase() && c != 's');
    let more = latin.then(|| format!("{word}s"));
    std::iter::once(word).chain(more).collect()
}

/// Returns every word for a class of fire hazard with the class's own word: 丙二类 is 丙.
pub(crate) fn fire_classes() -> impl Iterator<Item = (&'static str, &'static str)> {
    CUES.fire.0.iter().flat_map(|(class, words)| words.iter().map(move |&word| (*class, word)))
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn every_word_of_a_facility_has_a_known_code() {
        assert_eq!(words().err(), None);
    }
}

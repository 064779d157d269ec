//! The gazetteer: names of places from the tables of divisions and parks and from `config/data/reader`.

use hashbrown::HashMap;

use crate::reader::letters::rules::{cues, rule_file};
use crate::reader::letters::sets::CharSet;
use crate::reader::words::lists::{TermTable, Terms};
use crate::region::{DivisionCode, DivisionLevel, divisions, succession};
use crate::requirement::{ParkLevel, Word as _};

cues! {
    PlaceNameCues in "place_names.txt" {
        autonomous: Terms,
        kind: Terms,
        people: Terms,
        zone: TermTable,
        city: CharSet,
        prefecture: CharSet,
    }
}

/// Ambiguity of a place name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Naming {
    /// Unambiguously a name: with its suffix, or a word without another meaning.
    Sure,
    /// A short form that is also an everyday word.
    Everyday,
    /// Several divisions together.
    Bloc,
    /// A zone, which denotes its division.
    Zone,
}

/// A name with the divisions that it can denote, the widest first.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    pub(crate) codes: Vec<DivisionCode>,
    pub(crate) naming: Naming,
}

/// All names with their texts, as parallel arrays.
#[derive(Default)]
pub(crate) struct Gazetteer {
    pub(crate) names: Vec<Name>,
    pub(crate) texts: Vec<String>,
    by_text: HashMap<String, usize>,
}

/// Old names with fewer characters than this are also everyday words: 达县, 开县, 通县.
const SHORTEST_SURE: usize = 3;

/// Head of the rule that lists names which are also everyday words.
const EVERYDAY: &str = "everyday";

/// Returns the everyday name of a division: `恩施土家族苗族自治州` → `恩施`, `浦东新区` → `浦东`.
pub(crate) fn short_form(name: &str) -> &str {
    let autonomous = CUES.autonomous.strip_suffix(name);
    let mut rest = autonomous.or_else(|| CUES.kind.strip_suffix(name)).unwrap_or(name);
    while let Some(shorter) = CUES.people.strip_suffix(rest).filter(|shorter| shorter.chars().count() > 1) {
        rest = shorter;
    }
    // 新建区 becomes 新建, but 城区 stays: one character is no name.
    if rest.chars().count() < 2 { name } else { rest }
}

impl Gazetteer {
    /// Collects the names of all sources; an earlier source wins except where an alias redefines a name.
    ///
    /// # Errors
    /// A message with `file:line` where a rule is malformed or a code unknown.
    pub(crate) fn new() -> Result<Self, String> {
        let mut it = Self::default();
        it.divisions();
        it.of_cities();
        it.successions();
        it.aliases()?;
        it.latin()?;
        it.parks();
        Ok(it)
    }

    fn known(&mut self, text: &str) -> Option<&mut Name> {
        let &number = self.by_text.get(text)?;
        self.names.get_mut(number)
    }

    fn add(&mut self, text: &str, code: DivisionCode) {
        match self.known(text) {
            Some(Name { codes, .. }) if codes.contains(&code) => {}
            Some(name) => name.codes.push(code),
            None => self.insert(text, vec![code], Naming::Sure),
        }
    }

    /// Inserts a name that is not known yet.
    fn insert(&mut self, text: &str, codes: Vec<DivisionCode>, naming: Naming) {
        self.by_text.insert(text.to_owned(), self.names.len());
        self.names.push(Name { codes, naming });
        self.texts.push(text.to_owned());
    }

    fn divisions(&mut self) {
        for level in [DivisionLevel::Province, DivisionLevel::Prefecture, DivisionLevel::County] {
            for row in divisions().all().iter().filter(|row| row.level == level) {
                self.add(&row.name, row.code);
                let short = short_form(&row.name);
                if short != row.name {
                    self.add(short, row.code);
                }
                // 阿坝州, as nobody writes 阿坝藏族羌族自治州.
                if row.level == DivisionLevel::Prefecture
                    && let Some(sign) = row.name.chars().next_back().filter(|&c| CUES.prefecture.has(c))
                    && CUES.autonomous.strip_suffix(&row.name).is_some()
                {
                    self.add(&format!("{short}{sign}"), row.code);
                }
            }
        }
    }

    /// Inserts counties whose names start with 市 behind their city's short name: 枣庄市中区 is not 枣庄市 with 中区 behind it.
    fn of_cities(&mut self) {
        let inner = divisions().all().iter().filter(|row| row.name.chars().next().is_some_and(|c| CUES.city.has(c)));
        for row in inner {
            if let Some(city) = row.parent.and_then(|parent| divisions().get(parent)) {
                self.add(&format!("{}{}", short_form(&city.name), row.name), row.code);
            }
        }
    }

    /// Inserts old names that no division has today: 会理县 is 会理市. An old name that another city's division has today
    /// counts only inside the wider place, see `fields::places`. The short ones are parts of other words: 到达县城, 召开县里.
    fn successions(&mut self) {
        for (old, codes) in succession().names() {
            if let [one] = codes[..]
                && self.known(old).is_none()
            {
                let naming = if old.chars().count() < SHORTEST_SURE { Naming::Everyday } else { Naming::Sure };
                self.insert(old, vec![one], naming);
            }
        }
    }

    fn aliases(&mut self) -> Result<(), String> {
        for rule in rule_file!("places.txt")? {
            if rule.head() == EVERYDAY {
                for text in rule.body().split(' ') {
                    let name = self.known(text).ok_or_else(|| rule.error(&format!("unknown division {text}")))?;
                    name.naming = Naming::Everyday;
                }
                continue;
            }
            let codes = codes(rule.body()).ok_or_else(|| rule.error("unknown code"))?;
            let naming = if codes.len() > 1 { Naming::Bloc } else { Naming::Sure };
            for text in rule.head().split('|') {
                match self.known(text) {
                    Some(name) => *name = Name { codes: codes.clone(), naming },
                    None => self.insert(text, codes.clone(), naming),
                }
            }
        }
        Ok(())
    }

    fn latin(&mut self) -> Result<(), String> {
        let mut spellings = Vec::new();
        for rule in rule_file!("latin.txt")? {
            let codes = codes(rule.body()).ok_or_else(|| rule.error("unknown code"))?;
            spellings.push((rule.head().trim_end_matches('?'), codes));
        }
        // Jinan is 济南 though 晋安 without its apostrophe is spelt alike: spellings as written come first.
        let run_together: Vec<_> =
            spellings.iter().map(|(text, codes)| (text.replace('\'', ""), codes.clone())).collect();
        let as_written = spellings.into_iter().map(|(text, codes)| (text.to_owned(), codes));
        for (text, codes) in as_written.chain(run_together) {
            if self.known(&text).is_none() {
                self.insert(&text, codes, Naming::Sure);
            }
        }
        Ok(())
    }

    fn parks(&mut self) {
        let data = include_str!("../../../../../config/data/parks.csv");
        let mut reader = csv::Reader::from_reader(data.as_bytes());
        let mut variants: Vec<(u8, String, DivisionCode)> = Vec::new();
        for row in reader.records().filter_map(Result::ok) {
            let cell = |at: usize| row.get(at).unwrap_or_default();
            let code = DivisionCode::parse(cell(7)).or_else(|| divisions().resolve(cell(4), cell(5), cell(6)));
            let Some(code) = code else { continue };
            let rank = u8::from(ParkLevel::from_word(cell(2)) != Some(ParkLevel::国家级));
            for (distance, text) in park_names(cell(1), cell(4), [cell(5), cell(6)]) {
                variants.push((rank + 2 * distance, text, code));
            }
        }
        // Two parks may share a short name: it goes to the one whose name is closer to it, then to the national one.
        variants.sort_by_key(|(rank, ..)| *rank);
        for (_, text, code) in variants {
            let text = text.to_lowercase();
            if self.known(&text).is_none() {
                self.insert(&text, vec![code], Naming::Zone);
            }
        }
    }
}

fn codes(list: &str) -> Option<Vec<DivisionCode>> {
    list.split(' ').map(DivisionCode::parse).collect()
}

/// Shorter forms of a park's name keep at least this many characters: 江苏溧水经济开发区 may lose its province, 上海… not.
const SHORTEST_INNER: usize = 6;

/// Returns the name of a park and its everyday forms, each with its distance from the official name.
fn park_names(name: &str, province: &str, [city, county]: [&str; 2]) -> Vec<(u8, String)> {
    let bare = name.split(['（', '(']).next().unwrap_or(name);
    let short_province = short_form(province);
    let inner = bare.strip_prefix(province).or_else(|| bare.strip_prefix(short_province));
    let mut all = vec![(0, bare.to_owned())];
    let inner = inner.filter(|inner| inner.chars().count() >= SHORTEST_INNER).unwrap_or(bare);
    if inner != bare {
        all.push((1, inner.to_owned()));
    }
    all.extend(spoken(inner, 1));
    // 西安市高新区, 昆山市高新区: the division that the name begins with may be written whole.
    for division in [city, county] {
        let rest = inner.strip_prefix(short_form(division)).filter(|_| !inner.starts_with(division));
        let whole = rest.filter(|rest| rest.chars().count() >= 2).map(|rest| format!("{division}{rest}"));
        all.extend(whole.iter().flat_map(|whole| spoken(whole, 2)));
        all.extend(whole.map(|whole| (2, whole)));
    }
    // 芜湖市三山经开区: behind the name of its city a park is called without it.
    let of_city = inner.strip_prefix(short_form(city)).filter(|rest| rest.chars().count() >= SHORTEST_INNER);
    all.extend(of_city.map(|rest| (LEAST_CLOSE, rest.to_owned())));
    all.extend(of_city.into_iter().flat_map(|rest| spoken(rest, LEAST_CLOSE)));
    all
}

/// The distance of a park's name without its city, above that of any other form.
const LEAST_CLOSE: u8 = 20;

/// Returns the everyday forms of a park's name: 三山经济开发区 is 三山经开区.
fn spoken(name: &str, distance: u8) -> Vec<(u8, String)> {
    let head = |ending: &str| name.strip_suffix(ending).filter(|head| head.chars().count() >= 2);
    let form = CUES.zone.0.iter().find_map(|(ending, words)| Some((head(ending)?, words)));
    let forms = form
        .into_iter()
        .flat_map(|(head, words)| (1..).zip(words).map(move |(at, word)| (distance + at, format!("{head}{word}"))));
    forms.collect()
}

#[cfg(test)]
mod tests {
    use super::{Gazetteer, short_form};

    #[test]
    fn every_rule_of_the_places_is_well_formed_and_its_codes_known() {
        assert_eq!(Gazetteer::new().err(), None);
    }

    #[test]
    fn short_forms_leave_the_kind_of_division_away() {
        for (name, short) in [
            ("宁波市", "宁波"),
            ("浦东新区", "浦东"),
            ("恩施土家族苗族自治州", "恩施"),
            ("内蒙古自治区", "内蒙古"),
            ("广西壮族自治区", "广西"),
            ("新疆维吾尔自治区", "新疆"),
            ("城区", "城区"),
            ("单县", "单县"),
        ] {
            assert_eq!(short_form(name), short);
        }
    }
}

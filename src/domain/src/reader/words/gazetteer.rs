//! Names of places, from the tables of divisions and parks and from `config/data/reader`.

use crate::reader::words::dictionary::{Entry, dictionary};
use crate::reader::words::lexicon::rows;
use crate::reader::words::trie::Trie;
use crate::region::{DivisionCode, DivisionLevel, divisions};

/// How a name names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Naming {
    /// With its suffix, or a name that is nothing else.
    Sure,
    /// A short form that is also an everyday word.
    Everyday,
    /// Several divisions together.
    Bloc,
    /// A zone, which stands for the division that it lies in.
    Zone,
}

/// One name and what it may stand for, the widest first.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    pub(crate) codes: Vec<DivisionCode>,
    pub(crate) naming: Naming,
}

/// Adds all names of places; they are numbered.
pub(crate) fn add_to(words: &mut Trie<Entry>) -> Vec<Name> {
    let mut builder = Builder { words, names: Vec::with_capacity(16_384) };
    builder.divisions();
    builder.aliases();
    builder.latin();
    builder.parks();
    builder.names
}

/// Whether one of the places of the first name lies in one of the second.
pub(crate) fn lies_in(inner: u32, outer: u32) -> bool {
    let inside =
        |&code: &DivisionCode| name(outer).codes.iter().any(|&outer| outer != code && divisions().covers(outer, code));
    name(inner).codes.iter().any(inside)
}

/// The name of a number.
pub(crate) fn name(number: u32) -> &'static Name {
    &dictionary().names[number as usize]
}

/// Peoples whose names stand in the names of autonomous areas.
const PEOPLES: &[&str] = &[
    "各族",
    "土家族",
    "苗族",
    "侗族",
    "布依族",
    "藏族",
    "羌族",
    "彝族",
    "白族",
    "傣族",
    "景颇族",
    "傈僳族",
    "哈尼族",
    "壮族",
    "回族",
    "蒙古族",
    "蒙古",
    "哈萨克族",
    "哈萨克",
    "柯尔克孜",
    "朝鲜族",
    "满族",
    "瑶族",
    "畲族",
    "黎族",
    "土族",
    "撒拉族",
    "保安族",
    "东乡族",
    "裕固族",
    "水族",
    "仡佬族",
    "毛南族",
    "仫佬族",
    "佤族",
    "拉祜族",
    "纳西族",
    "布朗族",
    "独龙族",
    "怒族",
    "普米族",
    "达斡尔族",
    "鄂温克族",
    "鄂伦春族",
    "锡伯族",
    "锡伯",
    "塔吉克族",
    "塔吉克",
    "维吾尔",
];
const SUFFIXES: &[&str] = &["特别行政区", "自治区", "地区", "特区", "林区", "新区", "省", "市", "县", "区", "盟", "旗"];

/// `恩施土家族苗族自治州` → `恩施`, `浦东新区` → `浦东`.
fn short_form(name: &str) -> &str {
    let autonomous = ["自治州", "自治县", "自治旗"].iter().find_map(|suffix| name.strip_suffix(suffix));
    let mut rest = autonomous.or_else(|| SUFFIXES.iter().find_map(|suffix| name.strip_suffix(suffix))).unwrap_or(name);
    while let Some(shorter) =
        PEOPLES.iter().find_map(|people| rest.strip_suffix(people)).filter(|s| s.chars().count() > 1)
    {
        rest = shorter;
    }
    // 新建区 keeps 新建, 城区 keeps itself: one character is no name.
    if rest.chars().count() < 2 { name } else { rest }
}

struct Builder<'w> {
    words: &'w mut Trie<Entry>,
    names: Vec<Name>,
}

impl Builder<'_> {
    fn known(&mut self, text: &str) -> Option<&mut Name> {
        let number = self.words.get(text)?.place?;
        self.names.get_mut(number as usize)
    }

    fn add(&mut self, text: &str, code: DivisionCode, naming: Naming) {
        match self.known(text) {
            Some(Name { codes, .. }) if codes.contains(&code) => {}
            Some(name) => name.codes.push(code),
            None => self.insert(text, vec![code], naming),
        }
    }

    /// Adds a name that is not known yet.
    fn insert(&mut self, text: &str, codes: Vec<DivisionCode>, naming: Naming) {
        self.words.entry(text).place = u32::try_from(self.names.len()).ok();
        self.names.push(Name { codes, naming });
    }

    fn divisions(&mut self) {
        for level in [DivisionLevel::Province, DivisionLevel::Prefecture, DivisionLevel::County] {
            for row in divisions().all().iter().filter(|row| row.level == level) {
                self.add(&row.name, row.code, Naming::Sure);
                let short = short_form(&row.name);
                if short != row.name {
                    self.add(short, row.code, Naming::Sure);
                }
            }
        }
    }

    fn aliases(&mut self) {
        for (head, list) in rows(include_str!("../../../../../config/data/reader/places.txt")) {
            if head == "everyday" {
                for text in list.split(' ') {
                    if let Some(name) = self.known(text) {
                        name.naming = Naming::Everyday;
                    }
                }
                continue;
            }
            let codes: Vec<DivisionCode> = list.split(' ').filter_map(DivisionCode::parse).collect();
            let naming = if codes.len() > 1 { Naming::Bloc } else { Naming::Sure };
            for text in head.split('|') {
                match self.known(text) {
                    Some(name) => *name = Name { codes: codes.clone(), naming },
                    None => self.insert(text, codes.clone(), naming),
                }
            }
        }
    }

    fn latin(&mut self) {
        let mut spellings = Vec::new();
        for (spelling, list) in rows(include_str!("../../../../../config/data/reader/latin.txt")) {
            let codes: Vec<DivisionCode> = list.split(' ').filter_map(DivisionCode::parse).collect();
            spellings.push((spelling.trim_end_matches('?'), codes));
        }
        // Jinan is 济南 though 晋安 can be run together to it: spellings as they are come first.
        let run_together: Vec<_> =
            spellings.iter().map(|(text, codes)| (text.replace('\'', ""), codes.clone())).collect();
        let as_they_are = spellings.into_iter().map(|(text, codes)| (text.to_owned(), codes));
        for (text, codes) in as_they_are.chain(run_together) {
            if self.known(&text).is_none() {
                self.insert(&text, codes, Naming::Sure);
            }
        }
    }

    fn parks(&mut self) {
        let data = include_str!("../../../../../config/data/parks.csv");
        let mut reader = csv::Reader::from_reader(data.as_bytes());
        let mut variants: Vec<(u8, String, DivisionCode)> = Vec::new();
        for row in reader.records().filter_map(Result::ok) {
            let cell = |at: usize| row.get(at).unwrap_or_default();
            let code = DivisionCode::parse(cell(7)).or_else(|| divisions().resolve(cell(4), cell(5), cell(6)));
            let Some(code) = code else { continue };
            let rank = u8::from(cell(2) != "国家级");
            for (distance, text) in park_names(cell(1), cell(4)) {
                variants.push((rank + 2 * distance, text, code));
            }
        }
        // Where two parks share a short name the nearer and higher one has it.
        variants.sort_by_key(|(rank, ..)| *rank);
        for (_, text, code) in variants {
            let text = text.to_lowercase();
            if self.known(&text).is_none() {
                self.insert(&text, vec![code], Naming::Zone);
            }
        }
    }
}

/// Endings of zones and what people say for them.
const ZONES: &[(&str, &[&str])] = &[
    ("经济技术开发区", &["经开区", "经济开发区", "开发区", "国家级经开区", "国家经开区"]),
    ("高新技术产业开发区", &["高新区", "高新技术开发区", "高新技术产业园区", "高新园区", "国家高新区", "国家级高新区"]),
    ("高技术产业开发区", &["高新区", "开发区"]),
    ("新技术开发区", &["高新区", "开发区"]),
    ("经济开发区", &["经开区", "开发区", "省级经济开发区"]),
    ("综合保税区", &["综保区", "保税区"]),
    ("工业园区", &["工业园"]),
    ("产业集聚区", &["产聚区"]),
];

/// The name, and the name as people shorten it, each with how far it is from the written one.
fn park_names(name: &str, province: &str) -> Vec<(u8, String)> {
    let bare = name.split(['（', '(']).next().unwrap_or(name);
    let short_province = short_form(province);
    let inner = bare.strip_prefix(province).or_else(|| bare.strip_prefix(short_province));
    let mut all = vec![(0, bare.to_owned())];
    // 江苏溧水经济开发区 is 溧水经济开发区; 上海… keeps its name.
    let inner = inner.filter(|inner| inner.chars().count() > 5).unwrap_or(bare);
    if inner != bare {
        all.push((1, inner.to_owned()));
    }
    for (ending, spoken) in ZONES {
        if let Some(head) = inner.strip_suffix(ending).filter(|head| head.chars().count() >= 2) {
            for (at, word) in (1..).zip(*spoken) {
                all.push((1 + at, format!("{head}{word}")));
            }
            break;
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::{name, short_form};
    use crate::reader::letters::text::Text;
    use crate::reader::words::dictionary::Lookup;
    use crate::region::{DivisionLevel, divisions};

    fn codes(text: &str) -> Vec<String> {
        let (length, number) = Lookup::new(&Text::new(text)).at(0).place().unwrap_or_else(|| panic!("{text}"));
        assert_eq!(length, text.chars().count(), "{text}");
        name(number).codes.iter().map(ToString::to_string).collect()
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

    #[test]
    fn every_province_and_prefecture_is_known_by_its_name_and_its_short_form() {
        for row in divisions().all().iter().filter(|row| row.level != DivisionLevel::County) {
            let code = row.code.to_string();
            assert!(codes(&row.name).contains(&code), "{}", row.name);
            assert!(codes(short_form(&row.name)).contains(&code), "{}", row.name);
        }
    }

    #[test]
    fn zones_blocs_and_latin_spellings_are_known() {
        assert_eq!(codes("合肥经开区"), ["340104"]);
        assert_eq!(codes("苏州工业园区"), ["320506"]);
        assert_eq!(codes("吴江经开区"), ["320509"]);
        assert_eq!(codes("长三角").len(), 4);
        assert_eq!(codes("江浙沪").len(), 3);
        assert_eq!(codes("ningbo"), ["330200"]);
        assert_eq!(codes("xian")[..1], codes("xi'an")[..1]);
    }
}

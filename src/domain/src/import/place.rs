//! Places in a row: province, city and county as people write them, short or by an old name, made the table's names.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::raw::is_blank_char;
use crate::fault::CellReason;
use crate::fold::simplify;
use crate::reader::short_form;
use crate::region::{Division, DivisionCode, DivisionLevel, divisions, succession};

/// The columns of a row's place, widest first.
pub(super) const COLUMNS: [&str; 3] = ["province", "city", "county"];

/// Nearest names told for an unknown one.
const NEAREST: usize = 3;
/// Names that say "directly below the wider division" and name no division.
const PLACEHOLDERS: [&str; 6] = ["市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "直辖", "省直管"];

/// A name with the name in the table that replaces it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Replaced {
    pub(super) at: usize,
    pub(super) name: String,
    /// `Converted` for a short or traditional name, `Renamed` for an old one.
    pub(super) reason: CellReason,
}

/// Why a place is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PlaceFault {
    pub(super) at: usize,
    pub(super) reason: CellReason,
    /// The nearest names, best first.
    pub(super) nearest: Vec<String>,
}

/// A division with the form of its name that was found.
enum ByName {
    Full(&'static Division),
    Short(&'static Division),
    Old(&'static Division),
}

/// Reads the three names, each inside the one before it; blank names are passed over.
///
/// # Errors
/// `UnknownDivision` for a name of no division or of several, `NotInside` for one outside the division before it.
pub(super) fn read(names: [&str; 3]) -> Result<Vec<Replaced>, PlaceFault> {
    let mut outer: Option<DivisionCode> = None;
    let mut replaced = Vec::new();
    for (at, written) in names.map(str::trim).into_iter().enumerate() {
        // Lists align short names with blanks: 余 姚 市.
        let name: &str = &written.chars().filter(|c| !is_blank_char(*c)).collect::<String>();
        // A masked name is silence, as in published notices.
        if name.is_empty() || name.contains('*') || PLACEHOLDERS.contains(&name) {
            continue;
        }
        let (division, reason) = match found(name, outer, at) {
            Some(ByName::Full(division)) => (division, (name != written).then_some(CellReason::Converted)),
            Some(ByName::Short(division)) => (division, Some(CellReason::Converted)),
            Some(ByName::Old(division)) => (division, Some(CellReason::Renamed)),
            None => return Err(fault(at, name, outer)),
        };
        if let Some(reason) = reason {
            replaced.push(Replaced { at, name: division.name.clone(), reason });
        }
        outer = Some(division.code);
    }
    Ok(replaced)
}

/// A division by its name in a column, which may repeat the wider ones before it (宁波市鄞州区).
fn found(name: &str, outer: Option<DivisionCode>, at: usize) -> Option<ByName> {
    find(name, outer, at).or_else(|| {
        let mut wider: Vec<&str> = divisions().upwards(outer?).map(|row| row.name.as_str()).collect();
        wider.reverse();
        let bare = wider.into_iter().fold(name, |name, wider| name.strip_prefix(wider).unwrap_or(name));
        let repeats = !bare.is_empty() && bare != name;
        if repeats { find(bare, outer, at).map(ByName::shortened) } else { None }
    })
}

/// A division by its name in a column, inside another: its full name first, then an old one, a unique short one, and each
/// of these in traditional characters. A province's column has provinces; in the others a division of the column's level
/// comes before one of another level (吉林 in 吉林省 is its city).
fn find(name: &str, outer: Option<DivisionCode>, at: usize) -> Option<ByName> {
    let inside = |division: &&'static Division| {
        outer.is_none_or(|outer| divisions().covers(outer, division.code))
            && (at > 0 || division.level == DivisionLevel::Province)
    };
    // A municipality's name also stands in the column of cities.
    if let Some(same) = outer.and_then(|outer| divisions().get(outer)).filter(|same| same.name == name) {
        return Some(ByName::Full(same));
    }
    if let Some(one) = preferred(divisions().named(name).filter(inside), at) {
        return Some(ByName::Full(one));
    }
    if let Some(successor) = only(succession().of_name(name, outer).filter(inside)) {
        return Some(ByName::Old(successor));
    }
    if let Some(one) = preferred(of_short(name).filter(inside), at) {
        return Some(ByName::Short(one));
    }
    // 奉化市, 双流县: districts and cities that were counties, or cities, of the same stem.
    let stem = name.strip_suffix(['县', '市']).filter(|_| outer.is_some() && at > 0).unwrap_or_default();
    let grown = of_short(stem).filter(inside).filter(|division| {
        division.level == DivisionLevel::County && (division.name.ends_with('区') || division.name.ends_with('市'))
    });
    if let Some(one) = only(grown) {
        return Some(ByName::Old(one));
    }
    if let Some(one) = only(of_peoples(name).filter(inside)) {
        return Some(ByName::Short(one));
    }
    let simplified = simplify(name);
    let found = if simplified == name { None } else { find(&simplified, outer, at) };
    found.map(ByName::shortened)
}

/// The divisions of a short name.
fn of_short(name: &str) -> impl Iterator<Item = &'static Division> {
    SHORT.get(name).into_iter().flatten().filter_map(|code| divisions().get(*code))
}

/// Kinds of autonomous divisions, which people write without the peoples' names: 景宁县, 鄂温克旗.
const AUTONOMOUS: [(&str, &str); 2] = [("县", "自治县"), ("旗", "自治旗")];

fn of_peoples(name: &str) -> impl Iterator<Item = &'static Division> {
    let stems = AUTONOMOUS.iter().filter_map(move |(kind, own)| Some((name.strip_suffix(kind)?, *own)));
    let stems = stems.filter(|(stem, _)| stem.chars().count() > 1);
    stems.flat_map(|(stem, own)| {
        divisions().all().iter().filter(move |row| row.name.starts_with(stem) && row.name.ends_with(own))
    })
}

/// The only one of the column's level, else the only one.
fn preferred(found: impl Iterator<Item = &'static Division>, at: usize) -> Option<&'static Division> {
    let level = [DivisionLevel::Province, DivisionLevel::Prefecture, DivisionLevel::County][at];
    let found: Vec<&'static Division> = found.collect();
    let of_level = found.iter().copied().filter(|division| division.level == level);
    only(of_level).or_else(|| only(found.into_iter()))
}

impl ByName {
    /// A name that is not written in full as the table has it.
    fn shortened(self) -> Self {
        match self {
            Self::Full(division) => Self::Short(division),
            other => other,
        }
    }
}

/// Returns whether a division has the name, in full or short, traditional or simplified.
pub(super) fn is_known(name: &str) -> bool {
    let name = &simplify(name);
    divisions().named(name).next().is_some() || SHORT.contains_key(name)
}

fn only(mut found: impl Iterator<Item = &'static Division>) -> Option<&'static Division> {
    let first = found.next()?;
    found.all(|other| other.code == first.code).then_some(first)
}

fn fault(at: usize, name: &str, outer: Option<DivisionCode>) -> PlaceFault {
    let elsewhere = is_known(name);
    let reason = if outer.is_some() && elsewhere { CellReason::NotInside } else { CellReason::UnknownDivision };
    PlaceFault { at, reason, nearest: nearest(name, outer) }
}

/// The likest names inside the wider division; the full names where the name is of a division outside it.
fn nearest(name: &str, outer: Option<DivisionCode>) -> Vec<String> {
    let elsewhere: Vec<String> =
        divisions().named(name).map(|row| divisions().full_name(row.code)).take(NEAREST).collect();
    if outer.is_some() && !elsewhere.is_empty() {
        return elsewhere;
    }
    if outer.is_none() && !elsewhere.is_empty() {
        // A city in the column of provinces.
        let provinces = divisions().named(name).filter_map(|row| divisions().upwards(row.code).last());
        return provinces.map(|row| row.name.clone()).take(NEAREST).collect();
    }
    let inside = divisions().all().iter().filter(|row| match outer {
        Some(outer) => divisions().covers(outer, row.code) && row.code != outer,
        None => row.parent.is_none(),
    });
    let mut ranked: Vec<(f64, &str)> =
        inside.map(|row| (likeness(&row.name, name), row.name.as_str())).filter(|(like, _)| *like > 0.0).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    ranked.into_iter().take(NEAREST).map(|(_, name)| name.to_owned()).collect()
}

/// The likeness of two names, 0 to 2: by edits, transpositions being one, and by the characters they share.
fn likeness(name: &str, written: &str) -> f64 {
    let shared = name.chars().filter(|c| written.contains(*c)).count() as f64;
    strsim::normalized_damerau_levenshtein(name, written) + shared / name.chars().count().max(1) as f64
}

/// Every division's names without the word for its level: 浙江, 宁波, 鄞州, 广西, 恩施.
static SHORT: LazyLock<HashMap<String, Vec<DivisionCode>>> = LazyLock::new(|| {
    let mut short: HashMap<String, Vec<DivisionCode>> = HashMap::new();
    for row in divisions().all() {
        for name in short_names(&row.name) {
            short.entry(name).or_default().push(row.code);
        }
    }
    short
});

/// The everyday name, and of an autonomous prefecture the one with 州: 恩施, 恩施州.
fn short_names(name: &str) -> Vec<String> {
    let short = short_form(name);
    if short == name {
        return Vec::new();
    }
    let prefecture = name.ends_with("自治州").then(|| format!("{short}州"));
    prefecture.into_iter().chain([short.to_owned()]).collect()
}

#[cfg(test)]
mod tests {
    use super::{CellReason, read};

    type Names = Vec<(usize, String, CellReason)>;

    fn names(places: [&str; 3]) -> Result<Names, (usize, CellReason)> {
        match read(places) {
            Ok(replaced) => Ok(replaced.into_iter().map(|r| (r.at, r.name, r.reason)).collect()),
            Err(fault) => Err((fault.at, fault.reason)),
        }
    }

    #[test]
    fn short_names_become_the_tables_where_they_are_unique() {
        let converted = |at, name: &str| (at, name.to_owned(), CellReason::Converted);
        assert_eq!(
            names(["浙江", "宁波", "鄞州"]),
            Ok(vec![converted(0, "浙江省"), converted(1, "宁波市"), converted(2, "鄞州区")])
        );
        assert_eq!(names(["浙江省", "寧波市", ""]), Ok(vec![converted(1, "宁波市")]));
        assert_eq!(names(["广西", "", ""]), Ok(vec![converted(0, "广西壮族自治区")]));
        assert_eq!(names(["湖北", "恩施州", ""]).map(|r| r[1].1.clone()), Ok("恩施土家族苗族自治州".into()));
        assert_eq!(names(["吉林", "吉林", ""]), Ok(vec![converted(0, "吉林省"), converted(1, "吉林市")]));
        assert_eq!(names(["海南", "", "文昌"]), Ok(vec![converted(0, "海南省"), converted(2, "文昌市")]));
        assert_eq!(names(["河南", "济源", ""]), Ok(vec![converted(0, "河南省"), converted(1, "济源市")]));
        assert_eq!(
            names(["浙江省", "浙江省宁波市", "宁波市鄞州区"]),
            Ok(vec![converted(1, "宁波市"), converted(2, "鄞州区")])
        );
        assert_eq!(names(["浙江省", "宁波市", "余 姚\u{3000}市"]), Ok(vec![converted(2, "余姚市")]));
        assert_eq!(names(["浙江省", "宁波市", "北仑区"]), Ok(vec![]));
        assert_eq!(names(["北京市", "北京市", "朝阳区"]), Ok(vec![]));
        assert_eq!(names(["河南省", "", "济源市"]), Ok(vec![]));
    }

    #[test]
    fn a_place_that_is_nowhere_or_elsewhere_is_refused() {
        assert_eq!(names(["江浙省", "", ""]), Err((0, CellReason::UnknownDivision)));
        assert_eq!(names(["浙江省", "杭州市", "余姚市"]), Err((2, CellReason::NotInside)));
        assert_eq!(names(["Zhejiang", "Ningbo", ""]), Err((0, CellReason::UnknownDivision)));
        assert_eq!(names(["宁波市", "", ""]), Err((0, CellReason::UnknownDivision)));
        assert_eq!(read(["宁波市", "", ""]).expect_err("refused").nearest, ["浙江省"]);
        let fault = read(["江浙省", "", ""]).expect_err("refused");
        assert!(fault.nearest.iter().any(|name| name == "浙江省"), "{:?}", fault.nearest);
    }

    #[test]
    fn an_old_name_is_its_successor_and_never_another_citys() {
        let renamed = |at, name: &str| (at, name.to_owned(), CellReason::Renamed);
        assert_eq!(names(["重庆市", "", "江北区"]), Ok(vec![renamed(2, "两江新区")]));
        assert_eq!(names(["广西壮族自治区", "南宁市", "横县"]), Ok(vec![renamed(2, "横州市")]));
        assert_eq!(names(["浙江省", "宁波市", "江北区"]), Ok(vec![]));
        assert_eq!(names(["浙江省", "宁波市", "奉化市"]), Ok(vec![renamed(2, "奉化区")]));
        assert_eq!(names(["四川省", "成都市", "双流县"]), Ok(vec![renamed(2, "双流区")]));
        assert_eq!(names(["上海市", "", "闸北区"]), Ok(vec![renamed(2, "静安区")]));
        assert_eq!(names(["浙江省", "杭州市", "下城区"]), Ok(vec![renamed(2, "拱墅区")]));
        assert_eq!(names(["浙江省", "杭州市", "奉化市"]), Err((2, CellReason::UnknownDivision)));
    }
}

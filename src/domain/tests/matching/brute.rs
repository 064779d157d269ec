//! Advice by brute force: for every change that a near listing suggests, every near listing is tried.

use std::collections::BTreeMap;

use domain::listing::{Detail, Kind, Listing};
use domain::matching::TABLE;
use domain::region::{DivisionCode, divisions};
use domain::requirement::Word as _;

use crate::oracle::{Line, contains, under};

/// Advice by criterion and kind of unit: change → opens. Gaps are ten-thousandths.
pub(crate) type Advice = BTreeMap<String, Vec<(String, usize)>>;

/// What single changes open, by brute force over the near listings.
pub(crate) fn relaxations(near: &[(&Listing, Line)]) -> Advice {
    let mut keys: Vec<(String, bool)> = near.iter().map(|(listing, line)| key(listing, line)).collect();
    keys.sort();
    keys.dedup();
    let mut advice = Advice::new();
    for (name, by_gap) in keys {
        let same: Vec<&(&Listing, Line)> =
            near.iter().filter(|(listing, line)| key(listing, line) == (name.clone(), by_gap)).collect();
        let mut list: Vec<(String, usize)> = Vec::new();
        for (listing, line) in &same {
            let changes = line.gap.map_or_else(|| values(listing, line), |gap| vec![gap.to_string()]);
            for change in changes {
                if !list.iter().any(|(seen, _)| *seen == change) {
                    let opened = same.iter().filter(|(listing, line)| opens(listing, line, &change, by_gap)).count();
                    list.push((change, opened));
                }
            }
        }
        if by_gap {
            list.sort_by_key(|(gap, _)| gap.parse::<i128>().expect("a gap"));
        } else {
            list.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        }
        list.truncate(20);
        if !list.is_empty() {
            advice.insert(name, list);
        }
    }
    advice
}

/// Whether one change makes up for a shortfall: neither law nor the use of land has one, nor have several facilities.
pub(crate) fn can_be_accepted(line: &Line) -> bool {
    let row = TABLE.iter().find(|row| row.id == line.criterion).expect("a criterion");
    !row.legal && line.criterion != "plot_ratio" && (line.criterion != "facilities" || line.lacking.is_some())
}

/// A change: its criterion, its unit, and the gap or the value accepted.
type Change<'c> = (&'c str, Option<&'static str>, String);

/// Whether two changes, in the order of the table, make up for a listing's two shortfalls.
pub(crate) fn both(listing: &Listing, short: &[Line], changes: &[Change<'_>; 2]) -> bool {
    let one = |line: &Line, (criterion, unit, change): &Change<'_>| {
        let (name, by_gap) = key(listing, line);
        let asked =
            if *criterion == "price" { format!("price {}", unit.unwrap_or_default()) } else { (*criterion).to_owned() };
        name == asked && by_gap == unit.is_some() && opens(listing, line, change, by_gap)
    };
    let mut short: Vec<&Line> = short.iter().collect();
    short.sort_by_key(|line| TABLE.iter().position(|row| row.id == line.criterion));
    short.iter().zip(changes).all(|(line, change)| one(line, change))
}

/// What a listing is short on, without figures.
pub(crate) fn kinds(listing: &Listing, short: &[Line]) -> Vec<(String, bool)> {
    let mut kinds: Vec<_> = short.iter().map(|line| key(listing, line)).collect();
    kinds.sort();
    kinds
}

/// The name of a relaxation, and whether it goes by gaps.
fn key(listing: &Listing, line: &Line) -> (String, bool) {
    let name = match (line.criterion, listing.kind()) {
        ("price", Kind::Plot) => "price wan/mu",
        ("price", _) => "price yuan/m2/month",
        (other, _) => other,
    };
    (name.to_owned(), line.gap.is_some())
}

fn opens(listing: &Listing, line: &Line, value: &str, by_gap: bool) -> bool {
    if by_gap {
        return line.gap.is_some_and(|gap| gap <= value.parse::<i128>().expect("a gap"));
    }
    match line.criterion {
        "region" => listing.division.is_some_and(|own| under(own, DivisionCode::parse(value).expect("a division"))),
        "industry" => {
            let value = domain::industry::IndustryCode::parse(value).expect("an industry");
            industries_of(listing).iter().any(|&code| contains(value, code))
        }
        _ => values(listing, line).iter().any(|own| own == value),
    }
}

fn industries_of(listing: &Listing) -> &[domain::industry::IndustryCode] {
    match &listing.detail {
        Detail::Plot(plot) => &plot.industries,
        Detail::Space(space) => &space.industries,
        Detail::Park(_) => &[],
    }
}

/// The values of a listing that could be accepted.
pub(crate) fn values(listing: &Listing, line: &Line) -> Vec<String> {
    match line.criterion {
        "facilities" => line.lacking.iter().map(|code| (*code).to_owned()).collect(),
        "region" => {
            let own = listing.division.expect("a division");
            let mut at = Some(own);
            while let Some(row) = at.and_then(|code| divisions().get(code)) {
                if row.level == domain::region::DivisionLevel::Prefecture {
                    return vec![row.code.to_string()];
                }
                at = row.parent;
            }
            vec![own.to_string()]
        }
        "industry" => industries_of(listing).iter().map(|code| code.to_string().chars().take(2).collect()).collect(),
        "tenure" => match &listing.detail {
            Detail::Plot(plot) if plot.tenure.is_empty() => vec!["buy".to_owned()],
            Detail::Plot(plot) => plot.tenure.iter().map(|term| term.word().to_owned()).collect(),
            Detail::Space(space) if space.tenure.is_empty() => {
                // Short on terms with both would be met, so one of the two is what the space has.
                vec![if space.price_yuan_m2.is_some() { "buy" } else { "lease" }.to_owned()]
            }
            Detail::Space(space) => space.tenure.iter().map(|term| term.word().to_owned()).collect(),
            Detail::Park(_) => Vec::new(),
        },
        "level" => listing.level.iter().map(|level| level.word().to_owned()).collect(),
        _ => Vec::new(),
    }
}

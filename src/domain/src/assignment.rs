//! Assignment of new leads: a park's rules in their order, then the turn of its people; those who are absent are skipped.

use chrono::NaiveDate;

use crate::chain::{Chain, FirmTag};
use crate::region::{DivisionCode, divisions};
use crate::requirement::Requirement;

/// The conditions of a rule; one that is absent is met by every lead.
#[derive(Clone, Debug, Default)]
pub struct Conditions {
    /// Code of an industry chain that holds the requirement's industry.
    pub chain: Option<String>,
    /// Division that holds the firm's registered place or a place that it asks for.
    pub region: Option<DivisionCode>,
    /// Least investment in 10,000 yuan.
    pub least_wan: Option<i64>,
    /// Investment in 10,000 yuan from which it applies no more.
    pub most_wan: Option<i64>,
    /// Code of a tag that the firm's words name.
    pub tag: Option<String>,
}

/// A new lead, as rules see it.
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'a> {
    /// The need.
    pub requirement: &'a Requirement,
    /// The unified social credit code, whose digits 3 to 8 are the registered place.
    pub uscc: Option<&'a str>,
    /// Name and words of the firm.
    pub words: &'a str,
}

/// Digits of a credit code that hold the registered place.
const PLACE: std::ops::Range<usize> = 2..8;
/// 10,000 yuan in millionths, in which decimals count.
const MICRO: i64 = 1_000_000;

impl Arrival<'_> {
    /// Returns the investment in 10,000 yuan: in all, else the fixed part.
    fn investment(&self) -> Option<i64> {
        let amount = self.requirement.investment_wan.or(self.requirement.fixed_investment_wan)?;
        Some(amount.micro() / MICRO)
    }

    fn is_from(&self, region: DivisionCode) -> bool {
        let registered = self.uscc.and_then(|code| code.get(PLACE)).and_then(DivisionCode::understood);
        let wanted = self.requirement.regions.iter().copied();
        registered.into_iter().chain(wanted).any(|place| divisions().covers(region, place))
    }
}

impl Conditions {
    /// Whether a lead meets every condition. A condition on what the lead does not state is not met.
    #[must_use]
    pub fn hold(&self, lead: Arrival<'_>) -> bool {
        let is_in = |code: &String| {
            let chain = Chain::parse(code).zip(lead.requirement.industry);
            chain.is_some_and(|(chain, industry)| chain.holds(industry))
        };
        let is_tagged = |code: &String| FirmTag::parse(code).is_some_and(|tag| tag.is_named(lead.words));
        let is_least = |least: i64| lead.investment().is_some_and(|amount| amount >= least);
        let is_below = |most: i64| lead.investment().is_some_and(|amount| amount < most);
        self.chain.as_ref().is_none_or(is_in)
            && self.region.is_none_or(|region| lead.is_from(region))
            && self.least_wan.is_none_or(is_least)
            && self.most_wan.is_none_or(is_below)
            && self.tag.as_ref().is_none_or(is_tagged)
    }
}

/// Days on which a person gets no new leads, both ends included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AbsentDays {
    /// The account.
    pub account: String,
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub until: NaiveDate,
    /// The account that gets its leads meanwhile.
    pub deputy: Option<String>,
}

/// The people of a park who work its leads, and who of them is absent today.
#[derive(Clone, Copy, Debug)]
pub struct Team<'a> {
    /// Ids of accounts in the order of turns.
    pub people: &'a [String],
    /// All known absences.
    pub absences: &'a [AbsentDays],
    /// Today.
    pub today: NaiveDate,
}

impl Team<'_> {
    fn absence(&self, account: &str) -> Option<&AbsentDays> {
        let is_now = |it: &&AbsentDays| it.account == account && it.from <= self.today && self.today <= it.until;
        self.absences.iter().find(is_now)
    }

    fn works(&self, account: &str) -> bool {
        self.people.iter().any(|own| own == account)
    }

    /// Returns the account where it works today, else its deputy where that one does.
    #[must_use]
    pub fn present(&self, account: &str) -> Option<String> {
        let Some(absence) = self.absence(account) else {
            return self.works(account).then(|| account.to_owned());
        };
        let deputy = absence.deputy.as_deref()?;
        (self.works(deputy) && self.absence(deputy).is_none()).then(|| deputy.to_owned())
    }

    /// Returns the next person after `last` who is not absent.
    #[must_use]
    pub fn turn(&self, last: Option<&str>) -> Option<String> {
        let start = last.and_then(|last| self.people.iter().position(|own| own == last)).map_or(0, |at| at + 1);
        let order = self.people.iter().cycle().skip(start).take(self.people.len());
        order.into_iter().find(|account| self.absence(account).is_none()).cloned()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{AbsentDays, Arrival, Conditions, Team};
    use crate::region::DivisionCode;
    use crate::requirement::Requirement;
    use crate::time::parse_day;

    fn holds(conditions: &Conditions, need: &serde_json::Value, uscc: Option<&str>, words: &str) -> bool {
        let requirement = Requirement::from_json(need).expect("a requirement");
        conditions.hold(Arrival { requirement: &requirement, uscc, words })
    }

    #[test]
    fn a_rule_holds_where_each_of_its_conditions_does() {
        let region = DivisionCode::parse("330200");
        let all = Conditions {
            chain: Some("vehicles".into()),
            region,
            least_wan: Some(10_000),
            most_wan: Some(50_000),
            tag: Some("leader".into()),
        };
        let need = json!({ "industry": "3670", "investment_wan": 12000, "regions": ["330212"] });
        assert!(holds(&all, &need, None, "我们是链主"));
        assert!(!holds(&all, &need, None, "找地"), "no tag");
        for other in [
            json!({ "industry": "3841", "investment_wan": 12000, "regions": ["330212"] }),
            json!({ "industry": "3670", "investment_wan": 9999, "regions": ["330212"] }),
            json!({ "industry": "3670", "investment_wan": 50000, "regions": ["330212"] }),
            json!({ "industry": "3670", "investment_wan": 12000, "regions": ["330100"] }),
            json!({ "industry": "3670", "regions": ["330212"] }),
        ] {
            assert!(!holds(&all, &other, None, "我们是链主"), "{other}");
        }
        assert!(holds(&Conditions::default(), &json!({}), None, ""));
    }

    #[test]
    fn a_firm_is_from_where_it_is_registered() {
        let zhejiang = Conditions { region: DivisionCode::parse("330000"), ..Conditions::default() };
        assert!(holds(&zhejiang, &json!({}), Some("91330200MA2XXXXX0X"), ""));
        assert!(!holds(&zhejiang, &json!({}), Some("91350100M000100Y43"), ""));
        assert!(
            !holds(&zhejiang, &json!({}), Some("9"), "") && !holds(&zhejiang, &json!({}), Some("企业企业企业"), "")
        );
    }

    #[test]
    fn turns_go_round_and_absent_people_are_skipped() {
        let day = |text: &str| parse_day(text).expect("a day");
        let people: Vec<String> = ["a", "b", "c"].map(str::to_owned).to_vec();
        let absences = [AbsentDays {
            account: "b".into(),
            from: day("2026-12-01"),
            until: day("2026-12-03"),
            deputy: Some("c".into()),
        }];
        let team = |today: &str| Team { people: &people, absences: &absences, today: day(today) };
        assert_eq!(team("2026-12-04").turn(Some("a")).as_deref(), Some("b"));
        assert_eq!(team("2026-12-03").turn(Some("a")).as_deref(), Some("c"));
        assert_eq!(team("2026-12-03").turn(Some("c")).as_deref(), Some("a"));
        assert_eq!(team("2026-12-03").turn(Some("gone")).as_deref(), Some("a"), "one who left");
        assert_eq!(team("2026-12-03").present("b").as_deref(), Some("c"), "the deputy");
        assert_eq!(team("2026-12-04").present("b").as_deref(), Some("b"));
        assert_eq!(team("2026-12-04").present("gone"), None);
        let nobody = Team { people: &[], absences: &[], today: day("2026-12-04") };
        assert_eq!(nobody.turn(None), None);
    }
}

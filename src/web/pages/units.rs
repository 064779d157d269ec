//! Units that a reader chose, by the address or else by a cookie, as the language; and the switch between them.

use axum_extra::extract::CookieJar;
use domain::listing::Kind;
use serde::Serialize;

use super::context::{Page, parameter};
use crate::i18n::{LandUnit, Locale, Notation, RentPeriod, UnitChoice, Units, tell, unit_label};
use crate::web::view::address;

/// Name of the parameter that chooses units.
pub(super) const PARAMETER: &str = "units";
pub(super) const COOKIE: &str = "luodi_units";

/// One choice of the switch.
#[derive(Serialize)]
pub(super) struct UnitOption {
    label: String,
    url: String,
    current: bool,
}

/// Returns the units named by a query.
pub(super) fn asked(query: &str) -> Option<&str> {
    parameter(query, PARAMETER)
}

/// Returns the units of the cookie.
pub(super) fn remembered(cookies: &CookieJar) -> Units {
    cookies.get(COOKIE).map_or_else(Units::default, |cookie| Units::default().with(cookie.value()))
}

impl Page {
    /// Locale and units of the page.
    #[must_use]
    pub fn notation(&self) -> Notation {
        Notation { locale: self.locale, units: self.units }
    }

    /// Names of the units for an address that others open too; none for the usual ones.
    pub(super) fn units_asked(&self) -> Option<String> {
        (self.units != Units::default()).then(|| self.units.names())
    }

    /// Returns the switch of the units that listings of some kinds are measured in.
    pub(super) fn unit_switch(&self, kinds: impl IntoIterator<Item = Kind>) -> Vec<UnitOption> {
        let kinds: Vec<Kind> = kinds.into_iter().collect();
        let has_rent = kinds.contains(&Kind::Space);
        let land: &[LandUnit] = match (kinds.iter().any(|kind| *kind != Kind::Space), self.locale) {
            (false, _) => &[],
            (true, Locale::ZhHans) => &[LandUnit::Usual, LandUnit::Ha, LandUnit::M2],
            (true, Locale::En) => &[LandUnit::Usual, LandUnit::Ha, LandUnit::M2, LandUnit::Mu],
        };
        let rent: &[RentPeriod] = if has_rent { &[RentPeriod::Month, RentPeriod::Day] } else { &[] };
        let here = self.info().here;
        let land = land.iter().map(|&land| UnitChoice::Land(land));
        land.chain(rent.iter().map(|&rent| UnitChoice::Rent(rent)))
            .map(|choice| self.unit_option(&here, choice))
            .collect()
    }

    fn unit_option(&self, here: &str, choice: UnitChoice) -> UnitOption {
        let label = |unit| unit_label(self.locale, unit);
        let label = match choice {
            UnitChoice::Land(LandUnit::Usual) => tell(self.locale, "units.usual"),
            UnitChoice::Land(LandUnit::Mu) => label("mu"),
            UnitChoice::Land(LandUnit::Ha) => label("ha"),
            UnitChoice::Land(LandUnit::M2) => label("m2"),
            UnitChoice::Rent(RentPeriod::Month) => label("yuan/m2/month"),
            UnitChoice::Rent(RentPeriod::Day) => label("yuan/m2/day"),
        };
        // The usual unit of Chinese is the mu.
        let is_same = self.locale == Locale::ZhHans
            && choice == UnitChoice::Land(LandUnit::Usual)
            && self.units.land == LandUnit::Mu;
        let url = address(here, [(PARAMETER, choice.name())].into_iter());
        UnitOption { label, url, current: is_same || self.units.has(choice) }
    }
}

//! Places asked for in a requirement, and how far listings are from them.

use domain::geo::{Point, distance_km};
use domain::region::{DivisionCode, divisions};
use domain::requirement::Requirement;

use crate::i18n::{Locale, division_alone, tell};

/// Places asked for in a requirement; blank where there are none.
#[derive(Clone, Debug, Default)]
pub struct AskedPlaces {
    /// The point from which distances are measured.
    pub centre: Option<Point>,
    /// The divisions asked for; empty where a circle is asked for.
    pub divisions: Vec<DivisionCode>,
    /// Seats inside the divisions.
    seats: Vec<Point>,
}

impl AskedPlaces {
    /// Reads the circle of a requirement, else its divisions; the centre is then the first seat among them.
    #[must_use]
    pub fn of(requirement: &Requirement) -> Self {
        if let Some(near) = requirement.near {
            let centre = Point { lng: near.lng.to_f64(), lat: near.lat.to_f64() };
            return Self { centre: Some(centre), ..Self::default() };
        }
        let asked = requirement.regions.clone();
        let inside = |code: DivisionCode| asked.iter().any(|&outer| divisions().covers(outer, code));
        let rows = divisions().all().iter().filter(|row| !asked.is_empty() && inside(row.code));
        let seats: Vec<Point> = rows.filter_map(|row| row.seat).collect();
        let first = asked.first().and_then(|&code| divisions().get(code)?.seat);
        Self { centre: first.or_else(|| seats.first().copied()), divisions: asked, seats }
    }

    /// Returns the distance of a listing in km: from the circle's centre, else 0 within a division asked for, else between
    /// the nearest seats. `None` where a place is unknown.
    #[must_use]
    pub fn km(&self, point: Option<Point>, division: Option<DivisionCode>) -> Option<f64> {
        let seat = || division.and_then(|code| divisions().get(code)?.seat);
        if self.divisions.is_empty() {
            return Some(distance_km(self.centre?, point.or_else(seat)?));
        }
        if division.is_some_and(|own| self.divisions.iter().any(|&outer| divisions().covers(outer, own))) {
            return Some(0.0);
        }
        let from = seat()?;
        self.seats.iter().map(|&to| distance_km(from, to)).reduce(f64::min)
    }

    /// Returns the name of the centre.
    #[must_use]
    pub fn name(&self, locale: Locale) -> String {
        self.divisions.first().map_or_else(|| tell(locale, "map.your_point"), |&code| division_alone(locale, code))
    }
}

#[cfg(test)]
mod tests {
    use domain::region::DivisionCode;
    use domain::requirement::Requirement;
    use serde_json::json;

    use super::AskedPlaces;

    fn asked(json: &serde_json::Value) -> AskedPlaces {
        AskedPlaces::of(&Requirement::from_json(json).expect("valid"))
    }

    #[test]
    fn a_listing_inside_a_division_is_at_no_distance_and_others_rise_with_theirs() {
        let ningbo = asked(&json!({ "regions": ["330200"] }));
        let km = |code: &str| ningbo.km(None, DivisionCode::parse(code)).expect("a distance");
        assert_eq!(km("330206"), 0.0);
        assert!(km("330600") > 20.0 && km("330600") < km("320500") && km("320500") < km("650100"));
        assert_eq!(asked(&json!({})).km(None, DivisionCode::parse("330206")), None);
        let circle = asked(&json!({ "near": { "lng": 121.5, "lat": 29.8, "max_km": 50 } }));
        assert!(circle.km(None, DivisionCode::parse("330200")).expect("a seat") < 20.0);
    }
}

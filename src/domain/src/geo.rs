//! Points on the earth and the distance between them.

/// A point in degrees, taken as given (the datum is the source's: WGS-84 or GCJ-02, up to about 600 m apart).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Degrees east.
    pub lng: f64,
    /// Degrees north.
    pub lat: f64,
}

/// Mean radius of the earth in km (IUGG R1).
pub const EARTH_RADIUS_KM: f64 = 6371.0088;

/// Great-circle distance in km on a sphere of [`EARTH_RADIUS_KM`] (haversine).
#[must_use]
pub fn distance_km(a: Point, b: Point) -> f64 {
    let (lat_a, lat_b) = (a.lat.to_radians(), b.lat.to_radians());
    let half = |degrees: f64| (degrees.to_radians() / 2.0).sin().powi(2);
    let h = half(b.lat - a.lat) + lat_a.cos() * lat_b.cos() * half(b.lng - a.lng);
    2.0 * EARTH_RADIUS_KM * h.sqrt().min(1.0).asin()
}

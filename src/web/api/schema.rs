//! Shapes for the OpenAPI document where the handlers read or write JSON that the domain defines (contract §4 to §6).

use utoipa::ToSchema;

/// A range with one or two ends, both inclusive.
#[derive(ToSchema)]
#[expect(dead_code, reason = "described, never built")]
pub(super) struct Range {
    min: Option<f64>,
    max: Option<f64>,
}

/// A place to be near to.
#[derive(ToSchema)]
#[expect(dead_code, reason = "described, never built")]
pub(super) struct Near {
    lng: f64,
    lat: f64,
    max_km: f64,
}

/// What an enterprise needs; every field may be left out, numbers have at most four places.
#[derive(ToSchema)]
#[schema(as = Requirement)]
#[expect(dead_code, reason = "described, never built")]
pub(super) struct RequirementShape {
    /// plot, space, park
    kinds: Option<Vec<String>>,
    /// production, research, warehouse, office or incubation
    r#use: Option<String>,
    /// GB/T 4754-2017 code of any level
    industry: Option<String>,
    land_mu: Option<Range>,
    floor_m2: Option<Range>,
    tax_wan: Option<f64>,
    fixed_investment_wan: Option<f64>,
    investment_wan: Option<f64>,
    output_wan: Option<f64>,
    value_added_wan: Option<f64>,
    rd_percent: Option<f64>,
    energy_tce: Option<f64>,
    emission_t: Option<f64>,
    plot_ratio: Option<f64>,
    /// buy or lease
    tenure: Option<String>,
    price_wan_per_mu_max: Option<f64>,
    rent_yuan_m2_month_max: Option<f64>,
    power_kva: Option<f64>,
    ceiling_height_m: Option<f64>,
    floor_load_t_m2: Option<f64>,
    /// GB/T 2260 codes; a code covers everything below it
    regions: Option<Vec<String>>,
    near: Option<Near>,
    park_levels: Option<Vec<String>>,
    /// The last day, `2027-03-01`
    available_by: Option<String>,
    budget_wan: Option<f64>,
    workstations: Option<f64>,
    headcount: Option<f64>,
    exclude_regions: Option<Vec<String>>,
    chemical: Option<bool>,
    /// Criteria that never exclude
    prefer: Option<Vec<String>>,
}

/// A text to be read.
#[derive(ToSchema)]
#[expect(dead_code, reason = "described, never built")]
pub(super) struct ReadIn {
    text: String,
    /// The day that relative dates are anchored to; today where absent
    now: Option<String>,
}

/// The notice that was read.
#[derive(ToSchema)]
#[expect(dead_code, reason = "described, never built")]
pub(super) struct Consent {
    notice_version: String,
}

/// A requirement with its owner.
#[derive(ToSchema)]
#[expect(dead_code, reason = "described, never built")]
pub(super) struct RequirementIn {
    requirement: RequirementShape,
    company: String,
    contact: String,
    phone: String,
    email: String,
    text: Option<String>,
    /// Unified social credit code
    uscc: Option<String>,
    consent: Consent,
}

/// The notice that was read and the parks consented to.
#[derive(ToSchema)]
#[expect(dead_code, reason = "described, never built")]
pub(super) struct ParkConsent {
    notice_version: String,
    parks: Vec<String>,
}

/// The listings asked for.
#[derive(ToSchema)]
#[expect(dead_code, reason = "described, never built")]
pub(super) struct InquiriesIn {
    listings: Vec<String>,
    consent: ParkConsent,
}

/// One wrong field.
#[derive(ToSchema)]
#[expect(dead_code, reason = "described, never built")]
pub(super) struct FieldProblem {
    field: String,
    code: String,
    message: String,
}

/// An error (RFC 9457).
#[derive(ToSchema)]
#[schema(as = Problem)]
#[expect(dead_code, reason = "described, never built")]
pub(super) struct ProblemShape {
    r#type: String,
    title: String,
    status: u16,
    code: String,
    detail: String,
    request_id: String,
    errors: Option<Vec<FieldProblem>>,
}

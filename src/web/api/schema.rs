//! Shapes of the OpenAPI document for JSON that the domain defines (contract §4 to §6).

use std::borrow::Cow;

use domain::decimal::Decimal;
use domain::requirement::REQUIREMENT;
use domain::shape::{LONGEST_LIST, NEAR, Shape};
use serde_json::{Value, json};
use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ArrayBuilder, Object, ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::{RefOr, Required, schema};
use utoipa::{PartialSchema, ToSchema};

/// The schema of a requirement, made from the table of fields.
pub(super) struct RequirementShape;

impl PartialSchema for RequirementShape {
    fn schema() -> RefOr<Schema> {
        let mut object = ObjectBuilder::new().schema_type(Type::Object).description(Some(
            "The requirement of an enterprise; every field may be left out, numbers have at most four places.",
        ));
        object =
            object.examples([json!({ "kinds": ["plot"], "industry": "3670", "land_mu": { "min": 30, "max": 50 } })]);
        for field in REQUIREMENT {
            object = object.property(field.name, of_shape(field.shape, field.about.trim()));
        }
        Schema::Object(object.build()).into()
    }
}

impl ToSchema for RequirementShape {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Requirement")
    }
}

/// Returns a type that accepts `null` besides: `null` equals absent.
fn or_null(it: Type) -> SchemaType {
    [it, Type::Null].into_iter().collect()
}

fn of_type(it: Type) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(or_null(it))
}

fn number(least: i64, most: f64) -> Object {
    ObjectBuilder::new().schema_type(Type::Number).minimum(Some(least)).maximum(Some(most)).build()
}

/// An end of a range, which may be open.
fn end(most: f64) -> Object {
    ObjectBuilder::new().schema_type(or_null(Type::Number)).minimum(Some(0)).maximum(Some(most)).build()
}

fn float(number: Decimal) -> f64 {
    number.to_string().parse().unwrap_or(f64::MAX)
}

fn words(words: Vec<&'static str>) -> impl Iterator<Item = Value> {
    words.into_iter().map(Value::from)
}

fn list(item: Object, about: &str) -> Schema {
    let list = ArrayBuilder::new().schema_type(or_null(Type::Array)).items(item).max_items(Some(LONGEST_LIST));
    Schema::Array(list.description(Some(about)).build())
}

fn text() -> Object {
    Object::with_type(Type::String)
}

/// The schema of one field.
fn of_shape(shape: Shape, about: &str) -> Schema {
    let most = float(shape.most());
    let object = match shape {
        Shape::Amount { .. } => of_type(Type::Number).minimum(Some(0)).maximum(Some(most)),
        Shape::Range { .. } => of_type(Type::Object).property("min", end(most)).property("max", end(most)),
        Shape::Near => {
            let part = |near: ObjectBuilder, (name, least, most)| {
                near.property(name, number(least, float(Decimal::from_int(most)))).required(name)
            };
            NEAR.into_iter().fold(of_type(Type::Object), part)
        }
        Shape::Word(vocabulary) => {
            of_type(Type::String).enum_values(Some(words(vocabulary.words()).chain([Value::Null])))
        }
        Shape::Words(vocabulary) => {
            let item = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words(vocabulary.words())));
            return list(item.build(), about);
        }
        Shape::Wishes { vocabulary, refuses } => {
            let wishes = vocabulary.words().into_iter().filter(|word| !refuses(word)).collect();
            let item = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words(wishes)));
            return list(item.build(), about);
        }
        Shape::Divisions => return list(text(), about),
        Shape::Industry => of_type(Type::String),
        Shape::Day => of_type(Type::String).format(Some(schema::SchemaFormat::KnownFormat(schema::KnownFormat::Date))),
        Shape::Flag => of_type(Type::Boolean),
        Shape::Text { longest } => of_type(Type::String).max_length(Some(longest)),
    };
    Schema::Object(object.description(Some(about)).build())
}

/// A text to be read.
#[derive(ToSchema)]
#[schema(example = json!({ "text": "我们做汽车零部件,在宁波找40亩左右工业地", "now": "2026-11-30" }))]
#[expect(dead_code, reason = "described, never built")]
pub(super) struct ReadIn {
    #[schema(max_length = 20000)]
    text: String,
    /// The day that relative dates are anchored to; today where absent
    #[schema(format = Date)]
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
#[schema(example = json!({ "requirement": { "kinds": ["plot"], "land_mu": { "min": 30, "max": 50 } },
    "company": "示例零部件有限公司", "contact": "王工", "phone": "138 0013 8000", "email": "buyer@example.com",
    "consent": { "notice_version": crate::service::notice::VERSION } }))]
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
#[schema(example = json!({ "listings": ["P1"], "consent": { "notice_version": crate::service::notice::VERSION, "parks": ["T1"] } }))]
#[expect(dead_code, reason = "described, never built")]
pub(super) struct InquiriesIn {
    listings: Vec<String>,
    consent: ParkConsent,
    /// Lets the operator ask parks without an inbox
    via_operator: Option<bool>,
}

/// Returns a response with a problem.
pub(super) fn refusal() -> utoipa::openapi::Response {
    use utoipa::openapi::{Content, Ref, ResponseBuilder};
    let problem = Content::new(Some(Ref::from_schema_name("Problem")));
    ResponseBuilder::new().content("application/problem+json", problem).build()
}

/// Headers of responses: the statuses that have them (all where none is named), name, and meaning.
const HEADERS: [(&[&str], &str, &str); 6] = [
    (&[], "RateLimit-Policy", "`\"key\";q=600;w=60`: calls per window of seconds; `network` without a key"),
    (&[], "RateLimit", "`\"key\";r=599;t=1`: calls left, and seconds until the whole limit is there again"),
    (&["429", "503"], "Retry-After", "Seconds until the next try"),
    (&["201"], "Location", "Where the thing made is read"),
    (&["200", "201", "204"], "Idempotency-Replayed", "`true` where the call had been answered before"),
    (&["200", "304"], "ETag", "Tag of this answer, for If-None-Match"),
];

/// Returns the headers of a response.
pub(super) fn headers(status: &str, is_get: bool) -> Vec<(&'static str, Header)> {
    let has = |(of, name, _): &&(&[&str], &str, &str)| {
        let is_of_method = match *name {
            "ETag" => is_get,
            "Idempotency-Replayed" => !is_get,
            _ => true,
        };
        is_of_method && (of.is_empty() || of.contains(&status))
    };
    let described =
        |text: &str| HeaderBuilder::new().schema(Some(Object::with_type(Type::String))).description(Some(text)).build();
    HEADERS.iter().filter(has).map(|(_, name, text)| (*name, described(text))).collect()
}

/// The response of a GET whose answer the client has already.
pub(super) fn not_modified() -> utoipa::openapi::Response {
    utoipa::openapi::Response::new("The client has this answer already; no body")
}

/// The parameter `If-None-Match` of a GET.
pub(super) fn if_none_match() -> RefOr<Parameter> {
    let tag = ParameterBuilder::new().name("If-None-Match").parameter_in(ParameterIn::Header);
    let tag = tag.description(Some("`ETag` of an answer that the client has")).required(Required::False);
    tag.schema(Some(Object::with_type(Type::String))).build().into()
}

/// Adds the scheme of API keys to the document.
pub(super) struct BearerKey;

impl utoipa::Modify for BearerKey {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
        let key = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("`luodi key add`")).build();
        document.components.get_or_insert_default().add_security_scheme("key", SecurityScheme::Http(key));
    }
}

/// A listing of a lead.
#[derive(ToSchema)]
#[expect(dead_code, reason = "described, never built")]
pub(super) struct LeadListing {
    id: String,
    kind: String,
    name: String,
    status: Option<String>,
    /// Absent in `listing`
    number: Option<String>,
    /// State of its inquiry; absent in `listing`
    state: Option<String>,
}

/// A lead as a key sees it.
#[derive(ToSchema)]
#[schema(as = Lead)]
#[expect(dead_code, reason = "described, never built")]
pub(super) struct LeadShape {
    id: String,
    number: String,
    version: i64,
    park: String,
    park_name: String,
    listing: LeadListing,
    listings: Vec<LeadListing>,
    company: Option<String>,
    /// The requirement in one line
    need: String,
    stage: String,
    next_stages: Vec<String>,
    owner: Option<String>,
    due_on: Option<String>,
    is_overdue: bool,
    answered_at: Option<String>,
    source: String,
    /// oral, written or public; of typed-in leads
    consent_basis: Option<String>,
    /// ours or enterprise
    last_word: Option<String>,
    created_at: String,
    updated_at: String,
    /// open, closed or withdrawn
    state: String,
}

/// Masked contact data.
#[derive(ToSchema)]
#[expect(dead_code, reason = "described, never built")]
pub(super) struct MaskedContact {
    contact: String,
    phone: String,
    email: String,
}

/// Another lead that may be of the same enterprise.
#[derive(ToSchema)]
#[expect(dead_code, reason = "described, never built")]
pub(super) struct DuplicateLead {
    number: String,
    park: String,
    because: Vec<String>,
    /// Absent for a lead outside the key's scope
    id: Option<String>,
}

/// An entry of a lead's history.
#[derive(ToSchema)]
#[expect(dead_code, reason = "described, never built")]
pub(super) struct TimelineEntry {
    at: String,
    kind: String,
    #[schema(required)]
    by: Option<String>,
    text: String,
}

/// A lead in full: what a list has of it, its requirement, its matches in the park, others near, and its history.
#[derive(ToSchema)]
#[schema(as = LeadDetail)]
#[expect(dead_code, reason = "described, never built")]
pub(super) struct LeadDetailShape {
    id: String,
    number: String,
    version: i64,
    park: String,
    park_name: String,
    listing: LeadListing,
    listings: Vec<LeadListing>,
    #[schema(required)]
    company: Option<String>,
    /// The requirement in one line
    need: String,
    stage: String,
    next_stages: Vec<String>,
    #[schema(required)]
    owner: Option<String>,
    #[schema(required)]
    due_on: Option<String>,
    is_overdue: bool,
    #[schema(required)]
    answered_at: Option<String>,
    source: String,
    #[schema(required)]
    consent_basis: Option<String>,
    #[schema(required)]
    last_word: Option<String>,
    created_at: String,
    updated_at: String,
    /// open, closed or withdrawn
    state: String,
    requirement: RequirementShape,
    #[schema(required)]
    text: Option<String>,
    #[schema(required)]
    contact: Option<MaskedContact>,
    matches: Vec<super::answers::MatchShape>,
    alternatives: Vec<super::answers::MatchShape>,
    duplicates: Vec<DuplicateLead>,
    timeline: Vec<TimelineEntry>,
}

/// The basis on which the contact data of a typed-in lead are processed.
#[derive(ToSchema)]
#[expect(dead_code, reason = "described, never built")]
pub(super) struct BasisIn {
    /// oral, written or public
    basis: String,
    note: Option<String>,
}

/// A lead that staff type in.
#[derive(ToSchema)]
#[schema(as = TypedIn, example = json!({ "park": "T1", "company": "示例水泵有限公司", "requirement": { "kinds": ["plot"] }, "source": "fair",
    "consent": { "basis": "oral", "note": "展会交换名片" } }))]
#[expect(dead_code, reason = "described, never built")]
pub(super) struct TypedInShape {
    park: String,
    listing: Option<String>,
    company: String,
    contact: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    requirement: RequirementShape,
    text: Option<String>,
    /// call_in, wechat, fair, referral, visit or other
    source: String,
    /// The person or firm that referred the enterprise
    referrer: Option<String>,
    consent: BasisIn,
}

/// A note.
#[derive(ToSchema)]
#[schema(as = NoteIn, example = json!({ "kind": "phone", "text": "已联系,约定下周看地" }))]
#[expect(dead_code, reason = "described, never built")]
pub(super) struct NoteShape {
    /// phone, wechat, visit, call_in, meeting or other
    kind: String,
    text: String,
    next_on: Option<String>,
}

/// Facts of a signature.
#[derive(ToSchema)]
#[expect(dead_code, reason = "described, never built")]
pub(super) struct FactsIn {
    amount_wan: Option<f64>,
    signed_on: Option<String>,
}

/// A move.
#[derive(ToSchema)]
#[schema(example = json!({ "to": "assessed", "version": 1 }))]
#[expect(dead_code, reason = "described, never built")]
pub(super) struct StageIn {
    /// One of `next_stages`
    to: String,
    version: i64,
    reason: Option<String>,
    /// Needed by `shelved`
    next_on: Option<String>,
    facts: Option<FactsIn>,
}

/// An owner.
#[derive(ToSchema)]
#[schema(example = json!({ "owner": "officer@example.com" }))]
#[expect(dead_code, reason = "described, never built")]
pub(super) struct OwnerIn {
    owner: Option<String>,
}

/// An answer to the enterprise.
#[derive(ToSchema)]
#[schema(example = json!({ "text": "地块可供,欢迎来访。" }))]
#[expect(dead_code, reason = "described, never built")]
pub(super) struct ReplyIn {
    text: String,
    /// Mail address of the manager who lets promises in the text pass.
    reviewer: Option<String>,
    /// Why they are lawful.
    review_reason: Option<String>,
}

/// A proposal to hand a lead over.
#[derive(ToSchema)]
#[schema(example = json!({ "park": "T2", "reason": "我园区无合适地块" }))]
#[expect(dead_code, reason = "described, never built")]
pub(super) struct HandoverIn {
    park: String,
    listing: Option<String>,
    reason: String,
}

/// The receiving park's word.
#[derive(ToSchema)]
#[schema(example = json!({ "accept": true }))]
#[expect(dead_code, reason = "described, never built")]
pub(super) struct AnswerIn {
    accept: bool,
}

/// The action on a task.
#[derive(ToSchema)]
#[schema(example = json!({ "action": "done" }))]
#[expect(dead_code, reason = "described, never built")]
pub(super) struct TaskIn {
    /// done; of a suspected requirement clear or reject
    action: Option<String>,
}

/// A soft hold to be made.
#[derive(ToSchema)]
#[schema(example = json!({ "resource": "area", "amount": 20, "unit": "mu", "until": "2026-12-31" }))]
#[expect(dead_code, reason = "described, never built")]
pub(super) struct HoldIn {
    /// area, floor, power or energy
    resource: String,
    /// A decimal with at most four places
    amount: f64,
    /// The resource's own where absent; land is in `mu` or `m2`
    unit: Option<String>,
    /// The last day
    until: String,
    note: Option<String>,
}

/// A soft hold.
#[derive(ToSchema)]
#[schema(as = Hold)]
#[expect(dead_code, reason = "described, never built")]
pub(super) struct HoldShape {
    id: String,
    /// `id`, `kind`
    listing: Value,
    resource: String,
    amount: f64,
    unit: String,
    /// The last day
    until: String,
    note: String,
    /// Address of the account that made it
    by: Option<String>,
    made_at: String,
}

/// A corrected requirement.
#[derive(ToSchema)]
#[schema(example = json!({ "requirement": { "kinds": ["plot"], "land_mu": { "min": 20, "max": 40 } } }))]
#[expect(dead_code, reason = "described, never built")]
pub(super) struct CorrectionIn {
    requirement: RequirementShape,
    text: Option<String>,
}

/// A message to a park.
#[derive(ToSchema)]
#[schema(example = json!({ "text": "请问有现成厂房吗" }))]
#[expect(dead_code, reason = "described, never built")]
pub(super) struct MessageIn {
    text: String,
}

/// The enterprise's word on a hand-over.
#[derive(ToSchema)]
#[schema(example = json!({ "accept": true, "consent": { "notice_version": crate::service::notice::VERSION } }))]
#[expect(dead_code, reason = "described, never built")]
pub(super) struct ConsentIn {
    accept: bool,
    consent: Option<Consent>,
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
    /// Where `version` is old: the lead as it is now
    current: Option<Value>,
}

/// A webhook to be made.
#[derive(ToSchema)]
#[schema(example = json!({ "park": "T1", "address": "https://crm.example.com/luodi", "events": ["lead.created"] }))]
#[expect(dead_code, reason = "described, never built")]
pub(super) struct WebhookIn {
    /// Code of the park; absent for all parks, which admins alone may ask for
    park: Option<String>,
    /// An `https` address
    address: String,
    /// json, wecom, dingtalk or feishu; json where absent
    format: Option<String>,
    /// lead.created, lead.stage_changed, inquiry.answered
    events: Vec<String>,
    /// The secret with which a robot of dingtalk or feishu checks its messages
    secret: Option<String>,
}

/// The secret that a robot's vendor gave.
#[derive(ToSchema)]
#[schema(example = json!({}))]
#[expect(dead_code, reason = "described, never built")]
pub(super) struct SecretIn {
    secret: Option<String>,
}

/// The event to be queued again.
#[derive(ToSchema)]
#[schema(example = json!({}))]
#[expect(dead_code, reason = "described, never built")]
pub(super) struct ReplayIn {
    /// All that are held where absent
    event_id: Option<String>,
}

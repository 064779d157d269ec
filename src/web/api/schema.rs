//! Shapes of the OpenAPI document for JSON that the domain defines (contract §4 to §6).

use std::borrow::Cow;

use domain::decimal::Decimal;
use domain::requirement::REQUIREMENT;
use domain::shape::{LONGEST_LIST, NEAR, Shape};
use serde_json::Value;
use utoipa::openapi::schema::{ArrayBuilder, Object, ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::{RefOr, schema};
use utoipa::{PartialSchema, ToSchema};

/// The schema of a requirement, made from the table of fields.
pub(super) struct RequirementShape;

impl PartialSchema for RequirementShape {
    fn schema() -> RefOr<Schema> {
        let mut object = ObjectBuilder::new().schema_type(Type::Object).description(Some(
            "The requirement of an enterprise; every field may be left out, numbers have at most four places.",
        ));
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
        Shape::Range { .. } => of_type(Type::Object).property("min", number(0, most)).property("max", number(0, most)),
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

//! Completes the OpenAPI document by rules: each call has its group, each parameter its bounds, each status that the structure of
//! a call makes possible its description, each answer the links that lead on from it.

use serde_json::Value;
use utoipa::openapi::link::LinkBuilder;
use utoipa::openapi::path::{Operation, Parameter, ParameterIn};
use utoipa::openapi::schema::{AdditionalProperties, Object, ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::server::Server;
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{OpenApi, RefOr};

use super::schema;
use crate::search::{LAST_PAGE, LONGEST_PAGE};
use crate::service::matching::MOST;

/// Groups of calls by the first folder behind the version, with their meaning.
const GROUPS: [(&str, &[&str], &str); 4] = [
    (
        "requirements",
        &["notice", "read", "matches", "requirements"],
        "Calls of an enterprise: no key, a reference is the right",
    ),
    ("listings", &["listings", "search", "ranking"], "What is published"),
    ("leads", &["leads", "tasks", "reports"], "Work of investment staff, under a key"),
    ("webhooks", &["webhooks"], "Events pushed to programs of staff, under a key"),
];

/// Statuses with their reason, for calls that describe none of their own.
const REASONS: [(&str, &str); 14] = [
    ("400", "Not to be parsed, a name that occurs twice, or no usable idempotency key"),
    ("401", "No key, or one that has ended"),
    ("403", "The key's role may not do this, or a page of another site calls"),
    ("404", "There is no such thing, or not in the key's scope"),
    ("408", "The body did not arrive within 15 s"),
    ("409", "It has changed meanwhile, or a call with the same idempotency key is in progress"),
    ("410", "Erased or withdrawn"),
    ("413", "Larger than 256 KiB"),
    ("415", "The body is not `application/json`"),
    ("422", "A field is wrong; `errors` names each. Or the idempotency key was used with another body"),
    ("429", "Too many calls; see Retry-After"),
    ("500", "A fault of the service; the log has it under `request_id`"),
    ("503", "The database or the service is busy; see Retry-After"),
    ("200", "Done"),
];

/// Links: the call whose answer leads on, its status, the calls that follow, and their parameters.
type CallLink = (&'static str, &'static str, &'static [&'static str], &'static [(&'static str, &'static str)]);
const LINKS: [CallLink; 11] = [
    (
        "create_requirement",
        "201",
        &[
            "show_requirement",
            "list_requirement_matches",
            "create_inquiries",
            "correct_requirement",
            "export_requirement",
            "delete_requirement",
        ],
        &[("reference", "$response.body#/reference")],
    ),
    (
        "create_inquiries",
        "201",
        &["create_message", "delete_inquiry"],
        &[("reference", "$request.path.reference"), ("number", "$response.body#/inquiries/0/number")],
    ),
    ("list_listings", "200", &["show_listing", "list_holds", "create_hold"], &[("id", "$response.body#/items/0/id")]),
    ("search_listings", "200", &["show_listing"], &[("id", "$response.body#/hits/0/id")]),
    ("list_leads", "200", LEAD_CALLS, &[("id", "$response.body#/items/0/id")]),
    ("create_lead", "201", LEAD_CALLS, &[("id", "$response.body#/id")]),
    ("list_tasks", "200", &["finish_task"], &[("id", "$response.body#/items/0/id")]),
    ("create_hold", "201", &["delete_hold"], &[("id", "$request.path.id"), ("hold", "$response.body#/id")]),
    ("list_webhooks", "200", WEBHOOK_CALLS, &[("id", "$response.body#/items/0/id")]),
    ("create_webhook", "201", WEBHOOK_CALLS, &[("id", "$response.body#/id")]),
    ("show_webhook", "200", &["list_deliveries"], &[("id", "$response.body#/id")]),
];
const LEAD_CALLS: &[&str] = &[
    "show_lead",
    "create_note",
    "move_lead",
    "assign_lead",
    "reveal_lead",
    "reply_lead",
    "resend_lead",
    "propose_handover",
    "answer_handover",
];
const WEBHOOK_CALLS: &[&str] =
    &["show_webhook", "rotate_secret", "list_deliveries", "replay_deliveries", "delete_webhook"];

/// Completes the document.
pub(super) fn complete(document: &mut OpenApi) {
    document.servers = Some(vec![Server::new("/")]);
    let tags = GROUPS.iter().map(|(name, _, about)| TagBuilder::new().name(*name).description(Some(*about)).build());
    document.tags = Some(tags.collect());
    for (path, calls) in &mut document.paths.paths {
        let calls =
            [(&mut calls.get, true), (&mut calls.post, false), (&mut calls.put, false), (&mut calls.delete, false)];
        for (call, is_get) in calls {
            if let Some(call) = call {
                describe(path, call, is_get);
            }
        }
    }
    close_inputs(document);
}

fn describe(path: &str, call: &mut Operation, is_get: bool) {
    let folder = path.trim_start_matches("/api/v1/").split('/').next().unwrap_or_default();
    let group = GROUPS.iter().find(|(_, folders, _)| folders.contains(&folder));
    call.tags = group.map(|(name, _, _)| vec![(*name).to_owned()]);
    if call.description.is_none() {
        call.description.clone_from(&call.summary);
    }
    let has_key = call.security.is_some();
    // A call without a key says so.
    call.security.get_or_insert_default();
    let id = call.operation_id.clone().unwrap_or_default();
    let parameters = call.parameters.get_or_insert_default();
    if is_get {
        parameters.push(schema::if_none_match());
    }
    for parameter in parameters.iter_mut() {
        if let RefOr::T(parameter) = parameter {
            bound(&id, parameter);
        }
    }
    let of = |place: ParameterIn| {
        parameters.iter().any(|it| matches!(it, RefOr::T(it) if it.parameter_in == place && it.name != "If-None-Match"))
    };
    let (has_path, has_query, writes) = (of(ParameterIn::Path), of(ParameterIn::Query), of(ParameterIn::Header));
    let has_body = call.request_body.is_some();
    let possible = [
        (&["400", "429", "500", "503"][..], true),
        (&["401", "403"], has_key),
        (&["403", "408", "413"], !is_get),
        (&["404"], has_path),
        (&["409"], writes),
        (&["410"], path.contains("{reference}") || (path.contains("/leads/{id}") && !is_get)),
        (&["415"], has_body),
        (&["422"], has_body || has_query || writes),
    ];
    let responses = &mut call.responses.responses;
    if is_get {
        responses.insert("304".to_owned(), schema::not_modified().into());
    }
    for status in possible.iter().filter(|(_, is)| *is).flat_map(|(statuses, _)| *statuses) {
        responses.entry((*status).to_owned()).or_insert_with(|| schema::refusal().into());
    }
    for (status, response) in responses {
        let RefOr::T(response) = response else { continue };
        for (name, header) in schema::headers(status, is_get) {
            response.headers.insert(name.to_owned(), header.into());
        }
        if response.description.is_empty() {
            let told = REASONS.iter().find(|(known, _)| known == status);
            told.map_or("Done", |(_, told)| told).clone_into(&mut response.description);
        }
        for (_, _, calls, parameters) in LINKS.iter().filter(|(from, of, ..)| *from == id && of == status) {
            for to in *calls {
                let link = LinkBuilder::new().operation_id(*to);
                let link = parameters.iter().fold(link, |link, (name, value)| link.parameter(*name, *value));
                response.links.insert((*to).to_owned(), link.build().into());
            }
        }
    }
}

/// Gives a parameter its bounds and its meaning.
fn bound(call: &str, parameter: &mut Parameter) {
    let (about, schema) = match (call, parameter.name.as_str()) {
        (_, "Idempotency-Key") => (
            "1 to 64 visible ASCII characters, chosen by the client, kept 7 days: the same call again is answered alike",
            text().min_length(Some(1)).max_length(Some(64)).pattern(Some("^[!-~]{1,64}$")),
        ),
        (_, "reference") => ("From the answer that stored the requirement", text().pattern(Some("^[^/]+$"))),
        (_, "limit") => ("Matches per list", integer(0, MOST as u64)),
        ("show_report", "kind") => ("Week or month", words(&["weekly", "monthly"])),
        ("search_listings", "kind") => ("Of one kind alone", choice(&["plot", "space", "park", "policy"])),
        ("list_listings", "kind") => ("Of one kind alone", choice(&["plot", "space", "park"])),
        ("show_listing", "kind") => ("Where two kinds share an id", choice(&["plot", "space", "park"])),
        (_, "region") => ("A GB/T 2260 code, or the name of a division", text()),
        (_, "industry") => ("A GB/T 4754-2017 code of any level", text()),
        (_, "q") => ("Words", text()),
        ("search_listings", "page") => ("From 1", integer(1, u64::from(LAST_PAGE))),
        ("search_listings", "per_page") => ("Hits per page", integer(1, u64::from(LONGEST_PAGE))),
        (_, "page") => ("From 1", integer(1, super::listings::LAST_LISTING_PAGE as u64)),
        (_, "per_page") => ("Listings per page", integer(1, super::listings::MOST_PER_PAGE as u64)),
        (_, "bucket") => ("A list of the desk", choice(&["overdue", "today", "to_answer", "new", "waiting"])),
        (_, "state") => ("Deliveries in this state alone", choice(&["queued", "delivered", "held"])),
        (_, "week") => {
            ("The present week where absent", text().pattern(Some("^([0-9]{4}-W[0-9]{2})?$")).examples(["2026-W48"]))
        }
        (_, "month") => {
            ("The present month where absent", text().pattern(Some("^([0-9]{4}-[0-9]{2})?$")).examples(["2026-11"]))
        }
        (_, "id" | "hold" | "number") => ("As an answer named it", text()),
        (_, "park") => ("Code of a park of the key's scope", text()),
        (_, "stage") => ("A stage's word", text()),
        _ => return without_nul(parameter),
    };
    parameter.schema = Some(RefOr::T(Schema::Object(schema.build())));
    parameter.description.get_or_insert_with(|| about.to_owned());
}

/// A text as parameters have it; a NUL is refused everywhere.
const NO_NUL: &str = "^[^\\u0000]*$";

fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).pattern(Some(NO_NUL))
}

/// Bounds a text that has no other bound.
fn without_nul(parameter: &mut Parameter) {
    if let Some(RefOr::T(Schema::Object(object))) = &mut parameter.schema
        && object.schema_type == SchemaType::Type(Type::String)
        && object.pattern.is_none()
        && object.enum_values.is_none()
    {
        object.pattern = Some(NO_NUL.to_owned());
    }
}

/// One of these words; a blank parameter is an absent one.
fn choice(all: &[&str]) -> ObjectBuilder {
    words(&[all, &[""]].concat())
}

fn words(words: &[&str]) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words.iter().copied().map(Value::from)))
}

/// A whole number within bounds, or the blank that [`crate::web::extract::Params`] takes as absent.
fn integer(least: u64, most: u64) -> ObjectBuilder {
    let number_or_blank = SchemaType::from_iter([Type::Integer, Type::String]);
    ObjectBuilder::new().schema_type(number_or_blank).minimum(Some(least)).maximum(Some(most)).max_length(Some(0))
}

/// Closes what callers send: a name that is not known is refused.
fn close_inputs(document: &mut OpenApi) {
    let Some(components) = &mut document.components else { return };
    for (name, schema) in &mut components.schemas {
        let is_input = name.ends_with("In") || ["Requirement", "Consent", "ParkConsent"].contains(&name.as_str());
        if let (true, RefOr::T(Schema::Object(object))) = (is_input || name == "TypedIn", schema) {
            close(object);
        }
    }
}

fn close(object: &mut Object) {
    if object.properties.is_empty() {
        return;
    }
    object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
    for property in object.properties.values_mut() {
        if let RefOr::T(Schema::Object(inner)) = property {
            close(inner);
        }
    }
}

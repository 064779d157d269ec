//! The head of every writing call of staff's programs: who calls, under which idempotency key, with which body.

use axum::extract::{FromRequest, FromRequestParts as _, Request};
use serde_json::Value;

use crate::service::accounts::Actor;
use crate::service::context::App;
use crate::service::idempotency::Call;
use crate::web::extract::{Bearer, JsonBody, Key, KeyId, Members, OptionalJson};
use crate::web::problem::Problem;

/// A writing call with a JSON body.
pub(super) struct StaffCall {
    pub(super) actor: Actor,
    pub(super) call: Call,
    pub(super) members: Members,
}

/// A writing call whose body may be absent.
pub(super) struct BareCall(pub(super) StaffCall);

impl StaffCall {
    fn of(caller: Caller, body: Value) -> Result<Self, Problem> {
        let call = caller.once.call(&body);
        // The same idempotency key under another API key, of the same person too, is another call.
        let call = Call { path: format!("{} {}", call.path, caller.key_id), ..call };
        Ok(Self { actor: caller.actor, call, members: Members::of(body)? })
    }
}

/// The actor of a call, its API key and its idempotency key.
struct Caller {
    actor: Actor,
    key_id: String,
    once: Key,
}

/// Returns the caller of a request, and the request.
async fn head(request: Request, app: &App) -> Result<(Caller, Request), Problem> {
    let (mut parts, body) = request.into_parts();
    let Bearer(actor) = Bearer::from_request_parts(&mut parts, app).await?;
    let once = Key::from_request_parts(&mut parts, app).await?;
    let key_id = parts.extensions.get::<KeyId>().map(|KeyId(id)| id.clone()).unwrap_or_default();
    Ok((Caller { actor, key_id, once }, Request::from_parts(parts, body)))
}

impl FromRequest<App> for StaffCall {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (caller, request) = head(request, app).await?;
        let JsonBody(body) = JsonBody::from_request(request, app).await?;
        Self::of(caller, body)
    }
}

impl FromRequest<App> for BareCall {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (caller, request) = head(request, app).await?;
        let OptionalJson(body) = OptionalJson::from_request(request, app).await?;
        StaffCall::of(caller, body).map(Self)
    }
}

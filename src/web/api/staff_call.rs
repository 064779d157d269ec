//! The head of every writing call of staff's programs: who calls, under which idempotency key, with which body.

use axum::extract::{FromRequest, FromRequestParts as _, Request};
use serde_json::Value;

use crate::service::accounts::Actor;
use crate::service::context::App;
use crate::service::idempotency::Call;
use crate::web::extract::{Bearer, JsonBody, Key, Members, OptionalJson};
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
    fn of(actor: Actor, key: Key, body: Value) -> Result<Self, Problem> {
        let call = key.call(&body);
        // Another actor's use of the same key is another call.
        let call = Call { path: format!("{} {}", call.path, actor.id), ..call };
        Ok(Self { actor, call, members: Members::of(body)? })
    }
}

/// Returns the actor and the key of a request, and the request.
async fn head(request: Request, app: &App) -> Result<(Actor, Key, Request), Problem> {
    let (mut parts, body) = request.into_parts();
    let Bearer(actor) = Bearer::from_request_parts(&mut parts, app).await?;
    let key = Key::from_request_parts(&mut parts, app).await?;
    Ok((actor, key, Request::from_parts(parts, body)))
}

impl FromRequest<App> for StaffCall {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (actor, key, request) = head(request, app).await?;
        let JsonBody(body) = JsonBody::from_request(request, app).await?;
        Self::of(actor, key, body)
    }
}

impl FromRequest<App> for BareCall {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (actor, key, request) = head(request, app).await?;
        let OptionalJson(body) = OptionalJson::from_request(request, app).await?;
        StaffCall::of(actor, key, body).map(Self)
    }
}

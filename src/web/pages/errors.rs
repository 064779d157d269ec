//! Errors as pages, where the client accepts HTML.

use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use domain::requirement::FieldError;
use serde::Serialize;

use super::context::{Page, PageResult};
use crate::error::Code;
use crate::i18n::{Locale, field, field_error};
use crate::service::context::App;
use crate::web::layers::RefusedAs;
use crate::web::problem::Problem;
use crate::web::view::address;

/// A worded field error.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct WrongField {
    /// Name of the input that the error links to.
    pub(crate) field: String,
    pub(crate) label: String,
    pub(crate) message: String,
}

/// Words field errors, each linked to its input.
pub(crate) fn wrong_fields(locale: Locale, errors: &[FieldError]) -> Vec<WrongField> {
    let wrong = |error: &FieldError| {
        let path = error.field.strip_prefix("requirement.").unwrap_or(&error.field);
        WrongField {
            field: path.split('.').next().unwrap_or_default().to_owned(),
            label: field(locale, path),
            message: field_error(locale, error),
        }
    };
    errors.iter().map(wrong).collect()
}

#[derive(Serialize)]
struct ErrorPage {
    status: u16,
    title: String,
    text: String,
    errors: Vec<WrongField>,
}

/// Middleware: renders a problem as a page where the client accepts HTML; others get `application/problem+json`.
pub async fn worded(State(app): State<App>, request: Request, next: Next) -> Response {
    if !is_for_people(request.uri().path(), request.headers()) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let page = Page::unsigned(&parts, &app);
    let mut response = next.run(Request::from_parts(parts, body)).await;
    let Some(problem) = response.extensions_mut().remove::<Problem>() else { return response };
    let mut response = if problem.status == StatusCode::UNAUTHORIZED {
        page.see(&address("/staff/sign-in", [("next", page.here().as_str())].into_iter()))
    } else if problem.code == Code::FactorMissing {
        page.see("/staff/me/factor")
    } else {
        error_page(&page, &problem).unwrap_or_else(Problem::into_response)
    };
    response.extensions_mut().insert(RefusedAs(problem.code));
    response
}

/// Renders a problem as a page; `None` where the client does not accept HTML.
pub(crate) fn problem_page(app: &App, parts: &Parts, problem: &Problem) -> Option<Response> {
    is_for_people(parts.uri.path(), &parts.headers).then(|| error_page(&Page::unsigned(parts, app), problem).ok())?
}

fn is_for_people(path: &str, headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accept.contains("text/html") && !path.starts_with("/api/")
}

fn error_page(page: &Page, problem: &Problem) -> PageResult {
    let context = ErrorPage {
        status: problem.status.as_u16(),
        title: problem.title(page.locale),
        text: problem.detail(page.locale, page.method()),
        errors: wrong_fields(page.locale, &problem.errors),
    };
    let mut response = page.show_as(problem.status, "error.html", context)?;
    if let Some(seconds) = problem.retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    Ok(response)
}

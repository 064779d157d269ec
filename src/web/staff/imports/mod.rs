//! Imports in the browser: upload, columns and sheets, preview, apply, rejected rows, undo, templates.

mod list;
mod preview;

use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use domain::kind::Kind;
use domain::lead::{ConsentBasis, Source};
use domain::lead_sheet::SheetKind;
use domain::requirement::{FieldCode, FieldError, Word as _};

use crate::error::Error;
use crate::service::import_jobs::{self, JobOptions, UploadedFile};
use crate::service::lead_sheets::LeadOptions;
use crate::service::listings::may_keep;
use crate::tables::{Format, template};
use crate::web::extract::Id;
use crate::web::pages::{Form, Page, PageResult, wrong_fields};
use crate::web::problem::Problem;
use crate::web::upload::{FileForm, UploadLimits};

use list::{list_page, undo_view};
use preview::{LEFT_OUT, UNDECIDED, job_page};

/// Most columns of a file whose choices a form sends.
const MOST_COLUMNS: usize = 128;

/// `GET /staff/imports`
pub(super) async fn list(page: Page) -> PageResult {
    list_page(&page, StatusCode::OK, Vec::new(), None).await
}

/// `POST /staff/imports`
pub(super) async fn upload(page: Page, request: Request) -> PageResult {
    let actor = page.staff()?;
    import_jobs::may_import(actor, None)?;
    let limits = UploadLimits::spreadsheet(&page.app.config.server);
    let form = match FileForm::read(request, limits).await {
        Ok(form) => form,
        Err(problem) => return refused(&page, limits, problem).await,
    };
    let kind = SheetKind::from_word(form.get("kind"));
    let fault = match kind {
        None => Some(FieldError::new("kind", FieldCode::Missing)),
        Some(_) if form.bytes.is_empty() => Some(FieldError::new("file", FieldCode::Missing)),
        Some(_) => None,
    };
    let (Some(kind), None) = (kind, &fault) else {
        let errors = wrong_fields(page.locale, &fault.into_iter().collect::<Vec<_>>());
        return list_page(&page, StatusCode::UNPROCESSABLE_ENTITY, errors, None).await;
    };
    let park = form.get("park").to_owned();
    let upload = UploadedFile { kind, park, name: form.name, bytes: form.bytes };
    let id = import_jobs::begin(&page.app, actor, upload).await?;
    Ok(page.see(&format!("/staff/imports/{id}")))
}

/// Says at the form why a file was not taken.
async fn refused(page: &Page, limits: UploadLimits, problem: Problem) -> PageResult {
    let Some(error) = limits.fault("file", &problem) else { return Err(problem) };
    list_page(page, problem.status, wrong_fields(page.locale, &[error]), None).await
}

/// `GET /staff/imports/{id}`
pub(super) async fn show(page: Page, Id(id): Id<String>) -> PageResult {
    let actor = page.staff()?;
    let job = import_jobs::show(&page.app, actor, &id).await?;
    page.show("staff/import.html", job_page(&page, &job, may_keep(actor).is_ok()))
}

/// `POST /staff/imports/{id}/choose`: other sheets, columns or options; the file is read again.
pub(super) async fn choose(page: Page, Id(id): Id<String>, form: Form) -> PageResult {
    let is_set = |name: &str| form.get(name) == "yes";
    let mut options = JobOptions {
        sheet: Some(form.get("sheet").to_owned()).filter(|sheet| !sheet.is_empty()),
        skip_hidden: is_set("skip_hidden"),
        complete: is_set("complete"),
        withdraw_missing: is_set("withdraw_missing"),
        clearing: form.all("clearing"),
        names: Vec::new(),
        leads: LeadOptions {
            source: Source::from_word(form.get("source")),
            basis: ConsentBasis::from_word(form.get("basis")),
            basis_note: form.get("basis_note").trim().to_owned(),
            owners: LeadOptions::owners_of(form.get("owners")),
        },
    };
    for at in 0..MOST_COLUMNS {
        let (name, means) = (form.get(&format!("name.{at}")), form.get(&format!("means.{at}")));
        if !name.is_empty() && !means.is_empty() && means != UNDECIDED {
            let column = if means == LEFT_OUT { "" } else { means };
            options.names.push((name.to_owned(), column.to_owned()));
        }
    }
    import_jobs::choose(&page.app, page.staff()?, &id, &options).await?;
    Ok(page.see(&format!("/staff/imports/{id}")))
}

/// `POST /staff/imports/{id}/apply`
pub(super) async fn apply(page: Page, Id(id): Id<String>, form: Form) -> PageResult {
    import_jobs::apply(&page.app, page.staff()?, &id, form.get("rows") == "good").await?;
    Ok(page.see(&format!("/staff/imports/{id}")))
}

/// `POST /staff/imports/{id}/discard`
pub(super) async fn discard(page: Page, Id(id): Id<String>) -> PageResult {
    import_jobs::discard(&page.app, page.staff()?, &id).await?;
    Ok(page.see("/staff/imports?done=discarded"))
}

/// `GET /staff/imports/{id}/rejected`: the rejected rows with their reasons as a workbook.
pub(super) async fn rejected(page: Page, Id(id): Id<String>) -> PageResult {
    let bytes = import_jobs::rejected(&page.app, page.staff()?, &id).await?;
    Ok(workbook("rejected.xlsx", bytes))
}

/// `GET /staff/imports/templates/{kind}`
pub(super) async fn template_of(page: Page, Id(kind): Id<String>) -> PageResult {
    page.staff()?;
    let kind = SheetKind::from_word(&kind).ok_or(Error::NotFound)?;
    let bytes = template(kind, page.locale).map_err(|e| Error::Internal(anyhow::anyhow!(e)))?;
    Ok(workbook(&format!("luodi-{}.xlsx", kind.word()), bytes))
}

fn workbook(name: &str, bytes: Vec<u8>) -> Response {
    let kept = [
        (header::CONTENT_TYPE, Format::Xlsx.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (kept, bytes).into_response()
}

/// `POST /staff/imports/{id}/undo`, by the id of an import.
pub(super) async fn undo(page: Page, Id(id): Id<String>) -> PageResult {
    let done = import_jobs::undo(&page.app, page.staff()?, &id).await?;
    let status = if done.refused.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    let kind = page.app.db.import(&id).await.map_err(Error::from)?.and_then(|import| Kind::from_word(&import.kind));
    let view = undo_view(&page, kind, &done);
    list_page(&page, status, Vec::new(), Some(view)).await
}

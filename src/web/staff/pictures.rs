//! Pictures of a listing: added, described, removed.

use axum::extract::Request;
use axum::http::StatusCode;
use domain::requirement::{FieldCode, FieldError, Word as _};

use super::listings::{FormState, base, form_page, kind_of};
use crate::db::words::PictureShows;
use crate::error::Error;
use crate::service::pictures::{self, UploadedPicture};
use crate::web::extract::Id;
use crate::web::pages::{Form, Page, PageResult, wrong_fields};
use crate::web::upload::{FileForm, PICTURE};

/// `POST /staff/listings/{kind}/{id}/pictures`
pub(super) async fn add(page: Page, Id((kind, id)): Id<(String, String)>, request: Request) -> PageResult {
    let (kind, actor) = (kind_of(&kind)?, page.staff()?);
    let form = match FileForm::read(request, PICTURE).await {
        Ok(form) => form,
        Err(problem) => {
            let Some(error) = PICTURE.fault("picture", &problem) else { return Err(problem) };
            let shown = FormState { picture_errors: wrong_fields(page.locale, &[error]), ..FormState::default() };
            return form_page(&page, kind, &id, problem.status, shown).await;
        }
    };
    let upload = UploadedPicture {
        shows: PictureShows::from_word(form.get("shows")).unwrap_or(PictureShows::Photo),
        alt: form.get("alt").to_owned(),
        bytes: form.bytes,
    };
    let added = if upload.bytes.is_empty() {
        Err(Error::Invalid(vec![FieldError::new("picture", FieldCode::Missing)]))
    } else {
        pictures::add(&page.app, actor, kind, &id, upload).await
    };
    match added {
        Ok(()) => Ok(page.see(&format!("{}?done=picture#pictures", base(kind, &id)))),
        Err(Error::Invalid(errors)) => {
            let shown = FormState { picture_errors: wrong_fields(page.locale, &errors), ..FormState::default() };
            form_page(&page, kind, &id, StatusCode::UNPROCESSABLE_ENTITY, shown).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /staff/listings/{kind}/{id}/pictures/{picture}`: describes a picture, or removes it.
pub(super) async fn change(
    page: Page,
    Id((kind, id, picture)): Id<(String, String, String)>,
    form: Form,
) -> PageResult {
    let (kind, actor) = (kind_of(&kind)?, page.staff()?);
    let alt = (form.get("do") != "remove").then(|| form.get("alt"));
    match pictures::change(&page.app, actor, kind, &id, &picture, alt).await {
        Ok(()) => Ok(page.see(&format!("{}?done=saved#pictures", base(kind, &id)))),
        Err(Error::Invalid(errors)) => {
            let shown = FormState { picture_errors: wrong_fields(page.locale, &errors), ..FormState::default() };
            form_page(&page, kind, &id, StatusCode::UNPROCESSABLE_ENTITY, shown).await
        }
        Err(error) => Err(error.into()),
    }
}

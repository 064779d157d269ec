//! Uploads: multipart forms with limits of their own on size and time, read after the account was checked.

use std::fmt;
use std::time::Duration;

use axum::BoxError;
use axum::body::{Body, BodyDataStream, Bytes};
use axum::extract::{FromRequest as _, Request};
use axum::http::StatusCode;
use axum_extra::extract::Multipart;
use domain::requirement::{FieldCode, FieldError};
use futures_util::StreamExt as _;
use futures_util::stream::unfold;

use super::problem::Problem;
use crate::config::ServerConfig;
use crate::error::Code;

/// Limits of one kind of upload.
#[derive(Clone, Copy, Debug)]
pub(super) struct UploadLimits {
    /// Size of the file, bytes.
    pub bytes: usize,
    /// Time from the first to the last byte.
    pub time: Duration,
}

/// Room for a form's other fields and the parts' heads, bytes.
const FORM_BYTES: usize = 64 << 10;
/// Longest field that is no file, bytes.
const LONGEST_FIELD: usize = 8 << 10;
/// Most fields of a form.
const MOST_FIELDS: usize = 32;

/// Bytes above the limit that are read and thrown away, as a multiple of it: a browser shows an answer only once it has sent
/// its file.
const THROWN_AWAY: usize = 10;
/// A picture: 5 MB within two minutes.
pub(super) const PICTURE: UploadLimits = UploadLimits { bytes: 5 << 20, time: Duration::from_secs(120) };

impl UploadLimits {
    /// A spreadsheet of a park.
    pub(super) const fn spreadsheet(server: &ServerConfig) -> Self {
        Self { bytes: server.upload_bytes, time: Duration::from_secs(server.upload_seconds) }
    }

    /// Returns what was wrong with a file that was too large or too slow; `None` for any other problem.
    pub(super) fn fault(self, field: &str, problem: &Problem) -> Option<FieldError> {
        match problem.code {
            Code::TooLarge => Some(self.too_large(field)),
            Code::BodyTimeout => {
                Some(FieldError::new(field, FieldCode::UploadTooSlow).with("max", self.time.as_secs().to_string()))
            }
            _ => None,
        }
    }

    /// The fault of a file that is too large.
    pub(super) fn too_large(self, field: &str) -> FieldError {
        FieldError::new(field, FieldCode::UploadTooLarge).with("max", self.megabytes())
    }

    /// Returns the size for people.
    pub(super) fn megabytes(self) -> String {
        let tenths = self.bytes * 10 / (1 << 20);
        if tenths.is_multiple_of(10) { (tenths / 10).to_string() } else { format!("{}.{}", tenths / 10, tenths % 10) }
    }
}

/// A form with a file.
#[derive(Debug, Default)]
pub(super) struct FileForm {
    /// Fields other than the file.
    pub fields: Vec<(String, String)>,
    /// Name of the file, without folders.
    pub name: String,
    /// Its bytes; blank where none was chosen.
    pub bytes: Vec<u8>,
}

impl FileForm {
    /// Reads a form whose field `file` is the file.
    ///
    /// # Errors
    /// 415 for another type of body, 413 above the limit of size, 408 above that of time, 400 for a malformed body.
    pub(super) async fn read(request: Request, limits: UploadLimits) -> Result<Self, Problem> {
        let request = request.map(|body| limited(body, limits.bytes + FORM_BYTES));
        match tokio::time::timeout(limits.time, Self::parts(request, limits.bytes)).await {
            Ok(form) => form,
            Err(_) => Err(Problem::new(StatusCode::REQUEST_TIMEOUT, Code::BodyTimeout)),
        }
    }

    async fn parts(request: Request, most_bytes: usize) -> Result<Self, Problem> {
        let unsupported = |_| Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::UnsupportedMediaType);
        let mut parts = Multipart::from_request(request, &()).await.map_err(unsupported)?;
        let mut form = Self::default();
        while let Some(mut part) = parts.next_field().await.map_err(|error| refused(&error))? {
            let name = part.name().unwrap_or_default().to_owned();
            let most = if name == "file" { most_bytes } else { LONGEST_FIELD };
            let file_name = part.file_name().map(own_name);
            let (mut bytes, mut size) = (Vec::new(), 0);
            while let Some(piece) = part.chunk().await.map_err(|error| refused(&error))? {
                size += piece.len();
                if size <= most {
                    bytes.extend_from_slice(&piece);
                }
            }
            if size > most {
                return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, Code::TooLarge));
            }
            if name == "file" {
                form.name = file_name.unwrap_or_default();
                form.bytes = bytes;
            } else if form.fields.len() < MOST_FIELDS {
                form.fields.push((name, String::from_utf8_lossy(&bytes).replace('\0', "")));
            }
        }
        Ok(form)
    }

    /// Returns the first value of a field, trimmed; blank where there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.trim())
    }
}

/// A body with more bytes than its limit.
#[derive(Debug)]
struct OverLimit;

impl fmt::Display for OverLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("more bytes than the limit")
    }
}

impl std::error::Error for OverLimit {}

/// A body being read, and the bytes that came.
struct CountedBody {
    data: BodyDataStream,
    seen: usize,
}

/// The first bytes of a body; where there are more, an error once these were thrown away.
fn limited(body: Body, most: usize) -> Body {
    let counted = CountedBody { data: body.into_data_stream(), seen: 0 };
    Body::from_stream(unfold(counted, move |counted| next(counted, most)))
}

async fn next(mut counted: CountedBody, most: usize) -> Option<(Result<Bytes, BoxError>, CountedBody)> {
    loop {
        match counted.data.next().await {
            Some(Ok(bytes)) => {
                counted.seen += bytes.len();
                if counted.seen <= most {
                    return Some((Ok(bytes), counted));
                }
                if counted.seen / THROWN_AWAY > most {
                    return Some((Err(OverLimit.into()), counted));
                }
            }
            Some(Err(error)) => return Some((Err(error.into()), counted)),
            None if counted.seen > most => {
                counted.seen = 0;
                return Some((Err(OverLimit.into()), counted));
            }
            None => return None,
        }
    }
}

fn refused(error: &axum_extra::extract::multipart::MultipartError) -> Problem {
    let status = error.status();
    if status == StatusCode::PAYLOAD_TOO_LARGE || is_over_limit(error) {
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, Code::TooLarge)
    } else {
        Problem::new(StatusCode::BAD_REQUEST, Code::Malformed)
    }
}

/// Whether the body's own limit ended it: the error is wrapped by the reader of parts.
fn is_over_limit(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<OverLimit>() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// Longest kept name of a file, in characters.
const LONGEST_NAME: usize = 120;

/// The last part of a path, which some browsers send whole.
fn own_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect()
}

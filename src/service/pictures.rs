//! Pictures and floor plans of listings: decoded within limits, turned upright, encoded again without metadata.

use std::io::Cursor;

use domain::kind::Kind;
use domain::requirement::{FieldCode, FieldError};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits};

use super::accounts::Actor;
use super::context::Context;
use super::listings;
use crate::db;
use crate::db::picture::{NewPicture, Picture};
use crate::db::words::{AuditAction, PictureFormat, PictureShows};
use crate::error::{Error, Result};
use crate::ids;

/// Pictures of one listing.
pub const MOST_PICTURES: u64 = 10;
/// Longest alternative text, in characters.
pub const LONGEST_ALT: usize = 200;
/// Longest side that is decoded, px; telephones make 8,000.
const LONGEST_SIDE: u32 = 12_000;
/// Pixels that are decoded: a telephone's 50 megapixels. In memory a picture of that size takes 200 MB at most.
const MOST_PIXELS: u64 = 50_000_000;
/// Memory that the decoder may allocate, bytes.
const DECODER_BYTES: u64 = 256 << 20;
/// Longest side that is kept, px: a screen's width, or 20 cm in print at 240 dpi.
const KEPT_SIDE: u32 = 1_920;
/// Quality of kept JPEG, 1 to 100.
const QUALITY: u8 = 85;

/// A picture from a form.
#[derive(Clone, Debug)]
pub struct UploadedPicture {
    /// Its subject.
    pub shows: PictureShows,
    /// Its alternative text.
    pub alt: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Returns the pictures of a listing.
///
/// # Errors
/// [`Error::Unavailable`] or [`Error::Internal`].
pub async fn of_listing(app: &Context, kind: Kind, id: &str) -> Result<Vec<Picture>> {
    Ok(app.db.pictures(kind, id).await?)
}

/// Returns the bytes of a picture by its name below `/pictures/`.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Unavailable`] or [`Error::Internal`].
pub async fn bytes(app: &Context, name: &str) -> Result<(PictureFormat, Vec<u8>)> {
    use domain::word::Word as _;
    let (digest, ending) = name.split_once('.').ok_or(Error::NotFound)?;
    let format = PictureFormat::from_word(ending).ok_or(Error::NotFound)?;
    Ok((format, app.db.picture_bytes(digest, format).await?.ok_or(Error::NotFound)?))
}

/// Adds a picture to a listing; one that it has already changes nothing.
///
/// # Errors
/// [`Error::Forbidden`] for observers; [`Error::NotFound`] outside the scope; [`Error::Invalid`] for a file that is no JPEG
/// or PNG, too large a picture, an alternative text that is absent or too long, and an eleventh picture;
/// [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`].
pub async fn add(app: &Context, actor: &Actor, kind: Kind, id: &str, upload: UploadedPicture) -> Result<()> {
    listings::may_keep(actor)?;
    listings::editable(app, &actor.scope, kind, id).await?;
    let alt = checked_alt(&upload.alt)?;
    let _turn = app.file_work.acquire().await.map_err(|e| anyhow::anyhow!(e))?;
    let bytes = upload.bytes;
    let made = tokio::task::spawn_blocking(move || remade(&bytes)).await;
    // A decoder that panics ends its task alone.
    let made = made.unwrap_or(Err(FieldCode::NotAPicture));
    let made = made.map_err(|code| Error::Invalid(vec![FieldError::new("picture", code)]))?;
    let new = NewPicture {
        id: ids::row_id(),
        shows: upload.shows,
        alt,
        format: made.format,
        digest: ids::sha256_hex(&made.bytes),
        width: made.width,
        height: made.height,
        bytes: made.bytes,
        actor: actor.id.clone(),
    };
    let (now, id) = (app.clock.now(), id.to_owned());
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                db::listing::lock(tx).await?;
                if db::picture::has(tx, kind, &id, &new.digest).await? {
                    return Ok(());
                }
                if db::picture::count(tx, kind, &id).await? >= MOST_PICTURES {
                    let error = FieldError::new("picture", FieldCode::TooMany).with("max", MOST_PICTURES.to_string());
                    return Err(Error::Invalid(vec![error]));
                }
                db::requirement::audit(tx, &new.actor, AuditAction::PictureAdd, &id, &new.digest, now).await?;
                db::picture::add(tx, kind, &id, new, now).await?;
                Ok(())
            })
        })
        .await
}

fn checked_alt(alt: &str) -> Result<String> {
    let alt = alt.trim();
    let fault = |code| Err(Error::Invalid(vec![FieldError::new("alt", code).with("max", LONGEST_ALT.to_string())]));
    match alt.chars().count() {
        0 => fault(FieldCode::Missing),
        length if length > LONGEST_ALT => fault(FieldCode::TooLong),
        _ => Ok(alt.to_owned()),
    }
}

/// Changes the alternative text of a picture, or removes the picture where `alt` is none.
///
/// # Errors
/// [`Error::Forbidden`] for observers; [`Error::NotFound`]; [`Error::Invalid`] for the text; [`Error::Unavailable`],
/// [`Error::Full`] or [`Error::Internal`].
pub async fn change(
    app: &Context,
    actor: &Actor,
    kind: Kind,
    id: &str,
    picture: &str,
    alt: Option<&str>,
) -> Result<()> {
    listings::may_keep(actor)?;
    listings::editable(app, &actor.scope, kind, id).await?;
    let alt = alt.map(checked_alt).transpose()?;
    let (now, account, id, picture) = (app.clock.now(), actor.id.clone(), id.to_owned(), picture.to_owned());
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                let found = match &alt {
                    Some(alt) => db::picture::describe(tx, kind, &id, &picture, alt).await?,
                    None => {
                        db::requirement::audit(tx, &account, AuditAction::PictureRemove, &id, &picture, now).await?;
                        db::picture::remove(tx, kind, &id, &picture).await?
                    }
                };
                if found { Ok(()) } else { Err(Error::NotFound) }
            })
        })
        .await
}

/// A picture encoded again.
#[derive(Debug)]
struct Remade {
    format: PictureFormat,
    width: u32,
    height: u32,
    bytes: Vec<u8>,
}

/// Decodes a picture, turns it upright as its metadata say, and encodes it again without them.
fn remade(bytes: &[u8]) -> std::result::Result<Remade, FieldCode> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| FieldCode::NotAPicture)?;
    let format = match reader.format() {
        Some(ImageFormat::Jpeg) => PictureFormat::Jpeg,
        Some(ImageFormat::Png) => PictureFormat::Png,
        _ => return Err(FieldCode::NotAPicture),
    };
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(DECODER_BYTES);
    reader.limits(limits);
    let fault = |error: image::ImageError| match error {
        image::ImageError::Limits(_) => FieldCode::PictureTooLarge,
        _ => FieldCode::NotAPicture,
    };
    let mut decoder = reader.into_decoder().map_err(fault)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(FieldCode::PictureTooLarge);
    }
    let turn = decoder.orientation().map_err(fault)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(fault)?;
    picture.apply_orientation(turn);
    if picture.width().max(picture.height()) > KEPT_SIDE {
        picture = picture.thumbnail(KEPT_SIDE, KEPT_SIDE);
    }
    written(&picture, format).map_err(fault)
}

fn written(picture: &DynamicImage, format: PictureFormat) -> std::result::Result<Remade, image::ImageError> {
    let mut bytes = Vec::new();
    match format {
        PictureFormat::Jpeg => {
            picture.to_rgb8().write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY))?;
        }
        PictureFormat::Png => {
            // Eight bits per channel: sixteen would double what a page loads.
            let plain = if picture.color().has_alpha() {
                DynamicImage::from(picture.to_rgba8())
            } else {
                DynamicImage::from(picture.to_rgb8())
            };
            plain.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)?;
        }
    }
    Ok(Remade { format, width: picture.width(), height: picture.height(), bytes })
}

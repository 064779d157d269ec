//! Pictures and floor plans of listings.

use std::io::Cursor;

use axum::http::StatusCode;
use image::{ExtendedColorType, ImageEncoder as _, ImageFormat, Rgb, RgbImage};

use super::{officer, texts};
use crate::app::TestApp;
use crate::templates::{Browser, Seen, select};

const PATH: &str = "/staff/listings/plot/P1/pictures";

fn drawn(width: u32, height: u32, shade: u8, format: ImageFormat) -> Vec<u8> {
    let image = RgbImage::from_fn(width, height, |x, _| Rgb([shade, (x % 256) as u8, 60]));
    let mut bytes = Vec::new();
    image.write_to(&mut Cursor::new(&mut bytes), format).expect("a picture");
    bytes
}

/// A JPEG whose metadata turn it by a quarter and name a place.
fn turned() -> Vec<u8> {
    let jpeg = drawn(40, 20, 200, ImageFormat::Jpeg);
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x02".to_vec();
    exif.extend(b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0");
    exif.extend(b"\x01\x0e\0\x02\0\0\0\x0c\0\0\0\x26");
    exif.extend(b"\0\0\0\0SECRET-PLACE");
    let length = u16::try_from(exif.len() + 2).expect("short").to_be_bytes();
    let mut bytes = jpeg[..2].to_vec();
    bytes.extend([0xff, 0xe1]);
    bytes.extend(length);
    bytes.extend(&exif);
    bytes.extend(&jpeg[2..]);
    bytes
}

async fn add(staff: &mut Browser<'_>, file: &[u8], alt: &str) -> Seen {
    staff.upload(PATH, &[("shows", "photo"), ("alt", alt)], ("a.jpg", file)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_turned_upright_stripped_and_served_under_its_hash() {
    for test in TestApp::each().await {
        let mut staff = officer(&test, "two@example.com", "T2").await;
        let added = add(&mut staff, &turned(), "东侧入口").await;
        assert_eq!(added.location, "/staff/listings/plot/P1?done=picture#pictures", "{}", added.text);
        let page = Browser { test: &test, cookie: String::new() }.get("/plots/P1").await.html();
        let image = select(&page, ".pictures img")[0];
        assert_eq!(
            (image.attr("alt"), image.attr("width"), image.attr("height")),
            (Some("东侧入口"), Some("20"), Some("40"))
        );
        let path = image.attr("src").expect("an address").to_owned();
        let reply = test.get(&path).await;
        assert_eq!((reply.status, reply.headers["content-type"].as_bytes()), (StatusCode::OK, &b"image/jpeg"[..]));
        assert_eq!(reply.headers["cache-control"], "public, max-age=31536000, immutable");
        assert!(!reply.text.contains("SECRET") && !reply.text.contains("Exif"), "the metadata are gone");
        assert!(path.len() > 64 && test.get("/pictures/0.jpg").await.status == StatusCode::NOT_FOUND);
        let form = staff.get("/staff/listings/plot/P1").await.html();
        let change = select(&form, "form[action*='/pictures/']")[0].attr("action").expect("an address").to_owned();
        staff.post(&change, &[("do", "describe"), ("alt", "西侧入口")]).await;
        assert!(test.get("/plots/P1").await.text.contains("西侧入口"));
        staff.post(&change, &[("do", "remove")]).await;
        assert!(!test.get("/plots/P1").await.text.contains("/pictures/"));
        assert_eq!(test.get(&path).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn at_most_ten_pictures_of_five_megabytes_and_each_with_a_description() {
    for test in TestApp::each().await {
        let mut staff = officer(&test, "two@example.com", "T2").await;
        let told = |seen: &Seen| texts(&seen.html(), "#pictures [role=alert]").join(" ");
        let none = add(&mut staff, &drawn(8, 8, 0, ImageFormat::Png), " ").await;
        assert!(none.status == StatusCode::UNPROCESSABLE_ENTITY && told(&none).contains("文字说明"), "{}", told(&none));
        for shade in 0..10 {
            let added = add(&mut staff, &drawn(8, 8, shade * 20, ImageFormat::Png), "图").await;
            assert_eq!(added.status, StatusCode::SEE_OTHER, "{shade}");
        }
        let twice = add(&mut staff, &drawn(8, 8, 20, ImageFormat::Png), "图").await;
        assert_eq!(twice.status, StatusCode::SEE_OTHER, "the same picture again changes nothing");
        let eleventh = add(&mut staff, &drawn(8, 8, 250, ImageFormat::Png), "图").await;
        assert_eq!(eleventh.status, StatusCode::UNPROCESSABLE_ENTITY);
        let mut large = drawn(8, 8, 1, ImageFormat::Png);
        large.resize(6 << 20, 0);
        assert_eq!(add(&mut staff, &large, "图").await.status, StatusCode::PAYLOAD_TOO_LARGE);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_pictures_are_refused_before_they_are_decoded() {
    let test = TestApp::sqlite().await;
    let mut staff = officer(&test, "two@example.com", "T2").await;
    let mut bomb = Vec::new();
    image::codecs::png::PngEncoder::new(&mut bomb)
        .write_image(&[0; 11_900], 11_900, 1, ExtendedColorType::L8)
        .expect("a picture");
    // Its header claims 141 megapixels; the checksum of the chunk is made right.
    let height = 11_900_u32.to_be_bytes();
    bomb[20..24].copy_from_slice(&height);
    let sum = crc32(&bomb[12..29]).to_be_bytes();
    bomb[29..33].copy_from_slice(&sum);
    let truncated = &drawn(200, 200, 3, ImageFormat::Jpeg)[..300];
    let cases: [(&[u8], &str); 5] = [
        (&bomb, "像素过多"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "JPEG"),
        (b"GIF89a\x01\0\x01\0", "JPEG"),
        (truncated, "JPEG"),
        (b"\x89PNG\r\n\x1a\n", "JPEG"),
    ];
    for (file, words) in cases {
        let refused = add(&mut staff, file, "图").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        let told = texts(&refused.html(), "#pictures [role=alert]").join(" ");
        assert!(told.contains(words), "{told}");
    }
    assert_eq!(test.db.rows("SELECT id FROM picture").await, Vec::<String>::new());
}

/// The checksum of a PNG's chunk (ISO 3309).
fn crc32(bytes: &[u8]) -> u32 {
    let step = |sum: u32, byte: &u8| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 })
    };
    !bytes.iter().fold(!0, step)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_picture_is_kept_at_the_width_of_a_screen() {
    let test = TestApp::sqlite().await;
    let mut staff = officer(&test, "two@example.com", "T2").await;
    let added = add(&mut staff, &drawn(4_000, 1_000, 9, ImageFormat::Jpeg), "全景").await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text);
    assert_eq!(test.db.rows("SELECT CAST(width AS TEXT) FROM picture").await, ["1920"]);
}

//! Store of pages that are the same for all readers, kept as they travel until what is published changes.

use std::io::{Read as _, Write as _};
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::{HeaderMap, header};
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use lru::LruCache;

use super::forms::{Guards, KEY_DIGITS};
use crate::service::inventory::Edition;

/// Memory of all pages kept, bytes: some three hundred pages of matches.
const MOST_BYTES: usize = 4 << 20;
/// Head of a gzip member without name and time (RFC 1952 §2.3).
const GZIP_HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
/// The guards in the HTML of a form, up to their values.
const KEY: &str = "name=\"key\" value=\"";
const SHOWN_AT: &str = "name=\"shown_at\" value=\"";

/// The pages of one edition, those asked for last.
pub(super) struct PageCache(Mutex<CachedPages>);

struct CachedPages {
    edition: Option<Edition>,
    pages: LruCache<String, Arc<CachedPage>>,
    bytes: usize,
}

impl PageCache {
    pub(super) fn new() -> Self {
        Self(Mutex::new(CachedPages { edition: None, pages: LruCache::unbounded(), bytes: 0 }))
    }

    /// Returns a page of this edition.
    pub(super) fn get(&self, key: &str, edition: Edition) -> Option<Arc<CachedPage>> {
        let mut cached = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        cached.turn_to(edition);
        cached.pages.get(key).cloned()
    }

    pub(super) fn put(&self, key: String, edition: Edition, page: Arc<CachedPage>) {
        let mut cached = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        cached.turn_to(edition);
        cached.keep(key, page);
    }
}

impl CachedPages {
    fn turn_to(&mut self, edition: Edition) {
        if self.edition != Some(edition) {
            self.edition = Some(edition);
            self.pages.clear();
            self.bytes = 0;
        }
    }

    fn keep(&mut self, key: String, page: Arc<CachedPage>) {
        self.bytes += page.bytes();
        if let Some((_, former)) = self.pages.push(key, page) {
            self.bytes -= former.bytes();
        }
        while self.bytes > MOST_BYTES
            && let Some((_, oldest)) = self.pages.pop_lru()
        {
            self.bytes -= oldest.bytes();
        }
    }
}

/// A page as it travels: compressed up to the guards of its form, which are fresh in each answer.
pub(super) struct CachedPage {
    /// Raw deflate of all before the guards, flushed to a whole byte; of the whole page where it has none.
    head: Vec<u8>,
    head_crc: Crc,
    /// HTML behind the key and behind the time.
    tail: Option<[String; 2]>,
}

impl CachedPage {
    /// Compresses a page; `None` for one with several guarded forms.
    pub(super) fn of(html: &str) -> Option<Self> {
        let (head, tail) = parted(html)?;
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(head.as_bytes()).and_then(|()| encoder.flush()).ok()?;
        let mut head_crc = Crc::new();
        head_crc.update(head.as_bytes());
        let tail = tail.map(|parts| parts.map(str::to_owned));
        Some(Self { head: encoder.get_ref().clone(), head_crc, tail })
    }

    fn bytes(&self) -> usize {
        self.head.len() + self.tail.iter().flatten().map(String::len).sum::<usize>()
    }

    fn tail(&self, guards: &Guards) -> String {
        let Some([between, behind]) = &self.tail else { return String::new() };
        [&guards.key, between, &guards.shown_at, behind].map(String::as_str).concat()
    }

    /// Returns the page as one member of gzip.
    pub(super) fn gzip(&self, guards: &Guards) -> std::io::Result<Vec<u8>> {
        let tail = self.tail(guards);
        let mut crc = Crc::new();
        crc.update(tail.as_bytes());
        let mut whole = Crc::new();
        whole.combine(&self.head_crc);
        whole.combine(&crc);
        let mut bytes = Vec::with_capacity(GZIP_HEAD.len() + self.head.len() + tail.len() + 2 * size_of::<u32>());
        bytes.extend(GZIP_HEAD);
        bytes.extend(&self.head);
        let mut encoder = DeflateEncoder::new(bytes, Compression::fast());
        encoder.write_all(tail.as_bytes())?;
        let mut bytes = encoder.finish()?;
        bytes.extend(whole.sum().to_le_bytes());
        bytes.extend(whole.amount().to_le_bytes());
        Ok(bytes)
    }

    /// Returns the page as HTML.
    pub(super) fn html(&self, guards: &Guards) -> std::io::Result<Vec<u8>> {
        let (length, tail) = (self.head_crc.amount() as usize, self.tail(guards));
        let mut bytes = vec![0; length];
        DeflateDecoder::new(self.head.as_slice()).read_exact(&mut bytes)?;
        bytes.extend(tail.as_bytes());
        Ok(bytes)
    }
}

/// Parts a page at the guards of its form; `None` where it has more than one such form.
fn parted(html: &str) -> Option<(&str, Option<[&str; 2]>)> {
    let Some(at) = html.find(KEY) else { return Some((html, None)) };
    let (head, rest) = html.split_at(at + KEY.len());
    let rest = rest.get(KEY_DIGITS..)?;
    let (between, rest) = rest.split_at(rest.find(SHOWN_AT)? + SHOWN_AT.len());
    let behind = &rest[rest.find('"')?..];
    (!behind.contains(KEY)).then_some((head, Some([between, behind])))
}

/// Whether a client takes gzip (RFC 9110 §12.5.3).
pub(super) fn takes_gzip(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let is_refused = weight.trim().strip_prefix("q=").is_some_and(|q| q.trim_matches(['0', '.']).is_empty());
        name.trim().eq_ignore_ascii_case("gzip") && !is_refused
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(html: &str) -> Arc<CachedPage> {
        Arc::new(CachedPage::of(html).expect("a page"))
    }

    #[test]
    fn a_page_with_two_guarded_forms_is_not_kept() {
        let form = format!("<form><input {KEY}{:032}\"><input {SHOWN_AT}1\"></form>", 0);
        assert!(CachedPage::of(&form).is_some());
        assert!(CachedPage::of(&form.repeat(2)).is_none());
        assert!(CachedPage::of(&form[..form.len() - 30]).is_none(), "a key without a time");
    }

    #[test]
    fn the_page_asked_for_longest_ago_goes_where_memory_is_full() {
        let mut cached = CachedPages { pages: LruCache::unbounded(), bytes: 0, edition: None };
        let big = page(&"甲".repeat(2_000));
        let room = MOST_BYTES / big.bytes();
        for n in 0..room {
            cached.keep(n.to_string(), big.clone());
        }
        assert_eq!(cached.pages.len(), room);
        cached.pages.get("0");
        cached.keep("new".to_owned(), big.clone());
        cached.keep("new".to_owned(), big.clone());
        assert!(cached.pages.contains("0") && cached.pages.contains("new") && !cached.pages.contains("1"));
        assert_eq!((cached.pages.len(), cached.bytes), (room, room * big.bytes()));
    }
}

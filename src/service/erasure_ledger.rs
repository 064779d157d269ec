//! The ledger of erasures: a file outside the backups that tells which requirements and inquiries were erased, so that the
//! restore of an older copy erases them again before they are seen or mailed. It holds keyed hashes of row ids and nothing else.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ring::hmac;

use super::context::Context;
use crate::error::{Error, Result};

/// First word of the file; the key in base64 follows.
const HEAD: &str = "luodi-erasures-1 ";
/// Bytes of the key: the digest's length (RFC 2104 §3).
const KEY_BYTES: usize = 32;

/// State of a row in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LedgerMark {
    /// It was erased.
    Erased,
    /// It is kept again: a withdrawn inquiry that was asked once more.
    Kept,
}

impl LedgerMark {
    const fn sign(self) -> char {
        match self {
            Self::Erased => '+',
            Self::Kept => '-',
        }
    }
}

/// The ledger's file with its key.
pub struct ErasureLedger {
    path: PathBuf,
    secret: Vec<u8>,
}

/// The erased rows of a ledger at one time.
pub struct ErasedRows {
    key: hmac::Key,
    hashes: HashSet<String>,
}

impl ErasedRows {
    /// Whether the row of this id was erased.
    #[must_use]
    pub fn contains(&self, id: &str) -> bool {
        self.hashes.contains(&hash(&self.key, id))
    }
}

fn hash(key: &hmac::Key, id: &str) -> String {
    crate::ids::hex(hmac::sign(key, id.as_bytes()).as_ref())
}

impl ErasureLedger {
    /// Opens a ledger; where the file is absent, it is made with a key of its own, mode 0600.
    ///
    /// # Errors
    /// [`anyhow::Error`] where the file cannot be made or read, or is no ledger.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        if !path.exists() {
            Self::create(path).with_context(|| path.display().to_string())?;
        }
        Self::read(path)
    }

    /// Opens a ledger that exists.
    ///
    /// # Errors
    /// [`anyhow::Error`] where the file is absent or is no ledger.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let named = || path.display().to_string();
        let mut head = String::new();
        BufReader::new(File::open(path).with_context(named)?).read_line(&mut head).with_context(named)?;
        let secret = head.trim_end().strip_prefix(HEAD).and_then(|key| BASE64.decode(key).ok());
        let secret = secret.filter(|key| key.len() == KEY_BYTES);
        let secret = secret.with_context(|| format!("{} is no ledger of erasures", path.display()))?;
        Ok(Self { path: path.to_owned(), secret })
    }

    /// Two processes may begin at once: the whole file appears under its name, or the other's is there already.
    fn create(path: &Path) -> std::io::Result<()> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder)?;
        let mut head = tempfile::NamedTempFile::new_in(folder)?;
        let key: [u8; KEY_BYTES] = rand::random();
        writeln!(head, "{HEAD}{}", BASE64.encode(key))?;
        head.as_file().sync_all()?;
        match head.persist_noclobber(path) {
            Err(taken) if taken.error.kind() != std::io::ErrorKind::AlreadyExists => Err(taken.error),
            _ => Ok(()),
        }
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether another ledger has the same key: it is a copy of this one, or this one of it.
    #[must_use]
    pub fn is_kin(&self, other: &Self) -> bool {
        self.secret == other.secret
    }

    fn key(&self) -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, &self.secret)
    }

    /// Appends rows, synced to the disk. One write: another process may append at the same time.
    ///
    /// # Errors
    /// [`std::io::Error`] where the file cannot be written.
    pub fn append<'a>(&self, mark: LedgerMark, ids: impl IntoIterator<Item = &'a str>) -> std::io::Result<()> {
        let key = self.key();
        let lines: String = ids.into_iter().map(|id| format!("{} {}\n", mark.sign(), hash(&key, id))).collect();
        let mut file = OpenOptions::new().append(true).mode(0o600).open(&self.path)?;
        file.write_all(lines.as_bytes())?;
        file.sync_data()
    }

    /// Returns the rows whose last line says that they were erased. A line cut off by a full disk is skipped.
    ///
    /// # Errors
    /// [`std::io::Error`] where the file cannot be read.
    pub fn erased(&self) -> std::io::Result<ErasedRows> {
        let mut hashes = HashSet::new();
        for line in BufReader::new(File::open(&self.path)?).lines().skip(1) {
            let line = line?;
            match line.split_once(' ') {
                Some(("+", hash)) => _ = hashes.insert(hash.to_owned()),
                Some(("-", hash)) => _ = hashes.remove(hash),
                _ => {}
            }
        }
        Ok(ErasedRows { key: self.key(), hashes })
    }
}

/// Appends rows to the configured ledger. A failure is counted and logged, and [`reconcile`] writes the rows later: the erasure
/// itself is committed.
pub async fn note(app: &Context, mark: LedgerMark, ids: Vec<String>) {
    let Some(path) = app.config.backup.erasure_ledger() else { return };
    let written = tokio::task::spawn_blocking(move || {
        ErasureLedger::open(&path)?.append(mark, ids.iter().map(String::as_str)).map_err(anyhow::Error::from)
    });
    if let Err(error) = written.await.map_err(anyhow::Error::from).flatten() {
        metrics::counter!("luodi_erasure_ledger_failures_total").increment(1);
        tracing::error!(error = format!("{error:#}"), "the ledger of erasures cannot be written");
    }
}

/// Writes erased requirements that the ledger lacks: erased by another machine, or while it could not be written.
///
/// # Errors
/// [`Error::Unavailable`], or [`Error::Internal`] where the file cannot be written.
pub async fn reconcile(app: &Context) -> Result<()> {
    let Some(path) = app.config.backup.erasure_ledger() else { return Ok(()) };
    let ids = app.db.erased_requirements().await?;
    let written = tokio::task::spawn_blocking(move || -> anyhow::Result<()> {
        let ledger = ErasureLedger::open(&path)?;
        let known = ledger.erased()?;
        let missing: Vec<&str> = ids.iter().map(String::as_str).filter(|id| !known.contains(id)).collect();
        if !missing.is_empty() {
            ledger.append(LedgerMark::Erased, missing)?;
        }
        Ok(())
    });
    written.await.map_err(anyhow::Error::from).flatten().map_err(Error::Internal)
}

//! The real program on a free port, in a folder of its own, with its demo inventory and mails as files.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A running `luodi serve`; it ends with this value.
pub(crate) struct Program {
    child: Child,
    folder: TempDir,
    base: String,
}

impl Program {
    /// Starts it and returns once it serves.
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        // Between this and the program's own bind the port is free for anybody; a clash fails the start, not a promise.
        let port = TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a port").port();
        let base = format!("http://127.0.0.1:{port}");
        let mut command = command(folder.path(), &base);
        command.env("LUODI__SERVER__LISTEN", format!("127.0.0.1:{port}"));
        let mut child = command.stderr(Stdio::piped()).spawn().expect("starts");
        let mut lines = BufReader::new(child.stderr.take().expect("its log")).lines();
        let is_ready = lines.by_ref().any(|line| line.expect("a line").contains("ready"));
        assert!(is_ready, "the program ended before it was ready");
        // Its log is read to the end, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, folder, base }
    }

    /// An address of it.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Runs a command on its database and returns what it prints.
    pub(crate) fn run(&self, args: &[&str]) -> String {
        let output = command(self.folder.path(), &self.base).args(args).output().expect("runs");
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    }

    /// The mails that it has written, the oldest first.
    pub(crate) fn letters(&self) -> Vec<Vec<u8>> {
        let folder = std::fs::read_dir(self.folder.path().join("var/mail")).into_iter().flatten();
        let mut files: Vec<PathBuf> = folder.map(|file| file.expect("a file").path()).collect();
        // A file has its name when it is complete.
        files.retain(|file| file.extension().is_some_and(|ending| ending == "eml"));
        files.sort();
        files.iter().map(|file| std::fs::read(file).expect("a mail")).collect()
    }

    /// Puts a file beside it and returns its path.
    pub(crate) fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        path
    }

    /// Calls the API; pages may not, by their content security policy. A GET without a body.
    pub(crate) fn call(&self, path: &str, body: Option<&Value>) -> Value {
        let host = self.base.trim_start_matches("http://");
        let text = body.map(Value::to_string).unwrap_or_default();
        let (method, key) = (if body.is_some() { "POST" } else { "GET" }, text.len());
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Idempotency-Key: {key}-{}\r\nContent-Length: {}\r\n\r\n",
            path.len(),
            text.len()
        );
        let mut stream = TcpStream::connect(host).expect("connects");
        stream.write_all(format!("{head}{text}").as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let (_, body) = answer.split_once("\r\n\r\n").expect("a head");
        serde_json::from_str(body).unwrap_or_else(|error| panic!("{path}: {error}: {answer}"))
    }

    /// Imports parks.
    pub(crate) fn import_parks(&self, table: &str) {
        self.file("parks.csv", table.as_bytes());
        self.run(&["import", "parks", "parks.csv"]);
    }

    /// A one-time link for a new administrator.
    pub(crate) fn invite(&self, email: &str) -> String {
        self.link(&["user", "add", email, "--role", "admin"])
    }

    /// A one-time link for an account of a park, which replaces the mailed one.
    pub(crate) fn invite_to(&self, email: &str, role: &str, park: &str) -> String {
        self.link(&["user", "add", email, "--role", role, "--park", park])
    }

    fn link(&self, args: &[&str]) -> String {
        let output = command(self.folder.path(), &self.base).args(args).output().expect("runs");
        let printed = String::from_utf8(output.stdout).expect("text");
        let link = printed.split_whitespace().find(|word| word.starts_with("http"));
        link.unwrap_or_else(|| panic!("no link in {printed}")).to_owned()
    }
}

fn command(folder: &Path, base: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_luodi"));
    command
        .current_dir(folder)
        .env_clear()
        .env("LUODI_PROFILE", "development")
        .env("LUODI__SERVER__BASE_URL", base)
        .env("LUODI__LIMITS__ENABLED", "false")
        .env("RUST_LOG", "luodi=info");
    command
}

impl Drop for Program {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

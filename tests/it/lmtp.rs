//! Mail handed over by a mail server through LMTP: each recipient answered after its transaction, nothing lost or taken twice.

use luodi::worker::lmtp::{Listener, serve};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

use crate::app::TestApp;
use crate::database;

const DOMAIN: &str = "reply.luodi.example.com";
const PARK: &str = "two@example.com";

/// A client of the server under test.
struct Client {
    line: BufReader<TcpStream>,
}

impl Client {
    async fn connect(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).await.expect("connects");
        let mut client = Self { line: BufReader::new(stream) };
        assert!(client.reply().await.starts_with("220 "));
        client
    }

    async fn reply(&mut self) -> String {
        let mut all = String::new();
        loop {
            let mut line = String::new();
            self.line.read_line(&mut line).await.expect("a reply");
            let is_last = line.as_bytes().get(3) != Some(&b'-');
            all += &line;
            if is_last {
                return all;
            }
        }
    }

    async fn say(&mut self, text: &str) {
        self.line.get_mut().write_all(text.as_bytes()).await.expect("writes");
    }

    async fn ask(&mut self, command: &str) -> String {
        self.say(&format!("{command}\r\n")).await;
        self.reply().await
    }
}

/// A running server with a configured reply domain, its port and its stop.
async fn serving(test: &TestApp) -> (u16, CancellationToken) {
    let listener = Listener::bind("127.0.0.1:0").await.expect("binds");
    let (port, stop) = (listener.port().expect("a port"), CancellationToken::new());
    tokio::spawn(serve(test.app.clone(), listener, stop.clone()));
    (port, stop)
}

/// The reply address in the mail to the park.
async fn alias_of(test: &TestApp) -> String {
    let reference = test.submitted("r").await;
    let path = format!("/api/v1/requirements/{reference}/inquiries");
    test.post_with(&path, "i", &TestApp::inquiry(&["P1"], &["T2"])).await;
    test.deliver().await;
    let letters = test.letters();
    let parsed = letters.iter().filter_map(|bytes| mail_parser::MessageParser::default().parse(bytes));
    let reply_to = parsed.filter_map(|mail| mail.reply_to()?.first()?.address().map(str::to_owned)).next();
    reply_to.expect("a reply address")
}

#[tokio::test(flavor = "multi_thread")]
async fn each_recipient_is_answered_by_its_own_code_and_a_mail_handed_over_twice_counts_once() {
    for db in database::each().await {
        let test = TestApp::over(db, &[("LUODI__MAIL__ALIAS_DOMAIN", DOMAIN)]).await;
        let alias = alias_of(&test).await;
        let (port, stop) = serving(&test).await;
        for _ in 0..2 {
            let mut client = Client::connect(port).await;
            assert!(client.ask("LHLO mx.example.com").await.contains("PIPELINING"));
            assert!(client.ask(&format!("MAIL FROM:<{PARK}>")).await.starts_with("250 "));
            assert!(client.ask(&format!("RCPT TO:<{alias}>")).await.starts_with("250 "));
            assert!(client.ask("RCPT TO:<somebody@example.com>").await.starts_with("550 5.1.1"));
            let guess = format!("LD20260101-AAAAAAAA.{}@{DOMAIN}", "0".repeat(24));
            assert!(client.ask(&format!("RCPT TO:<{guess}>")).await.starts_with("250 "));
            assert!(client.ask("DATA").await.starts_with("354 "));
            let mail = format!(
                "From: <{PARK}>\r\nTo: list@example.com\r\nMessage-ID: <l@example.com>\r\n\
                 Content-Type: text/plain; charset=utf-8\r\n\r\n欢迎看地。\r\n..点开头\r\n.\r\n"
            );
            client.say(&mail).await;
            for _ in 0..2 {
                assert!(client.reply().await.starts_with("250 2.0.0"), "one reply per recipient");
            }
            assert!(client.ask("QUIT").await.starts_with("221 "));
        }
        stop.cancel();
        test.deliver().await;
        let told: Vec<String> = test.letters().iter().map(|mail| String::from_utf8_lossy(mail).into_owned()).collect();
        assert_eq!(told.iter().filter(|mail| mail.contains("X-Luodi-Kind: reply")).count(), 1, "{}", test.db.name);
        assert_eq!(test.db.rows("SELECT kind FROM staff_task").await, ["mail_unclear"], "the guess is looked at once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_out_of_turn_and_unknown_ones_are_refused_and_the_conversation_goes_on() {
    let test = TestApp::over(database::sqlite().await, &[("LUODI__MAIL__ALIAS_DOMAIN", DOMAIN)]).await;
    let (port, stop) = serving(&test).await;
    let mut client = Client::connect(port).await;
    for (command, code) in [
        ("RCPT TO:<a@reply.luodi.example.com>", "503 "),
        ("DATA", "503 "),
        ("EHLO mx.example.com", "502 "),
        ("NONSENSE", "500 "),
        ("MAIL FROM:<a@example.com> SIZE=99999999", "552 "),
        ("MAIL FROM:<>", "250 "),
        ("RSET", "250 "),
        ("NOOP", "250 "),
    ] {
        let reply = client.ask(command).await;
        assert!(reply.starts_with(code), "{command}: {reply}");
    }
    client.say("LHLO mx.example.com\r\nMAIL FROM:<>\r\nRCPT TO:<x@reply.luodi.example.com>\r\n").await;
    for _ in 0..3 {
        assert!(client.reply().await.starts_with("250"), "commands may come at once");
    }
    stop.cancel();
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_database_a_mail_is_to_be_handed_over_again() {
    let test = TestApp::over(database::sqlite().await, &[("LUODI__MAIL__ALIAS_DOMAIN", DOMAIN)]).await;
    let (port, stop) = serving(&test).await;
    test.db.execute("DROP TABLE inquiry").await;
    let mut client = Client::connect(port).await;
    client.ask("LHLO mx").await;
    client.ask("MAIL FROM:<a@example.com>").await;
    client.ask(&format!("RCPT TO:<ld20260101-aaaaaaaa.{}@{DOMAIN}>", "0".repeat(24))).await;
    client.ask("DATA").await;
    let reply = client.ask("From: <a@example.com>\r\nSubject: x\r\n\r\nhello\r\n.").await;
    assert!(reply.starts_with("451 4.3.0"), "{reply}");
    stop.cancel();
}

#[tokio::test]
async fn only_this_machine_may_hand_mail_over() {
    for address in ["0.0.0.0:2424", "192.0.2.1:2424", "example.com:24", "2424"] {
        assert!(Listener::bind(address).await.is_err(), "{address}");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let address = format!("unix:{}", folder.path().join("lmtp.sock").display());
    drop(Listener::bind(&address).await.expect("binds"));
    let second = Listener::bind(&address).await.expect("the socket of a dead process is taken over");
    assert!(Listener::bind(&address).await.is_err(), "one of a living process is not");
    drop(second);
}

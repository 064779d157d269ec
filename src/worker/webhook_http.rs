//! The HTTP client of webhooks and of the check of links: one request per connection, to an address that was judged after its
//! look-up, within limits on time and size; redirects are answers like any other.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use async_trait::async_trait;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::{Method, Request, Response, header};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto};

use crate::config::{Config, WebhooksConfig};
use crate::service::link_probe::LinkProbe;
use crate::service::webhooks::address::{WebhookAddress, may_call};
use crate::service::webhooks::delivery::{HookAnswer, OutgoingHook};

/// Largest head of an answer, bytes.
const LARGEST_HEAD: usize = 16 * 1024;
/// Largest body of an answer that is read, bytes: those of the robots have less than 300.
const LARGEST_BODY: usize = 16 * 1024;

/// A stream to the receiver, with or without TLS.
trait HookStream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> HookStream for S {}

/// Makes requests to receivers.
#[derive(Clone)]
pub struct WebhookClient {
    tls: Arc<ClientConfig>,
    config: Config,
}

impl WebhookClient {
    /// Creates a client with the public certificate authorities and the configured private one.
    ///
    /// # Errors
    /// [`anyhow::Error`] where the file of the private one cannot be read.
    pub fn new(config: &Config) -> anyhow::Result<Self> {
        Ok(Self { tls: Arc::new(tls(&config.webhooks)?), config: config.clone() })
    }

    /// Sends a request and returns the answer.
    ///
    /// # Errors
    /// The word of what failed: `dns`, `private_address`, `connect`, `tls`, `http`, `timeout`.
    pub async fn send(&self, request: OutgoingHook) -> Result<HookAnswer, String> {
        let limit = Duration::from_secs(self.config.webhooks.timeout_seconds);
        match tokio::time::timeout(limit, self.exchange(request)).await {
            Ok(done) => done.map_err(str::to_owned),
            Err(_) => Err("timeout".to_owned()),
        }
    }

    async fn exchange(&self, request: OutgoingHook) -> Result<HookAnswer, &'static str> {
        let stream = self.connect(&request.address).await?;
        let io = TokioIo::new(stream);
        let handshake = hyper::client::conn::http1::Builder::new().max_buf_size(LARGEST_HEAD).handshake(io);
        let (mut sender, connection) = handshake.await.map_err(|_| "http")?;
        let request = built(request).map_err(|_| "http")?;
        let answer = async {
            let response = sender.send_request(request).await.map_err(|_| "http")?;
            Ok(read(response).await)
        };
        tokio::pin!(connection);
        tokio::pin!(answer);
        // The connection is driven beside the answer and ends with it.
        tokio::select! {
            answer = &mut answer => answer,
            _ = &mut connection => answer.await,
        }
    }

    async fn connect(&self, address: &WebhookAddress) -> Result<Box<dyn HookStream>, &'static str> {
        let found = tokio::net::lookup_host((address.host.as_str(), address.port)).await.map_err(|_| "dns")?;
        let found: Vec<SocketAddr> = found.collect();
        // A name with one private address is refused as a whole: its owner may change which one comes first.
        if found.iter().any(|found| !may_call(&self.config, found.ip())) {
            return Err("private_address");
        }
        // The address that was judged, not the name: a second look-up may differ.
        let stream = TcpStream::connect(found.as_slice()).await.map_err(|_| "connect")?;
        if !address.is_tls {
            return Ok(Box::new(stream));
        }
        let name = ServerName::try_from(address.host.clone()).map_err(|_| "tls")?;
        let stream = TlsConnector::from(Arc::clone(&self.tls)).connect(name, stream).await.map_err(|_| "tls")?;
        Ok(Box::new(stream))
    }
}

#[async_trait]
impl LinkProbe for WebhookClient {
    async fn status(&self, link: &str) -> Result<u16, String> {
        let address = WebhookAddress::parse(link).ok_or("address")?;
        let headers = vec![("user-agent", "luodi-links/1".to_owned()), ("accept", "text/html,*/*;q=0.8".to_owned())];
        Ok(self.send(OutgoingHook { address, headers, body: None }).await?.status)
    }
}

fn built(request: OutgoingHook) -> Result<Request<Full<Bytes>>, hyper::http::Error> {
    let method = if request.body.is_some() { Method::POST } else { Method::GET };
    let mut head = Request::builder().method(method).uri(request.address.target);
    head = head.header(header::HOST, request.address.authority);
    for (name, value) in request.headers {
        head = head.header(name, value);
    }
    head.body(Full::new(Bytes::from(request.body.unwrap_or_default())))
}

async fn read(response: Response<hyper::body::Incoming>) -> HookAnswer {
    let status = response.status().as_u16();
    let retry_after = response.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok());
    let retry_after = retry_after.and_then(|seconds| seconds.trim().parse().ok());
    // A body that is too large or breaks off says nothing; the status stands.
    let body = Limited::new(response.into_body(), LARGEST_BODY).collect().await;
    let body = body.map(|body| body.to_bytes().to_vec()).unwrap_or_default();
    HookAnswer { status, retry_after, body }
}

fn tls(settings: &WebhooksConfig) -> anyhow::Result<ClientConfig> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if !settings.ca_file.is_empty() {
        for certificate in CertificateDer::pem_file_iter(&settings.ca_file).context("webhooks.ca_file")? {
            roots.add(certificate.context("webhooks.ca_file")?).context("webhooks.ca_file")?;
        }
    }
    let provider = Arc::new(crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

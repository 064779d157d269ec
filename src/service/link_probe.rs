//! The door to other sites: a request for one of their pages.

use async_trait::async_trait;

/// Asks other sites for pages.
#[async_trait]
pub trait LinkProbe: Send + Sync {
    /// Asks for the page at an absolute `http` or `https` address and returns the HTTP status; a redirect is not followed.
    ///
    /// # Errors
    /// The word of what failed: `address`, `dns`, `private_address`, `connect`, `tls`, `http`, `timeout`.
    async fn status(&self, link: &str) -> Result<u16, String>;
}

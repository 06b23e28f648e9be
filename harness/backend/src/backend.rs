//! What can serve the calls, and how it is written.

use std::fmt;
use std::str::FromStr;

use http::Uri;

use crate::versions::{Emulator, LOCALSTACK, MINISTACK, MOTO};

/// What serves the calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Backend {
    /// The account in this process.
    Embedded,
    /// moto, an emulator of many services that takes every condition of an Allow as met.
    Moto,
    /// LocalStack.
    Localstack,
    /// MiniStack.
    Ministack,
    /// AWS itself. It is not started, and not reached from here.
    Aws,
    /// Something that runs already.
    Endpoint {
        /// `http://HOST:PORT` or `https://…`.
        url: String,
    },
}

/// What was written names no backend.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{written}` is no backend: {why}")]
pub struct UnknownBackend {
    written: String,
    why: &'static str,
}

impl Backend {
    /// What files are named after: `embedded`, `moto`, `localstack`, `ministack`, `aws` or `endpoint`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match (self, self.emulator()) {
            (_, Some(emulator)) => emulator.name,
            (Self::Endpoint { .. }, None) => "endpoint",
            (Self::Aws, None) => "aws",
            (_, None) => "embedded",
        }
    }

    /// The emulator that has to be started, with its pinned version.
    #[must_use]
    pub fn emulator(&self) -> Option<&'static Emulator> {
        match self {
            Self::Moto => Some(&MOTO),
            Self::Localstack => Some(&LOCALSTACK),
            Self::Ministack => Some(&MINISTACK),
            Self::Embedded | Self::Aws | Self::Endpoint { .. } => None,
        }
    }
}

impl fmt::Display for Backend {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Endpoint { url } => out.write_str(url),
            other => out.write_str(other.name()),
        }
    }
}

impl FromStr for Backend {
    type Err = UnknownBackend;

    fn from_str(written: &str) -> Result<Self, UnknownBackend> {
        let unknown = |why| UnknownBackend { written: written.to_owned(), why };
        for backend in [Self::Embedded, Self::Moto, Self::Localstack, Self::Ministack, Self::Aws] {
            if backend.name() == written {
                return Ok(backend);
            }
        }
        if !written.contains("://") {
            return Err(unknown("write embedded, moto, localstack, ministack, aws, or the URL of an endpoint"));
        }
        let url: Uri = written.parse().map_err(|_| unknown("that is no URL"))?;
        if !matches!(url.scheme_str(), Some("http" | "https")) {
            return Err(unknown("an endpoint's URL begins with http:// or https://"));
        }
        let Some(authority) = url.authority() else { return Err(unknown("that is no URL")) };
        if authority.as_str().contains('@') {
            return Err(unknown("credentials do not belong into an endpoint's URL"));
        }
        // A port that is no number of 16 bits is none to the parser.
        let port = authority.port_u16().map_or_else(String::new, |port| format!(":{port}"));
        if authority.host().is_empty() || authority.as_str() != format!("{}{port}", authority.host()) {
            return Err(unknown("an endpoint's URL is http://HOST:PORT"));
        }
        if url.path_and_query().is_some_and(|path| path != "/") || written.contains('#') {
            return Err(unknown("an endpoint's URL ends after its port"));
        }
        Ok(Self::Endpoint { url: written.trim_end_matches('/').to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        for written in
            ["embedded", "moto", "localstack", "ministack", "aws", "http://127.0.0.1:4566", "https://[::1]:4566"]
        {
            let backend: Backend = written.parse().unwrap();
            assert_eq!(backend.to_string(), written);
        }
        let endpoint: Backend = "http://localhost:5000/".parse().unwrap();
        assert_eq!((endpoint.name(), endpoint.to_string().as_str()), ("endpoint", "http://localhost:5000"));
    }

    #[test]
    fn what_names_no_backend_is_said() {
        let check = |written: &str, why: &str| {
            let error = written.parse::<Backend>().unwrap_err().to_string();
            assert_eq!(error, format!("`{written}` is no backend: {why}"));
        };
        check("Moto", "write embedded, moto, localstack, ministack, aws, or the URL of an endpoint");
        check("", "write embedded, moto, localstack, ministack, aws, or the URL of an endpoint");
        check("localhost:4566", "write embedded, moto, localstack, ministack, aws, or the URL of an endpoint");
        check("ftp://localhost", "an endpoint's URL begins with http:// or https://");
        check("http://id:secret@localhost", "credentials do not belong into an endpoint's URL");
        check("http://localhost:99999", "an endpoint's URL is http://HOST:PORT");
        check("http://localhost:", "an endpoint's URL is http://HOST:PORT");
        check("http://localhost/v1", "an endpoint's URL ends after its port");
        check("http://localhost/?a", "an endpoint's URL ends after its port");
        check("http://", "that is no URL");
    }
}

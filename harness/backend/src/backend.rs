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
#[error("{why}")]
pub struct UnknownBackend {
    why: String,
}

impl Backend {
    /// Those that have a name; every other is a URL.
    const NAMED: [Self; 5] = [Self::Embedded, Self::Moto, Self::Localstack, Self::Ministack, Self::Aws];

    /// A backend from what was written, if it is a URL or one of these.
    ///
    /// # Errors
    /// It is neither; the text says what can be written.
    pub fn among(these: &[Self], written: &str) -> Result<Self, UnknownBackend> {
        if let Some(backend) = these.iter().find(|backend| backend.name() == written) {
            return Ok(backend.clone());
        }
        if written.contains("://") {
            return endpoint(written).map_err(|why| UnknownBackend { why: why.to_owned() });
        }
        let names: Vec<_> = these.iter().map(Self::name).collect();
        let near = source::suggest(written, names.iter().copied()).map(|name| format!("did you mean `{name}`? "));
        let (near, names) = (near.unwrap_or_default(), names.join(", "));
        Err(UnknownBackend { why: format!("{near}Accepted: {names}, or a URL such as http://localhost:4566") })
    }

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
        Self::among(&Self::NAMED, written)
    }
}

fn endpoint(written: &str) -> Result<Backend, &'static str> {
    const NO_URL: &str = "this is not a URL";
    let url: Uri = written.parse().map_err(|_| NO_URL)?;
    if !matches!(url.scheme_str(), Some("http" | "https")) {
        return Err("the URL must begin with http:// or https://");
    }
    let authority = url.authority().ok_or(NO_URL)?;
    if authority.as_str().contains('@') {
        return Err("leave the credentials out of the URL; --backend-key takes them");
    }
    // A port that is no number of 16 bits is none to the parser.
    let port = authority.port_u16().map_or_else(String::new, |port| format!(":{port}"));
    if authority.host().is_empty() || authority.as_str() != format!("{}{port}", authority.host()) {
        return Err("write the URL as http://HOST:PORT");
    }
    if url.path_and_query().is_some_and(|path| path != "/") || written.contains('#') {
        return Err("the URL must end after its port: http://HOST:PORT");
    }
    Ok(Backend::Endpoint { url: written.trim_end_matches('/').to_owned() })
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
            assert_eq!(error, why, "{written}");
        };
        let all = "Accepted: embedded, moto, localstack, ministack, aws, or a URL such as http://localhost:4566";
        check("Moto", &format!("did you mean `moto`? {all}"));
        check("minstack", &format!("did you mean `ministack`? {all}"));
        check("", all);
        check("nope", all);
        check("localhost:4566", all);
        check("ftp://localhost", "the URL must begin with http:// or https://");
        check("http://id:secret@localhost", "leave the credentials out of the URL; --backend-key takes them");
        check("http://localhost:99999", "write the URL as http://HOST:PORT");
        check("http://localhost:", "write the URL as http://HOST:PORT");
        check("http://localhost/v1", "the URL must end after its port: http://HOST:PORT");
        check("http://localhost/?a", "the URL must end after its port: http://HOST:PORT");
        check("http://", "this is not a URL");
    }
}

//! How an emulator is started.

use std::env;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use account::AccessKey;

/// How an emulator is started.
#[derive(Clone)]
pub struct Options {
    /// In a container or as a process.
    pub way: Way,
    /// Whether it is to enforce policies itself, as far as it can.
    pub enforcement: Enforcement,
    /// Another version than the pinned one; in a container only.
    pub version: Option<String>,
    /// The key of its root user. The emulators here all take `test`/`test`; an endpoint may want another.
    pub root: AccessKey,
    /// The account that it serves.
    pub account: String,
    /// What LocalStack wants after 4.14.0, and what it enforces no policies without. No run with one has been made.
    pub localstack_token: Option<String>,
    /// Where virtual environments, logs of failures, and folders for the time of a run are kept.
    pub cache: PathBuf,
    /// How long it may take to serve, once it is there to be started.
    pub deadline: Duration,
}

/// In a container or as a process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Way {
    /// In a container if Docker answers and has or gets the image, else as a process.
    #[default]
    Any,
    /// In a container.
    Container,
    /// As a process, from a virtual environment.
    Process,
}

/// Whether an emulator enforces policies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Enforcement {
    /// It lets everything through: somebody in front of it decides.
    #[default]
    Off,
    /// It decides, as well as it can: LocalStack (with a token) and MiniStack from their start. moto is switched by
    /// a call, once what it shall enforce is there: <https://docs.getmoto.org/en/latest/docs/iam.html>.
    On,
}

/// What was written is no [`Way`].
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no way to start an emulator: write any, container or process")]
pub struct UnknownWay(String);

impl Options {
    /// The defaults, with what the environment says: `XDG_CACHE_HOME` and `LOCALSTACK_AUTH_TOKEN`.
    #[must_use]
    pub fn from_environment() -> Self {
        let folder = |name| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let caches = folder("XDG_CACHE_HOME").or_else(|| Some(folder("HOME")?.join(".cache")));
        Self {
            localstack_token: env::var("LOCALSTACK_AUTH_TOKEN").ok().filter(|token| !token.is_empty()),
            ..Self::with_cache(caches.unwrap_or_else(env::temp_dir).join("tagproof"))
        }
    }

    /// The defaults, with a folder to keep things in.
    #[must_use]
    pub fn with_cache(cache: PathBuf) -> Self {
        Self {
            way: Way::default(),
            enforcement: Enforcement::default(),
            version: None,
            root: AccessKey { id: "test".to_owned(), secret: "test".to_owned() },
            account: "123456789012".to_owned(),
            localstack_token: None,
            cache,
            deadline: Duration::from_secs(60),
        }
    }
}

impl fmt::Debug for Options {
    /// Without the token.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Options")
            .field("way", &self.way)
            .field("enforcement", &self.enforcement)
            .field("version", &self.version)
            .field("cache", &self.cache)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Way {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Any => "any",
            Self::Container => "container",
            Self::Process => "process",
        })
    }
}

impl FromStr for Way {
    type Err = UnknownWay;

    fn from_str(written: &str) -> Result<Self, UnknownWay> {
        let ways = [Self::Any, Self::Container, Self::Process];
        ways.into_iter().find(|way| way.to_string() == written).ok_or_else(|| UnknownWay(written.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_are_read_back() {
        for way in [Way::Any, Way::Container, Way::Process] {
            assert_eq!(way.to_string().parse(), Ok(way));
        }
        let error = "docker".parse::<Way>().unwrap_err();
        assert_eq!(error.to_string(), "`docker` is no way to start an emulator: write any, container or process");
    }

    #[test]
    fn secrets_are_not_shown() {
        let options = Options { localstack_token: Some("ls-secret".to_owned()), ..Options::with_cache("/c".into()) };
        assert!(!format!("{options:?}").contains("secret"));
    }
}

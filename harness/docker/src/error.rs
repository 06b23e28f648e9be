//! Why something could not be had from Docker.

use testcontainers::bollard::errors::Error;

/// Why something could not be had from Docker.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DockerError {
    /// It does not answer.
    #[error("Docker does not answer: {0}")]
    Silent(String),
    /// The image is not there, and could not be pulled.
    #[error("the image {image} is not there and cannot be pulled: {why}")]
    Image {
        /// Its name and tag.
        image: String,
        /// What Docker said.
        why: String,
    },
    /// It did not do something else.
    #[error("Docker did not {what}: {why}")]
    Refused {
        /// Start a container, remove it …
        what: &'static str,
        /// What Docker said.
        why: String,
        /// HTTP's, if it answered.
        status: Option<u16>,
    },
}

impl DockerError {
    pub(crate) fn refused(what: &'static str, failure: &Error) -> Self {
        Self::Refused { what, why: whole(failure), status: status(failure) }
    }

    /// What to do.
    #[must_use]
    pub fn mend(&self) -> &'static str {
        match self {
            Self::Silent(_) => "start Docker, or see that DOCKER_HOST is right and this user may use it",
            Self::Image { .. } => "pull the image where a registry can be reached, or load it with `docker load`",
            Self::Refused { .. } => "see what Docker says about it: `docker info`, and its own log",
        }
    }

    /// The HTTP status with which it refused.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Refused { status, .. } => *status,
            _ => None,
        }
    }
}

/// An error with what caused it: what the client says by itself is often only that there was one.
pub(crate) fn whole(failure: &Error) -> String {
    let mut text = failure.to_string();
    let mut cause = std::error::Error::source(failure);
    while let Some(error) = cause {
        let said = error.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        cause = error.source();
    }
    text
}

pub(crate) fn status(failure: &Error) -> Option<u16> {
    match failure {
        Error::DockerResponseServerError { status_code, .. } => Some(*status_code),
        _ => None,
    }
}

//! Docker Engine: whether it answers, images, and what of ours is in it.
//!
//! Every container and network that we make carries the label [`LABEL`] with its [`Owner`], the process that made it.
//! What a signal would leave behind is removed before the process ends ([`remove_before_ending`]); what SIGKILL leaves behind, the next
//! run removes ([`sweep()`]). Nothing is asked of Docker without a limit to how long it may take.

mod client;
mod error;
mod leftovers;
mod owner;
mod run_to_end;
mod sweep;

pub use testcontainers::bollard;

pub use client::{LABEL, Progress, answer, connect, has, have, networks, remove, remove_network};
pub use error::DockerError;
pub use leftovers::remove_before_ending;
pub use owner::{Life, Owner};
pub use run_to_end::run_to_end;
pub use sweep::{has_no_use, sweep};

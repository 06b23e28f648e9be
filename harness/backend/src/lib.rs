//! Start, watch and stop what serves the calls.
//!
//! The embedded account is `wire::Server` in the same process. moto, LocalStack and MiniStack are emulators that run by
//! themselves, in a container or, without Docker, as a child process; [`start`] starts one and answers when it serves.
//! Nothing of it is left behind, however this process ends:
//!
//! | how | what removes what |
//! |---|---|
//! | [`Running::stop`], or dropped | the container is removed, the process ended |
//! | Ctrl-C, SIGTERM, SIGHUP | `docker` removes the containers; processes end, for their standard input does |
//! | SIGKILL | processes end by themselves; the next start sweeps containers and folders of owners that are gone |
//!
//! Versions are in one table, [`versions`].

mod backend;
mod container;
mod error;
mod folder;
mod health;
mod leashed;
mod logs;
mod options;
mod process;
mod running;
mod start;
mod sweep;
mod tail;
mod venv;
pub mod versions;

pub use backend::{Backend, UnknownBackend};
pub use error::{BackendError, Failure};
pub use options::{Enforcement, Options, UnknownWay, Way};
pub use running::Running;
pub use start::start;

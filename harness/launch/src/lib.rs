//! Runs the containers of tasks, and tells the account what becomes of them.
//!
//! A [`Launcher`] attends a task of a hosted world: it carries out what the account orders, and tells it what has
//! happened, until the task has ended. As *processes*, containers run on this machine with nothing of its user's
//! environment; an image stands for the program that is its entry point. In *Docker* the image itself runs, on a network
//! that leads to the account and nowhere else; that is the feature `docker`, and who leaves it out has processes alone.
//!
//! Whatever is started is stopped: when a container ends, everything that it has started ends with it; when a launcher
//! is dropped, so does every container; and when this process dies, however it dies, a [warden](process::warden) sees to
//! processes, and the next run to what is in Docker.

mod attend;
mod container;
#[cfg(feature = "docker")]
mod engine;
#[cfg(not(feature = "docker"))]
#[path = "engine_left_out.rs"]
mod engine;
mod environment;
mod images;
mod launcher;
mod output;
mod printed;
mod process;

pub use attend::Ran;
pub use images::Images;
pub use launcher::Launcher;
pub use process::fence::{Fence, fences};

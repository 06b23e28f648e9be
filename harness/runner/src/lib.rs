//! Runs the matrix of a scenario with the AWS SDKs.
//!
//! [`run`] sends what a scenario's options do to worlds behind a [`wire::Server`], to an emulator, or to a real account, and
//! gives [`matrix::Results`], as [`matrix::predict`] does. What was made elsewhere than here is deleted again; what a killed
//! run has left in a real account, [`leftovers`] finds.

mod aws;
mod clean;
mod client;
mod error;
mod run;

pub use aws::{Aws, AwsError};
pub use clean::{Leftover, delete, leftovers};
pub use error::RunError;
pub use launch::{Images, Launcher};
pub use run::{Access, Emulator, Event, On, PlannedResource, Standing, StandingCaller, Stop, Watch, run, stand};

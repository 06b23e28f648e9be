//! Scenario files to a matrix, run with the AWS SDKs, to outcomes.
//!
//! [`load`] reads a scenario with its template, gives every error at once, and works out what each option does, before
//! anything is sent anywhere. [`run`] sends that to worlds behind a [`wire::Server`], to an emulator, or to a real account,
//! with the AWS SDKs; [`predict`] gives it to the same worlds in this process, by the same steps. All give [`Results`].

mod api;
mod aws;
mod calls;
mod clean;
mod client;
mod directory;
mod error;
mod fidelity;
mod file;
mod flow;
mod gather;
mod load;
mod names;
mod outcome;
mod path;
mod plan;
mod policies;
mod predict;
mod prepare;
mod question;
mod results;
mod run;
mod scenario;
mod statement;
mod written;

pub use account::RecordedDecision as Filed;
pub use aws::{Aws, AwsError};
pub use clean::{Leftover, delete, leftovers};
pub use error::RunError;
pub use fidelity::Fidelity;
pub use launch::{Images, Launcher};
pub use load::{LoadError, load};
pub use outcome::normal;
pub use path::{lexical, no_file};
pub use policies::OptionPolicy;
pub use predict::predict;
pub use prepare::Prepared;
pub use results::{
    Bare, Canary, Cell, Expectation, Expected, Named, NotApplied, OptionRow, Outcome, Results, TaskRun, Timings,
};
pub use run::{Access, Emulator, Event, On, Standing, Stop, Watch, run, stand};

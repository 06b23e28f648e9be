//! Scenario files to a matrix, and what comes of it.
//!
//! [`load`] reads a scenario with its template, gives every error at once, and works out what each option does, before
//! anything is sent anywhere. [`predict`] gives that to worlds in this process. A real run gives [`flow`] a
//! [`Carrier`](flow::Carrier), by which the same steps are taken. Both give [`Results`].
//!
//! Nothing here sends, starts or waits for anything, and nothing but [`load`], [`draft`], [`deployment::open`] and [`no_file`] touches
//! the disk. [`deployment::open`] is the one way to read what is deployed: a template with all that stands beside it, or a
//! stack of a folder that the CDK has synthesised.

pub mod call;
pub mod capability;
mod claim;
pub mod deployment;
mod directory;
mod error;
mod fidelity;
mod file;
pub mod flow;
mod gather;
mod load;
mod names;
mod normal;
pub mod operations;
mod outcome;
mod path;
pub mod plan;
mod policies;
mod predict;
mod prepare;
mod prepared;
mod question;
pub mod read;
mod results;
mod scenario;
mod statement;
mod told;
mod written;

pub use account::RecordedDecision;
pub use claim::{ClaimError, Claimed, HandsOut, claims};
pub use error::SetUpError;
pub use fidelity::Fidelity;
pub use gather::{Gathered, gather};
pub use load::{LoadError, draft, load};
pub use normal::normal;
pub use outcome::{FinishedCell, is_denial};
pub use path::{NoFile, lexical, no_file};
pub use policies::OptionPolicy;
pub use predict::{NO_LAUNCHER, furnish, predict};
pub use prepared::{Prepared, Trial};
pub use question::Question;
pub use results::{
    AxisEntry, Bare, Canary, Cell, ExitCode, Expectation, Expected, NotApplied, OptionRow, Outcome, Results, TaskRun,
    Timings,
};
pub use scenario::Scenario;
pub use template::GeneratedName;

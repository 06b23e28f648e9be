//! An emulated AWS account: identities, sessions, buckets, tasks.
//!
//! A [`World`] is everything that one emulated AWS holds: its accounts with their users and roles, the buckets, the
//! clusters and tasks, the organisation above them. A [`Call`] is one signed request against it. Each operation first
//! says what it must be authorised for, as [`Check`]s, and asks the one decision function in `policy`; only then does
//! it do anything.
//!
//! The crate is pure: the clock and the ids come in with the call, HTTP stays outside.

mod authorize;
mod call;
mod check;
mod context;
mod fault;
mod identity;
mod input;
mod organization;
mod question;
mod tags;
mod world;

#[cfg(test)]
mod testkit;

pub mod ecs;
pub mod iam;
pub mod ids;
pub mod logs;
pub mod s3;
pub mod sts;

pub use authorize::Filed;
pub use call::{Call, Signing, Surroundings, Tracing};
pub use check::Check;
pub use fault::{Fault, Sender};
pub use identity::{Credential, Identity, Session, SessionKind};
pub use ids::Ids;
pub use organization::{Endpoint, Levels, Organization};
pub use tags::Tags;
pub use world::{AccessKey, Settings, World};

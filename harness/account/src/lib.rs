//! The core of an emulated AWS account: identities, sessions, and how each call is authorised.
//!
//! A [`World`] is everything that one emulated AWS holds: its accounts with their users and roles, what each of its
//! [services](Service) keeps, the organisation above them. A [`Call`] is one signed request against it. Each operation of
//! a service first says what it must be authorised for, as [`Check`]s, and asks the one decision function in `policy`;
//! only then does it do anything. The services themselves are crates of their own, above this one.
//!
//! The crate is pure: the clock and the ids come in with the call, HTTP stays outside.

mod account_region;
mod authorize;
mod call;
mod caller;
mod check;
mod context;
mod credentials;
mod decision;
mod fault;
mod identity;
mod organization;
mod page;
mod principals;
mod tag_rules;
mod tags;
mod world;

pub mod identities;
pub mod ids;
pub mod input;
pub mod operation;

pub use account_region::AccountRegion;
pub use call::{Call, Signing, Surroundings, Tracing, Work};
pub use caller::CallerIdentity;
pub use check::Check;
pub use credentials::Credentials;
pub use decision::RecordedDecision;
pub use fault::{Fault, Sender};
pub use identity::{Credential, Identity, Session, SessionKind};
pub use ids::Ids;
pub use organization::{Endpoint, Levels, Organization};
pub use page::{Page, Part};
pub use principals::{each_principal, with_principals};
pub use protocol::{Breach, BreachKind};
pub use tag_rules::{Reserved, TagProblem, TagRules, is_tag_character};
pub use tags::Tags;
pub use world::{AccessKey, Account, Run, Service, Services, Settings, State, World};

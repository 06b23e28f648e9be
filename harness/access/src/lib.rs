//! Who can do what in some accounts, and under which conditions. Pure.
//!
//! An [`Inventory`] holds principals, resources and accounts, each with the policies that have a say. It is made from a
//! stack ([`Inventory::of_stack`]), from account details ([`Inventory::of_details`]) or from a folder of iam-collect
//! ([`Inventory::of_iam_collect`]).

mod answer;
mod asked;
mod asker;
mod callers;
mod changes;
mod details;
mod facts;
pub mod generate;
mod handing;
mod iam_collect;
mod index;
mod inventory;
mod json;
mod parallel;
mod prepared;
mod read;
mod residual;
mod solve;
mod stack;
mod target;
mod what_can;
mod who_can;

pub use answer::{Access, Answer, Condition, Denial, Limit, SessionTags, StatementName, Way, Who};
pub use asker::Asker;
pub use changes::{Became, Change, Changes, changes};
pub use index::Index;
pub use inventory::{Account, Attached, Inventory, Organization, Owned, Place, Principal, Resource};
pub use simulate::Fault;
pub use what_can::{Extent, Permission};
pub use who_can::{Unanswered, WhoCan};

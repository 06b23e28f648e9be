//! Who can do what in some accounts, and under which conditions. Pure.
//!
//! An [`Inventory`] holds principals, resources and accounts, each with the policies that have a say. It is made from a
//! stack ([`Inventory::of_stack`]), from account details ([`Inventory::of_details`]) or from a folder of iam-collect
//! ([`Inventory::of_iam_collect`]).

mod changes;
mod details;
mod iam_collect;
mod inventory;
mod read;
mod stack;

pub use changes::{Became, Change, Changes, changes};
pub use inventory::{Account, Attached, Inventory, Organization, Owned, Place, Principal, Resource};

//! CloudFormation templates to resources, with source spans. Pure.
//!
//! [`ready`] takes the tree of a template (YAML and JSON give the same tree) and does what AWS's own transforms do: it puts in
//! what is included, and writes loops out. [`read`] checks the structure of what comes out. [`resolve`]
//! applies parameters, conditions, mappings and intrinsic functions, and gives a [`Stack`]: the resources in the order
//! CloudFormation would create them, each with typed properties. Whatever is not modelled is kept and named in
//! [`Stack::not_applied`]. [`attached`] tells what the policy engine asks of a stack: principals with their policies,
//! resources with ARN, policy and tags. [`patch`] changes a tree before it is read, as RFC 6902 has it. [`terraform`] makes
//! such a tree of a plan or a state of Terraform.
//!
//! Values that AWS makes up (the names of resources that were given none, ids, ARNs) are made up here from the stack's name
//! and the logical id alone, so that the same template always gives the same stack. They have AWS's shape, and what goes wrong
//! only because of one of them is no error.

pub mod assembly;
pub mod attached;
mod attribute;
mod condition;
mod evaluate;
mod exports;
mod files;
mod inputs;
mod intrinsic;
mod known_types;
mod listed_types;
mod meant;
mod names;
mod nested;
mod order;
mod parameter;
pub mod patch;
mod pattern;
mod ready;
mod references;
mod resolve;
pub mod resource;
pub mod sam;
mod shape;
mod stack_set;
mod template;
pub mod terraform;
#[cfg(test)]
mod tests;
mod text;

pub use files::{Files, Wanted, wanted};
pub use inputs::Inputs;
pub use nested::nested_template;
pub use parameter::{PARAMETER_WITHOUT_VALUE, STORED_PARAMETER};
pub use pattern::likely;
pub use ready::ready;
pub use resolve::{GeneratedName, MadeUp, NotApplied, Output, Resource, Stack, resolve};
pub use shape::{Text, json};
pub use template::{Template, read};
pub use text::parse;

//! CloudFormation templates to resources, with source spans. Pure.
//!
//! [`read`] takes the tree of a template (YAML and JSON give the same tree) and checks its structure. [`resolve`]
//! applies parameters, conditions, mappings and intrinsic functions, and gives a [`Stack`]: the resources in the order
//! CloudFormation would create them, each with typed properties. Whatever is not modelled is kept and named in
//! [`Stack::not_applied`]. [`attached`] tells what the policy engine asks of a stack: principals with their policies,
//! resources with ARN, policy and tags. [`patch`] changes a tree before it is read, as RFC 6902 has it.
//!
//! Values that CloudFormation makes up (the names of resources that were given none) are made up here from the stack's
//! name and the logical id alone, so that the same template always gives the same stack.

pub mod attached;
mod attribute;
mod condition;
mod evaluate;
mod inputs;
mod intrinsic;
mod known_types;
mod meant;
mod names;
mod order;
mod parameter;
pub mod patch;
mod references;
mod resolve;
pub mod resource;
pub mod sam;
mod shape;
mod template;
#[cfg(test)]
mod tests;

pub use inputs::Inputs;
pub use resolve::{MadeUp, NotApplied, Output, Resource, Stack, resolve};
pub use shape::{Text, json};
pub use template::{Template, read};

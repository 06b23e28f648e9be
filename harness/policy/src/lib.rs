//! The IAM policy language: parse, evaluate, explain. Pure.
//!
//! A [`Document`] is what somebody wrote, with its places. A [`Policy`] is a document made ready for deciding, once.
//! [`decide`] says what becomes of a [`Request`] under a set of [`Policies`]; [`explain`] is the same code and keeps a
//! [`Trace`] as well. Rules stand beside the AWS page they come from; where AWS's documentation does not settle a
//! question, the answer is a row of [`undocumented::ROWS`], and a decision that used it says so.

mod action;
mod arn_pattern;
mod compile;
mod condition;
mod context;
mod decide;
mod denial;
mod document;
mod evaluate;
mod hash;
mod kind;
mod mend;
mod pattern;
mod policies;
mod principal;
mod reason;
mod recognise;
mod request;
mod value;
mod vocabulary;
mod words;

pub mod address;
pub mod arn;
pub mod facts;
pub mod operator;
pub mod partition;
pub mod trace;
pub mod undocumented;
pub mod view;
pub mod wildcard;

pub use compile::Policy;
pub use context::{Context, ContextValue};
pub use decide::{Decision, Verdict, decide, decide_alone, explain, explain_alone};
pub use denial::Quoting;
pub use document::{Document, Effect, Element, Holder, Name as PrincipalName, Principals, Problem};
pub use kind::{Kind, Kinds};
pub use mend::{Change, Mend, PolicyPosition, Written};
pub use policies::Policies;
pub use principal::Principal;
pub use recognise::is_policy;
pub use request::Request;
pub use trace::Trace;
pub use vocabulary::{NoVocabulary, TagsOf, Vocabulary};
pub use words::plain;

#[cfg(test)]
mod testing;

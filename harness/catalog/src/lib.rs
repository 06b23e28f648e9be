//! What every AWS action can be authorised on, and AWS's managed policies. Pure, data.
//!
//! The data is AWS's [service authorisation reference](https://docs.aws.amazon.com/service-authorization/latest/reference/)
//! as text under `data/`, compiled in and read lazily, service by service. A condition key can be in a request's
//! context only if the reference lists it for the action, or on the [`Row`] of the resource that the request is
//! authorised on, or makes it a key of every request. That is how tagproof knows that `s3:GetObject` never carries
//! `aws:RequestTag/…`, whatever the tags of the task that sends it, and that `ec2:RunInstances` carries it on the
//! instance and not on the image.
//!
//! What the reference cannot say: whether a key it lists is there in *this* request (`aws:ResourceTag` of an S3 object
//! needs a bucket with attribute-based access control switched on), and whether AWS honours it everywhere it lists it
//! (`iam:PassRole` has `aws:ResourceTag` from the role type, though the user guide's page on passing roles says that
//! the role's tags cannot limit it).

mod action;
mod arn;
mod authorised;
mod fold;
mod key;
mod operation;
mod question;
mod row;
mod service;
mod twin;
mod unsettled;
mod vocabulary;

pub mod managed;

pub use action::{Access, Action, action, expand};
pub use arn::ResourceType;
pub use key::{Key, ValueType, key, keys, keys_of};
pub use operation::{DependentAction, On, Operation, operation};
pub use question::{TagQuestion, tag_questions};
pub use row::Row;
pub use service::{Service, actions_of, service, services};
pub use twin::{TagSet, tag};
pub use vocabulary::Catalog;

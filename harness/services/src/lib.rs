//! The AWS services that an emulated account has, each in a crate of its own beside this one.

use account::Services;

/// Every service that is emulated.
pub static ALL: Services = &[&iam::Iam, &sts::Sts, &s3::S3, &s3::S3Control, &logs::Logs, &ecs::Ecs];

//! The AWS services that an emulated account has, each in a crate of its own beside this one.

use account::Services;
use account::operation::OperationRow;

/// Every service that is emulated.
pub static ALL: Services = &[&iam::Iam, &sts::Sts, &s3::S3, &s3::S3Control, &logs::Logs, &ecs::Ecs];

/// Every operation of every service.
pub fn operations() -> impl Iterator<Item = &'static OperationRow> {
    ALL.iter().flat_map(|service| service.operations())
}

/// An operation of a service: `iam`, `CreateRole`.
#[must_use]
pub fn operation(service: &str, operation: &str) -> Option<&'static OperationRow> {
    operations().find(|known| known.service() == service && known.operation() == operation)
}

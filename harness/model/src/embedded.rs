//! The models that are built in.

use std::sync::LazyLock;

use crate::Model;

/// The models that are built in, by their names in the AWS CLI.
pub const NAMES: &[&str] = &["ecs", "iam", "logs", "s3", "s3control", "sts"];

/// The model of a service, by the service's name in the AWS CLI. `None`: it is not built in.
#[must_use]
pub fn of(name: &str) -> Option<&'static Model> {
    Some(match name {
        "ecs" => &ECS,
        "iam" => &IAM,
        "logs" => &LOGS,
        "s3" => &S3,
        "s3control" => &S3_CONTROL,
        "sts" => &STS,
        _ => return None,
    })
}

/// Read when it is first looked at. A test reads each: none is empty.
type Embedded = LazyLock<Model>;

macro_rules! embedded {
    ($($(#[$doc:meta])* $constant:ident = $name:literal;)*) => {
        $(
            $(#[$doc])*
            pub static $constant: Embedded = LazyLock::new(|| {
                let text = include_str!(concat!("../data/", $name, ".json"));
                Model::read($name, text).unwrap_or_else(|_| Model::empty($name))
            });
        )*
    };
}

embedded! {
    /// Amazon ECS.
    ECS = "ecs";
    /// AWS IAM.
    IAM = "iam";
    /// Amazon CloudWatch Logs.
    LOGS = "logs";
    /// Amazon S3.
    S3 = "s3";
    /// Amazon S3 Control.
    S3_CONTROL = "s3control";
    /// AWS STS.
    STS = "sts";
}

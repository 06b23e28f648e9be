//! The models that are built in.

use std::sync::LazyLock;

use crate::Model;

/// The models that are built in, by their names in the AWS CLI.
pub const NAMES: &[&str] = &["ecs", "iam", "logs", "s3", "s3control", "sts"];

/// The model of a service, by the service's name in the AWS CLI. `None`: it is not built in.
#[must_use]
pub fn of(name: &str) -> Option<&'static Model> {
    let model = match name {
        "ecs" => &ECS,
        "iam" => &IAM,
        "logs" => &LOGS,
        "s3" => &S3,
        "s3control" => &S3CONTROL,
        "sts" => &STS,
        _ => return None,
    };
    model.as_ref()
}

/// A test reads each of them.
type Lazy = LazyLock<Option<Model>>;

static ECS: Lazy = LazyLock::new(|| Model::read("ecs", include_str!("../data/ecs.json")).ok());
static IAM: Lazy = LazyLock::new(|| Model::read("iam", include_str!("../data/iam.json")).ok());
static LOGS: Lazy = LazyLock::new(|| Model::read("logs", include_str!("../data/logs.json")).ok());
static S3: Lazy = LazyLock::new(|| Model::read("s3", include_str!("../data/s3.json")).ok());
static S3CONTROL: Lazy = LazyLock::new(|| Model::read("s3control", include_str!("../data/s3control.json")).ok());
static STS: Lazy = LazyLock::new(|| Model::read("sts", include_str!("../data/sts.json")).ok());

//! Paths that an emulator answers itself, no matter who signed and what they may do: no bucket behind one can have such a name.

use account::Fault;

/// What the first part of a path is, and whose. moto 5.2.5, LocalStack 4.14.0 and MiniStack 1.5.33 have these; others of
/// theirs begin with `_` or have capitals, as no bucket's name does.
const PATHS: &[(Path, &str)] = &[
    // moto/moto_server/werkzeug_app.py
    (Path::Beginning("moto-api"), "moto's own API"),
    (Path::Whole("favicon.ico"), "moto's dashboard"),
    (Path::Whole("latest"), "instance metadata of moto and MiniStack"),
    // localstack/aws/protocol/service_router.py, and ministack/app.py
    (Path::Beginning("v20180820"), "S3 Control"),
    (Path::Whole("restapis"), "API Gateway of LocalStack and MiniStack"),
    // localstack/services
    (Path::Whole("openapi.yaml"), "LocalStack's own API"),
    (Path::Whole("opensearch"), "OpenSearch of LocalStack"),
    (Path::Whole("queue"), "SQS of LocalStack"),
    (Path::Whole("shell"), "DynamoDB of LocalStack"),
    (Path::Account, "SQS of LocalStack"),
    // ministack/app.py
    (Path::Whole("health"), "MiniStack's own API"),
    (Path::Beginning("iceberg"), "S3 Tables of MiniStack"),
    (Path::Whole("login"), "Cognito of MiniStack"),
    (Path::Whole("logout"), "Cognito of MiniStack"),
    (Path::Whole("oauth2"), "Cognito of MiniStack"),
];

enum Path {
    Whole(&'static str),
    Beginning(&'static str),
    /// An account's 12 digits.
    Account,
}

/// Refuses a bucket whose name is such a path.
pub(super) fn check(bucket: &str) -> Result<(), Fault> {
    let is_it = |path: &Path| match path {
        Path::Whole(name) => bucket == *name,
        Path::Beginning(start) => bucket.starts_with(start),
        Path::Account => bucket.len() == 12 && bucket.bytes().all(|byte| byte.is_ascii_digit()),
    };
    let Some((_, whose)) = PATHS.iter().find(|(path, _)| is_it(path)) else { return Ok(()) };
    let message = format!("A bucket called `{bucket}` behind an emulator, where that is a path of {whose},");
    Err(Fault::new(501, "NotImplemented", format!("{message} is not emulated here")).with("BucketName", bucket))
}

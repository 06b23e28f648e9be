//! The ARNs of AWS's managed policies by name.

use std::collections::HashMap;
use std::sync::LazyLock;

/// ARNs in the partition `aws`, by the name of the policy.
static BY_NAME: LazyLock<HashMap<&str, &str>> =
    LazyLock::new(|| catalog::managed::all().map(|policy| (policy.name, policy.arn)).collect());

/// The ARN that SAM puts for a policy that is given by name; a name that AWS does not have stays.
///
/// docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html#sam-function-policies
pub(super) fn arn(name: &str, partition: &str) -> String {
    match BY_NAME.get(name).and_then(|arn| arn.strip_prefix("arn:aws:")) {
        Some(rest) => format!("arn:{partition}:{rest}"),
        None => name.to_owned(),
    }
}

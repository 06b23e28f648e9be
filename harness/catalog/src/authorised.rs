//! The ARN under which AWS asks an action about a resource, and ARNs of which it never asks.

use std::borrow::Cow;

use policy::arn::is_account;

use crate::action::Action;
use crate::arn::{Pattern, parts};

#[cfg(test)]
mod tests;

/// What policies match of a log group as all actions but three see it: "Use this version to refer to the ARN in IAM
/// policies when specifying permissions for most API actions", which ends in `:*`. AWS's own denials show an empty log
/// stream there.
/// docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogGroup.html
const OF_LOG_GROUP: &str = ":log-stream:";

/// "The exception is when specifying permissions for TagResource, UntagResource, and ListTagsForResource. The permissions
/// for those three actions require the ARN version that doesn't include a trailing :*." The same page.
const BARE_LOG_GROUP: [&str; 3] = ["logs:TagResource", "logs:UntagResource", "logs:ListTagsForResource"];

/// Service and start of the resource of ARNs that AWS writes without an account, though the reference's pattern has one.
/// docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-finding-public-parameters.html, and AWS's managed
/// policies AWSQuickSetupSSMHostMgmtPermissionsBoundary and CloudWatchReadOnlyAccess.
const WITHOUT_ACCOUNT: [(&str, &str); 4] = [
    ("resource-explorer-2", "view/AWSServiceView"),
    ("ssm", "automation-definition/"),
    ("ssm", "document/"),
    ("ssm", "parameter/aws/"),
];

impl Action {
    /// The ARN under which a request for it asks about a resource. It is another than the resource's own for log groups
    /// alone, which may be given with `:*` at the end or without.
    #[must_use]
    pub fn authorised_on(self, resource: &str) -> Cow<'_, str> {
        // First what is quick to see: most questions are about something else.
        if self.service().prefix() != "logs" {
            return Cow::Borrowed(resource);
        }
        let Some(bare) = log_group(resource) else { return Cow::Borrowed(resource) };
        match self.rows_on(bare).is_empty() || BARE_LOG_GROUP.contains(&self.name()) {
            true => Cow::Borrowed(bare),
            false => Cow::Owned([bare, OF_LOG_GROUP].concat()),
        }
    }

    /// The pattern that an ARN misses by its account alone: each resource of this form has one, and the ARN has none, or
    /// what is neither 12 digits nor one of AWS's own names.
    #[must_use]
    pub fn misses_account(self, resource: &str) -> Option<&'static str> {
        let arn = parts(resource)?;
        let [_, _, service, _, account, rest] = arn;
        let lacks_it = WITHOUT_ACCOUNT.iter().any(|(of, start)| *of == service && rest.starts_with(start));
        // Users of CloudFront's own have its name there.
        // docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
        let is_known = is_account(account) || policy::facts::is_of_aws(account) || account == "cloudfront";
        if is_known || account.is_empty() && lacks_it {
            return None;
        }
        let types = self.rows_on(resource).into_iter().filter_map(crate::Row::resource_type);
        let patterns = types.flat_map(|of| of.arns());
        let fitting =
            patterns.filter(|pattern| Pattern::read(pattern).is_some_and(|pattern| pattern.fit(&arn).is_some()));
        let mut fitting = fitting.peekable();
        let first = *fitting.peek()?;
        let names_one = |pattern: &str| parts(pattern).is_some_and(|parts| parts[4].starts_with("${"));
        fitting.all(names_one).then_some(first)
    }
}

/// The ARN of a log group without what may stand behind its name; `None`: it is of something else.
fn log_group(arn: &str) -> Option<&str> {
    let bare = arn.strip_suffix(":*").unwrap_or(arn);
    let [_, _, service, _, _, resource] = parts(bare)?;
    let name = resource.strip_prefix("log-group:").filter(|_| service == "logs")?;
    (!name.contains(':')).then_some(bare)
}

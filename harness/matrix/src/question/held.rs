//! Resources that a request names by an ARN: whether there can be one, and whose policy and tags count for it.

use catalog::Row;
use policy::arn::Arn;
use source::Finding;

use super::QuestionBuilder;
use crate::scenario::ActionRequest;

impl QuestionBuilder<'_> {
    /// A request is on one resource that is there.
    pub(super) fn check_held(&mut self, asked: &ActionRequest, arn: &str) {
        let finding = self.not_held(asked, arn).or_else(|| has_wildcard(asked, arn));
        self.findings.extend(finding);
    }

    /// A bucket is in an account of the scenario, and is reached by its own ARN.
    pub(super) fn not_held(&self, asked: &ActionRequest, arn: &str) -> Option<Finding> {
        let parsed = Arn::parse(arn)?;
        if parsed.service == "s3" && parsed.account.is_empty() {
            return self.check_bucket(asked, parsed);
        }
        is_through_access_point(asked, parsed).then(|| through_access_point(asked, arn))
    }

    fn check_bucket(&self, asked: &ActionRequest, arn: Arn<'_>) -> Option<Finding> {
        let name = arn.resource.split('/').next().unwrap_or_default();
        let mut buckets = self.buckets();
        if asked.action.name() == "s3:CreateBucket" || buckets.any(|bucket| bucket == name) {
            return None;
        }
        let message = format!("there is no bucket `{}` here", policy::plain(name));
        let finding = Finding::error("UNKNOWN_RESOURCE", asked.span, message);
        let finding = finding.suggest(name, self.buckets());
        Some(match finding.help {
            Some(_) => finding,
            None => finding.help(format!("give it under `given: {{buckets: {{{}: {{}}}}}}`", policy::plain(name))),
        })
    }

    /// The names of the buckets that the template makes and that are given.
    fn buckets(&self) -> impl Iterator<Item = &str> {
        let made = self.resources.iter().filter(|one| one.logical_id.is_some());
        let made = made.filter_map(|one| Arn::parse(one.arn).filter(|arn| arn.service == "s3"));
        let given = self.given.accounts.values().chain([&self.given.home]);
        made.map(|arn| arn.resource).chain(given.flat_map(|one| one.buckets.keys()).map(String::as_str))
    }
}

/// Whether a request for a bucket or its objects is on an access point.
fn is_through_access_point(asked: &ActionRequest, arn: Arn<'_>) -> bool {
    let is_of_bucket = |row: Row| row.resource_type().is_some_and(|one| ["bucket", "object"].contains(&one.name()));
    arn.service == "s3" && arn.resource.starts_with("accesspoint/") && asked.action.rows().any(is_of_bucket)
}

/// "For an application or user to be able to access objects through an access point, both the access point and the underlying
/// bucket must permit the request."
/// docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html
fn through_access_point(asked: &ActionRequest, arn: &str) -> Finding {
    let message = format!("`{}` is behind an access point, whose policy is not known here", policy::plain(arn));
    let finding = Finding::error("ACCESS_POINT", asked.span, message);
    finding.help("AWS asks the access point's policy and the bucket's: name the bucket or object by its own ARN")
}

/// A pattern is for policies. AWS asks for `instance/*` where a call makes what has no name yet.
fn has_wildcard(asked: &ActionRequest, arn: &str) -> Option<Finding> {
    let parsed = Arn::parse(arn).filter(|_| arn.contains(['*', '?']))?;
    let given = |text| Some(text).filter(|text: &&str| !text.is_empty());
    let is_to_come = |row: Row| {
        let to_come =
            row.resource_type()?.arn_to_come(parsed.partition, given(parsed.region), given(parsed.account))?;
        Some(to_come == arn)
    };
    // A task is `task/CLUSTER/*`: its cluster has a name.
    let is_of_cluster = parsed.service == "ecs" && arn.ends_with("/*") && arn.matches(['*', '?']).count() == 1;
    if parsed.service != "s3" && (is_of_cluster || asked.action.rows().any(|row| is_to_come(row) == Some(true))) {
        return None;
    }
    let message = format!("`{}` is a pattern, and a request is on one resource", policy::plain(arn));
    let finding = Finding::error("WRONG_RESOURCE", asked.span, message);
    Some(
        finding.help("write its whole ARN; `instance/*` and the like is only what a call makes, which has no name yet"),
    )
}

/// The resource whose policy and tags count for this one. "The indexes associated with a table inherit the tags you add to
/// the table", and "you can control index permissions using the base table's policy"; streams have their own.
/// docs.aws.amazon.com/amazondynamodb/latest/developerguide/attribute-based-access-control.html
/// docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutResourcePolicy.html
pub(super) fn guard_of(arn: &str) -> &str {
    let is_of_table =
        Arn::parse(arn).is_some_and(|arn| arn.service == "dynamodb" && arn.resource.starts_with("table/"));
    arn.split_once("/index/").filter(|_| is_of_table).map_or(arn, |(table, _)| table)
}

//! What cannot be renamed, found before anything is made.

use matrix::call::ApiCall;
use policy::wildcard;
use serde_json::Value;

use super::{Members, Renaming};

/// How long names can be, by the type of the resource, where AWS's API models do not say it.
/// docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html,
/// docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCluster.html,
/// docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
const LONGEST: &[(&str, usize)] = &[("bucket", 63), ("cluster", 255), ("task-definition", 255)];

/// Type, planned name, and how long a name can be, of what a call makes.
pub(in crate::run::bare) fn made(call: &ApiCall) -> Option<(&'static str, &str, usize)> {
    let row = services::operation(call.service, call.operation)?;
    let resource = row.resource?;
    let [kind] = resource.types else { return None };
    let name = call.input[resource.member].as_str()?;
    is_maker(call.operation, kind).then(|| (*kind, name, longest(call, resource.member, kind)))
}

/// Whether an operation makes what its row says that it is about: CreateUser a user, and CreateAccessKey none.
fn is_maker(operation: &str, kind: &str) -> bool {
    let made = operation.strip_prefix("Create").or_else(|| operation.strip_prefix("Register"));
    made.is_some_and(|made| made.eq_ignore_ascii_case(&kind.replace('-', "")))
}

fn longest(call: &ApiCall, member: &str, kind: &str) -> usize {
    let of_model = || {
        let model = model::of(call.service)?;
        let member = model.input(model.operation(call.operation)?)?.member(member)?;
        Some(model.shape(member.shape).limits.max? as usize)
    };
    let of_page = || LONGEST.iter().find(|(of, _)| *of == kind).map(|(_, most)| *most);
    of_model().or_else(of_page).unwrap_or(usize::MAX)
}

impl Renaming {
    /// The names among these calls' that get too long.
    pub(in crate::run::bare) fn too_long<'a>(&self, calls: impl Iterator<Item = &'a ApiCall>) -> Vec<String> {
        let over = calls.filter_map(made).filter_map(|(kind, name, longest)| {
            let length = self.name(name).chars().count();
            (length > longest).then(|| {
                let most = longest.saturating_sub(self.prefix.chars().count());
                format!(
                    "{} `{name}` has {} characters, and with the run's prefix no more than {most} fit",
                    kind.replace('-', " "),
                    name.len()
                )
            })
        });
        over.collect()
    }

    /// Why these calls cannot be renamed and mean the same.
    pub(in crate::run::bare) fn cannot(&self, calls: &[&ApiCall]) -> Option<String> {
        if self.from.partition != self.to.partition {
            let (wants, has) = (&self.from.partition, &self.to.partition);
            return Some(format!("its ARNs are of partition {wants}, and the account is in {has}"));
        }
        let known = self.known(calls);
        let mut texts = Vec::new();
        calls.iter().for_each(|call| collect(&Members::of(call.operation), "", &call.input, &mut texts));
        texts.iter().find_map(|text| self.fault(text, &known))
    }

    fn fault(&self, text: &str, known: &[String]) -> Option<String> {
        if text.to_ascii_lowercase().contains("${aws:username") {
            return Some(format!("`{text}` has a user's name in it, which is another one in a real account"));
        }
        let arn = text.starts_with("arn:") && !text.starts_with("arn:aws:s3:");
        if arn && text.contains("${") {
            return Some(format!("`{text}` is a name only when the request is made: nobody can rename it before"));
        }
        // A request without names of its own says nothing about what the pattern is for: `*` matches what it matched.
        let renamed = self.text(text);
        let turned = |one: &&String| wildcard::matches(text, one) != wildcard::matches(&renamed, &self.text(one));
        let turned = text.contains(['*', '?']).then(|| known.iter().find(turned)).flatten()?;
        Some(format!("`{text}` cannot be renamed so that it says the same about `{turned}`"))
    }

    /// What a pattern may be about: the ARNs of what is made, the account and the region.
    fn known(&self, calls: &[&ApiCall]) -> Vec<String> {
        let (account, region) = (&self.from.account, &self.from.region);
        let arn = |rest: String| format!("arn:{}:{rest}", self.from.partition);
        let mut known = vec![account.clone(), region.clone()];
        for call in calls {
            let Some((kind, name, _)) = made(call) else { continue };
            let path = call.input["Path"].as_str().unwrap_or("/");
            known.extend(match kind {
                "bucket" => vec![arn(format!("s3:::{name}")), arn(format!("s3:::{name}/key"))],
                "task-definition" => vec![arn(format!("ecs:{region}:{account}:task-definition/{name}:1"))],
                "cluster" => vec![
                    arn(format!("ecs:{region}:{account}:cluster/{name}")),
                    arn(format!("ecs:{region}:{account}:task/{name}/id")),
                ],
                "log-group" => vec![arn(format!("logs:{region}:{account}:log-group:{name}:*"))],
                "role" => vec![
                    arn(format!("iam::{account}:role{path}{name}")),
                    arn(format!("sts::{account}:assumed-role/{name}/session")),
                ],
                kind => vec![arn(format!("iam::{account}:{kind}{path}{name}"))],
            });
        }
        known
    }
}

/// Every text in a call that may be a pattern: those of its policies. Actions are none.
fn collect(known: &Members, member: &str, value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) if known.is_document(member) => {
            if let Ok(document) = serde_json::from_str(text) {
                collect(known, "document", &document, texts);
            }
        }
        Value::String(text) => texts.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| collect(known, member, item, texts)),
        Value::Object(members) => {
            let other = members.iter().filter(|(name, _)| !["Action", "NotAction"].contains(&name.as_str()));
            other.for_each(|(name, value)| collect(known, name, value, texts));
        }
        _ => {}
    }
}

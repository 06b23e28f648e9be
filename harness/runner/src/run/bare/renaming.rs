//! Calls under the names that things have in a real account.
//!
//! A plan's names, its account and its region are the scenario's. In an account that somebody uses, every name begins
//! with the run's own prefix, and the account and the region are the real ones. What is renamed is every name, made by
//! the scenario or not: so no request and no policy of a scenario reaches anything that was in the account before. A
//! pattern matches a name if and only if, renamed, it matches the name renamed; where that does not hold, [`Self::cannot`]
//! says so and the option is not run.

mod limits;
mod policy;

use account::operation::OperationRow;
use matrix::call::{ApiCall, CallError};
use matrix::plan::Environment;
use serde_json::{Value, json};

pub(super) use limits::made;

/// From where things are planned to be to where they are.
#[derive(Clone, Debug)]
pub(super) struct Renaming {
    /// What every name begins with.
    pub(super) prefix: String,
    pub(super) from: Environment,
    pub(super) to: Environment,
}

/// Kinds of ARNs whose names the prefix goes to.
const OF_IAM: &[&str] = &["user", "role", "group", "policy", "instance-profile"];
const OF_ECS: &[&str] = &["task-definition", "cluster", "task", "container-instance", "service"];

/// The cluster of requests that name none. It keeps its name: such a request cannot be given another.
/// docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
const DEFAULT_CLUSTER: &str = "default";

/// What the members of a call hold, as the rows of its operation say.
struct Members(Vec<&'static OperationRow>);

impl Members {
    /// An operation that has no row counts as all of them: what holds a name in any operation is renamed.
    fn of(operation: &str) -> Self {
        let own: Vec<_> = services::operations().filter(|row| row.operation() == operation).collect();
        Self(if own.is_empty() { services::operations().collect() } else { own })
    }

    /// Whether a member holds a name and nothing else, where it does not hold an ARN.
    fn is_name(&self, member: &str) -> bool {
        self.0.iter().any(|row| row.names.contains(&member))
    }

    /// Whether a member holds a policy as text.
    fn is_document(&self, member: &str) -> bool {
        self.0.iter().any(|row| row.documents.contains(&member))
    }
}

impl Renaming {
    /// A call as it is sent.
    pub(super) fn call(&self, call: &ApiCall) -> ApiCall {
        let mut call = call.clone();
        call.input = self.member(&Members::of(call.operation), "", &call.input);
        if call.operation == "CreateBucket" {
            self.place_bucket(&mut call.input);
        }
        call
    }

    /// A name as it is there.
    pub(super) fn name(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// A refusal with names, account and region as planned.
    pub(super) fn planned(&self, error: CallError) -> CallError {
        error.reworded(|text| {
            let text = text.replace(&self.prefix, "").replace(&self.to.account, &self.from.account);
            text.replace(&self.to.region, &self.from.region)
        })
    }

    fn member(&self, known: &Members, name: &str, value: &Value) -> Value {
        match value {
            Value::String(text) => json!(self.text_of(known, name, text)),
            Value::Array(items) => items.iter().map(|item| self.member(known, name, item)).collect(),
            Value::Object(members) => {
                let renamed = members.iter().map(|(name, value)| (name.clone(), self.member(known, name, value)));
                Value::Object(renamed.collect())
            }
            other => other.clone(),
        }
    }

    fn text_of(&self, known: &Members, member: &str, text: &str) -> String {
        if known.is_document(member)
            && let Ok(document) = serde_json::from_str::<Value>(text)
        {
            return self.policy(&document).to_string();
        }
        if text.starts_with("arn:") {
            return self.arn(text);
        }
        match member {
            "CopySource" => self.copy_source(text),
            "cluster" | "clusterName" if text == DEFAULT_CLUSTER => text.to_owned(),
            // An option of a log driver, which is no member of the model: it names the log group.
            "awslogs-group" => self.name(text),
            _ if known.is_name(member) && !text.is_empty() => self.name(text),
            _ => self.text(text),
        }
    }

    /// Any other text: an ARN, an account and a region are what they are there, and nothing else changes.
    fn text(&self, text: &str) -> String {
        match text {
            _ if text.starts_with("arn:") => self.arn(text),
            _ if text == self.from.account => self.to.account.clone(),
            _ if text == self.from.region => self.to.region.clone(),
            _ => text.to_owned(),
        }
    }

    /// `bucket/key`, or `/bucket/key`.
    fn copy_source(&self, text: &str) -> String {
        let slash = if text.starts_with('/') { "/" } else { "" };
        format!("{slash}{}", self.name(text.trim_start_matches('/')))
    }

    /// us-east-1 is the one region that is not named.
    /// docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
    fn place_bucket(&self, input: &mut Value) {
        let Some(members) = input.as_object_mut() else { return };
        if self.to.region == "us-east-1" {
            members.remove("CreateBucketConfiguration");
        } else {
            members.insert("CreateBucketConfiguration".to_owned(), json!({"LocationConstraint": self.to.region}));
        }
    }

    /// An ARN, or a pattern of ARNs. Those of other accounts and of AWS itself stay.
    fn arn(&self, text: &str) -> String {
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        let [arn, partition, service, region, account, resource] = parts[..] else { return text.to_owned() };
        let ours = account == self.from.account || account.contains(['*', '?']) || account.is_empty();
        if !ours {
            return text.to_owned();
        }
        let region = if region == self.from.region { &self.to.region } else { region };
        let own = if account == self.from.account { &self.to.account } else { account };
        let resource = match service {
            "s3" if account.is_empty() => self.first(resource),
            "iam" => self.of_iam(resource),
            "sts" => match resource.split_once('/') {
                Some(("assumed-role", rest)) => format!("assumed-role/{}", self.first(rest)),
                _ => resource.to_owned(),
            },
            "ecs" => self.of_ecs(resource),
            "logs" => match resource.strip_prefix("log-group:") {
                Some(rest) => format!("log-group:{}", self.first(rest)),
                None => resource.to_owned(),
            },
            _ => resource.to_owned(),
        };
        format!("{arn}:{partition}:{service}:{region}:{own}:{resource}")
    }

    /// What begins with a name. An asterisk alone stands for every name, and stays.
    fn first(&self, text: &str) -> String {
        let name = text.split(['/', ':']).next().unwrap_or_default();
        if name == "*" || text.is_empty() { text.to_owned() } else { self.name(text) }
    }

    /// `task/cluster/id`
    fn of_ecs(&self, resource: &str) -> String {
        match resource.split_once('/') {
            Some((kind, rest)) if OF_ECS.contains(&kind) => {
                let in_default = kind != "task-definition" && rest.split('/').next() == Some(DEFAULT_CLUSTER);
                if in_default { resource.to_owned() } else { format!("{kind}/{}", self.first(rest)) }
            }
            _ => resource.to_owned(),
        }
    }

    /// `role/path/name`. Roles of services have names that AWS gives.
    fn of_iam(&self, resource: &str) -> String {
        let Some((kind, rest)) = resource.split_once('/').filter(|(kind, _)| OF_IAM.contains(kind)) else {
            return resource.to_owned();
        };
        if rest.starts_with("aws-service-role/") {
            return resource.to_owned();
        }
        match rest.rsplit_once('/') {
            Some((path, name)) => format!("{kind}/{path}/{}", self.first(name)),
            None => format!("{kind}/{}", self.first(rest)),
        }
    }
}

#[cfg(test)]
mod tests;

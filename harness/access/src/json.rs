//! Answers for programs.

use policy::arn::Arn;
use prove::line;
use serde_json::{Map, Value, json};

use crate::{Access, Answer, Condition, Denial, Limit, StatementName, Way, Who};

impl Answer {
    /// `{"who": {…}, "access": "Always", "ways": […]}`: with `Sometimes` there are conditions, with `Undecided` a reason. Each
    /// way has a request that the engine allows, as a line for `tagproof simulate --batch`.
    #[must_use]
    pub fn json(&self) -> Value {
        let mut json = json!({"who": who(&self.who), "access": self.access.name()});
        match &self.access {
            Access::Never => {}
            Access::Undecided { reason } => json["reason"] = json!(reason),
            Access::Can { ways, more } => {
                json["ways"] = ways.iter().map(way).collect();
                if *more {
                    json["more"] = json!(true);
                }
            }
        }
        if !self.with_tags.is_empty() {
            json["withTags"] = self.with_tags.iter().map(way).collect();
        }
        json
    }
}

impl Access {
    /// `Always`, `Sometimes`, `Never` or `Undecided`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Never => "Never",
            Self::Undecided { .. } => "Undecided",
            Self::Can { .. } if self.is_always() => "Always",
            Self::Can { .. } => "Sometimes",
        }
    }
}

fn who(who: &Who) -> Value {
    match who {
        Who::Known { name, arn } => {
            let is_role = Arn::parse(arn).is_some_and(|arn| arn.resource.starts_with("role/"));
            let mut json = json!({"type": if is_role { "Role" } else { "User" }, "arn": arn});
            if name != arn {
                json["name"] = json!(name);
            }
            json
        }
        Who::Session(arn) => json!({"type": "Session", "arn": arn}),
        Who::Root(account) => json!({"type": "Root", "account": account}),
        Who::Elsewhere(arn) => json!({"type": "Elsewhere", "arn": arn}),
        Who::Account(account) => json!({"type": "Account", "account": account}),
        Who::AnyAccount => json!({"type": "AnyAccount"}),
        Who::Service(name) => json!({"type": "Service", "name": name}),
        Who::Provider(name) => json!({"type": "IdentityProvider", "name": name}),
        Who::Anonymous => json!({"type": "Anonymous"}),
    }
}

fn way(way: &Way) -> Value {
    let mut json = json!({"by": way.by.iter().map(statement).collect::<Vec<_>>(), "request": line(&way.request)});
    if !way.when.is_empty() {
        json["when"] = way.when.iter().map(condition).collect();
    }
    if !way.on.is_empty() {
        json["on"] = way.on.iter().map(limit).collect();
    }
    if !way.unless.is_empty() {
        json["unless"] = way.unless.iter().map(denial).collect();
    }
    if let Some(tags) = &way.session_tags {
        let of_session: Map<String, Value> = tags.tags.iter().map(|(key, value)| (key.clone(), json!(value))).collect();
        json["sessionTags"] = json!({"tags": of_session, "by": tags.by.iter().map(who).collect::<Vec<_>>()});
    }
    json
}

fn denial(denial: &Denial) -> Value {
    let mut json = json!({"when": denial.when.iter().map(condition).collect::<Vec<_>>(), "by": statement(&denial.by)});
    if let Some(on) = &denial.on {
        json["on"] = limit(on);
    }
    json
}

fn condition(Condition { operator, key, values }: &Condition) -> Value {
    json!({"operator": operator, "key": key, "values": values})
}

fn limit(limit: &Limit) -> Value {
    json!({if limit.not { "NotResource" } else { "Resource" }: limit.resources})
}

/// As Access Analyzer counts statements: from 0.
fn statement(name: &StatementName) -> Value {
    let mut json = json!({"policy": name.policy, "kind": name.kind, "statementIndex": name.statement - 1});
    if let Some(sid) = &name.sid {
        json["statementId"] = json!(sid);
    }
    json
}

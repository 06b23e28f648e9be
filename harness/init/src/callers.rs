//! Who asks: the template's own roles and users, with tags that match, with others, with none, and with other letters.

use policy::Kind;
use policy::arn::Arn;
use serde_json::{Map, Value, json};
use template::attached::Principal;
use template::resource::Properties;

use crate::names::slug;
use crate::place;
use crate::scenario::{Axis, Scenario};
use crate::subject::{OTHER, Subject, Tag, texts};
use crate::survey::{Survey, statements};

/// The given user who may assume whatever a trust policy opens to the account.
const SOMEBODY: &str = "somebody";
/// The given user who takes sessions that only AWS services or identity providers get.
const STAND_IN: &str = "stand-in";
/// The given user who asks where the template has nobody.
const ADMINISTRATOR: &str = "administrator";
/// So many task definitions of a role are run.
const MOST_DEFINITIONS: usize = 2;

/// Adds the callers of all statements, and what must be given for them.
pub(crate) fn add(scenario: &mut Scenario, survey: &Survey<'_>) {
    for (kind, name) in survey.missing() {
        let value = if kind == "roles" { json!({"trust": open_trust(survey)}) } else { json!({}) };
        scenario.give(&[kind, name], value);
    }
    for principal in &survey.principals {
        let of = subjects_of(survey, principal);
        // Where no statement is tried, it is tried who can be had at all.
        if of.is_empty() && !survey.subjects.is_empty() {
            continue;
        }
        let tags = tags_of(survey, &of);
        match principal.trust {
            Some(_) => role(scenario, survey, principal, &of, &tags),
            None => user(scenario, &principal.resource.logical_id, &of),
        }
    }
    for (at, subject) in survey.subjects.iter().enumerate() {
        match subject.kind {
            Kind::Trust => assumers(scenario, survey, subject, at),
            Kind::Resource => anybody(scenario, subject, at),
            _ => holders_elsewhere(scenario, survey, subject, at),
        }
    }
    if scenario.callers.is_empty() {
        administrator(scenario, survey);
    }
}

/// Where the template has nobody who could ask: a given user who may do everything.
fn administrator(scenario: &mut Scenario, survey: &Survey<'_>) {
    scenario.give(&["users", ADMINISTRATOR], json!({"policies": {"Everything": everything()}}));
    let of: Vec<usize> = (0..survey.subjects.len()).collect();
    let says = format!("user {ADMINISTRATOR}, who may do everything");
    scenario.add(Axis::Caller, ADMINISTRATOR, json!({"user": ADMINISTRATOR}), says, &of);
}

fn everything() -> Value {
    json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
}

/// The statements that a principal is to be tried with: its own, and those of resources that let principals in.
fn subjects_of(survey: &Survey<'_>, principal: &Principal<'_>) -> Vec<usize> {
    let id = &principal.resource.logical_id;
    let is_tried = |subject: &Subject| match subject.kind {
        Kind::Identity => subject.holders.contains(id),
        Kind::Resource => !principal.policies.is_empty() || !principal.managed_policy_arns.is_empty(),
        _ => false,
    };
    survey.subjects.iter().enumerate().filter(|(_, one)| is_tried(one)).map(|(at, _)| at).collect()
}

fn tags_of(survey: &Survey<'_>, of: &[usize]) -> Vec<Tag> {
    let mut all: Vec<Tag> = Vec::new();
    for tag in of.iter().flat_map(|&at| survey.subjects[at].samples()) {
        if !all.iter().any(|known| known.key == tag.key) {
            all.push(tag);
        }
    }
    all
}

/// Sets of tags to try, each with a word for it; the one that is wanted first.
pub(crate) fn variants(tags: &[Tag]) -> Vec<(&'static str, Map<String, Value>)> {
    if tags.is_empty() {
        return vec![("untagged", Map::new())];
    }
    let set = |key: fn(&str) -> String, value: fn(&str) -> String| -> Map<String, Value> {
        tags.iter().map(|tag| (key(&tag.key), json!(value(&tag.value)))).collect()
    };
    let same = |text: &str| text.to_owned();
    let mut all = vec![
        ("tagged", set(same, same)),
        ("other-value", set(same, |_| OTHER.to_owned())),
        ("untagged", Map::new()),
        ("key-other-case", set(other_case, same)),
        ("value-other-case", set(same, other_case)),
    ];
    let mut seen: Vec<Map<String, Value>> = Vec::new();
    all.retain(|(_, tags)| {
        let is_new = !seen.contains(tags);
        seen.push(tags.clone());
        is_new
    });
    all
}

/// `OK` as `ok`, `team` as `Team`.
pub(crate) fn other_case(text: &str) -> String {
    let lower = text.to_lowercase();
    if lower != text {
        return lower;
    }
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn user(scenario: &mut Scenario, id: &str, of: &[usize]) {
    scenario.add(Axis::Caller, &slug(id), json!({"user": id}), format!("user {id}"), of);
}

fn role(scenario: &mut Scenario, survey: &Survey<'_>, principal: &Principal<'_>, of: &[usize], tags: &[Tag]) {
    let id = &principal.resource.logical_id;
    let definitions = survey.stack.resources.iter().filter(|resource| match &resource.properties {
        Properties::TaskDefinition(one) => {
            one.task_role_arn.as_ref().map(|arn| &arn.value) == principal.resource.arn.as_ref()
        }
        _ => false,
    });
    let mut is_tried = false;
    for definition in definitions.take(MOST_DEFINITIONS) {
        is_tried = true;
        for (word, tags) in variants(tags) {
            let what = if tags.is_empty() { "untagged".to_owned() } else { format!("tagged {}", pairs(&tags)) };
            let mut value = json!({"task": definition.logical_id});
            if !tags.is_empty() {
                value["tags"] = Value::Object(tags);
            }
            let name = format!("{}-{word}", slug(&definition.logical_id));
            scenario.add(Axis::Caller, &name, value, format!("task {} {what}", definition.logical_id), of);
        }
    }
    let trust = Trust::of(survey, principal);
    for way in &trust.ways {
        is_tried = true;
        way.give(scenario);
        sessions(scenario, id, way, of, if trust.tags_sessions { tags } else { &[] });
    }
    if !is_tried {
        stand_in(scenario, survey, principal, of, &trust, tags);
    }
}

/// Sessions of a role, with tags and without.
fn sessions(scenario: &mut Scenario, id: &str, way: &Way, of: &[usize], tags: &[Tag]) {
    for (word, tags) in variants(tags) {
        let mut value = json!({"assume": id, "by": way.by});
        let what = if tags.is_empty() { String::new() } else { format!(", tagged {}", pairs(&tags)) };
        if !tags.is_empty() {
            value["session-tags"] = Value::Object(tags);
        }
        if let Some(external_id) = &way.external_id {
            value["external-id"] = json!(external_id);
        }
        let name = format!("{}-{word}", slug(id));
        let name = if word == "untagged" && what.is_empty() { format!("{}-session", slug(id)) } else { name };
        scenario.add(Axis::Caller, &name, value, format!("session of {id} assumed by {}{what}", way.by), of);
    }
}

/// A role that only an AWS service or an identity provider assumes: its trust policy is opened to a user.
fn stand_in(
    scenario: &mut Scenario,
    survey: &Survey<'_>,
    principal: &Principal<'_>,
    of: &[usize],
    trust: &Trust,
    tags: &[Tag],
) {
    let id = &principal.resource.logical_id;
    let crate::survey::Survey { environment, .. } = survey;
    let arn = format!("arn:{}:iam::{}:user/{STAND_IN}", environment.partition, environment.account);
    let actions =
        if trust.tags_sessions { json!(["sts:AssumeRole", "sts:TagSession"]) } else { json!("sts:AssumeRole") };
    let statement = json!({"Effect": "Allow", "Principal": {"AWS": arn}, "Action": actions});
    let Some(operation) = trust_with(survey, principal, &statement) else { return };
    let why = format!("On AWS {} gets sessions of {id}; here a user stands in.", trust.others.join(", "));
    scenario.patch.push((operation, why));
    scenario.give(&["users", STAND_IN], json!({}));
    let way = Way { by: STAND_IN.to_owned(), external_id: None, given: Vec::new() };
    sessions(scenario, id, &way, of, if trust.tags_sessions { tags } else { &[] });
}

/// The patch by which the trust policy has one more statement: where the policy stands in the template, if that is a list
/// there, else as a whole, as with roles that AWS SAM makes.
fn trust_with(survey: &Survey<'_>, principal: &Principal<'_>, statement: &Value) -> Option<Value> {
    let trust = principal.trust?;
    let steps = ["Resources", &principal.resource.logical_id, "Properties", "AssumeRolePolicyDocument", "Statement"];
    let steps = steps.map(str::to_owned);
    if survey.trees.written_at(&steps).is_some_and(|node| matches!(node.value, source::Value::List(_))) {
        return Some(json!({"op": "add", "path": format!("{}/-", place::pointer(&steps)), "value": statement}));
    }
    let mut document = template::json(trust);
    let own = statements(trust).iter().map(template::json);
    document["Statement"] = own.chain([statement.clone()]).collect();
    Some(json!({"op": "add", "path": place::pointer(&steps[..4]), "value": document}))
}

/// Who may assume a role, as its trust policy says.
struct Trust {
    /// Those that can be stood up here.
    ways: Vec<Way>,
    /// The others, in words.
    others: Vec<String>,
    /// Whether sessions may be tagged.
    tags_sessions: bool,
}

/// Somebody who may assume a role.
struct Way {
    /// The user, by its logical id or name.
    by: String,
    external_id: Option<String>,
    /// What must be given for it.
    given: Vec<(Vec<String>, Value)>,
}

impl Way {
    fn give(&self, scenario: &mut Scenario) {
        for (path, value) in &self.given {
            scenario.give(&path.iter().map(String::as_str).collect::<Vec<_>>(), value.clone());
        }
    }
}

impl Trust {
    fn of(survey: &Survey<'_>, principal: &Principal<'_>) -> Self {
        let mut trust = Self { ways: Vec::new(), others: Vec::new(), tags_sessions: false };
        for statement in principal.trust.map(statements).unwrap_or_default() {
            let statement = template::json(statement);
            if statement["Effect"] != "Allow" {
                continue;
            }
            trust.tags_sessions |= texts(&statement["Action"])
                .iter()
                .any(|action| policy::wildcard::matches_action(action, "sts:TagSession"));
            trust.add(survey, &statement);
        }
        if trust.others.is_empty() {
            trust.others.push("another principal".to_owned());
        }
        trust
    }

    fn add(&mut self, survey: &Survey<'_>, statement: &Value) {
        let external_id = ["StringEquals", "StringLike"].iter().find_map(|operator| {
            let keys = statement["Condition"][operator].as_object()?;
            let (_, value) = keys.iter().find(|(key, _)| key.eq_ignore_ascii_case("sts:ExternalId"))?;
            texts(value).first().map(|value| crate::subject::concrete(value))
        });
        let principals = match &statement["Principal"] {
            Value::String(all) => vec![("AWS".to_owned(), all.clone())],
            Value::Object(sorts) => sorts
                .iter()
                .flat_map(|(sort, names)| texts(names).into_iter().map(|name| (sort.clone(), name)))
                .collect(),
            _ => Vec::new(),
        };
        for (sort, name) in principals {
            match way(survey, &sort, &name) {
                Some(way) if self.ways.iter().all(|known| known.by != way.by) => {
                    self.ways.push(Way { external_id: external_id.clone(), ..way });
                }
                Some(_) => {}
                None => self.others.push(name),
            }
        }
    }
}

/// How to stand up a principal that a trust policy names; `None` if that cannot be done.
fn way(survey: &Survey<'_>, sort: &str, name: &str) -> Option<Way> {
    let own = &survey.environment.account;
    let new = |by: &str, given: Vec<(Vec<String>, Value)>| Some(Way { by: by.to_owned(), external_id: None, given });
    let in_account = |account: &str, user: &str| -> Vec<String> {
        let path: Vec<&str> =
            if account == own { vec!["users", user] } else { vec!["accounts", account, "users", user] };
        path.into_iter().map(str::to_owned).collect()
    };
    if sort != "AWS" {
        return None;
    }
    if name == "*" {
        return new(SOMEBODY, vec![(in_account(own, SOMEBODY), may_assume())]);
    }
    let account = if policy::arn::is_account(name) { name } else { Arn::parse(name)?.account };
    match Arn::parse(name).map(|arn| arn.resource) {
        None | Some("root") if account == own => new(SOMEBODY, vec![(in_account(own, SOMEBODY), may_assume())]),
        None | Some("root") => {
            let user = format!("{SOMEBODY}-of-{account}");
            new(&user, vec![(in_account(account, &user), may_assume())])
        }
        Some(resource) => {
            let user = resource.strip_prefix("user/")?.rsplit('/').next()?;
            let made = survey.principals.iter().find(|one| one.resource.arn.as_deref() == Some(name));
            match made {
                Some(made) => new(&made.resource.logical_id, Vec::new()),
                None => new(user, vec![(in_account(account, user), may_assume())]),
            }
        }
    }
}

/// A user whose own policy lets it assume roles.
fn may_assume() -> Value {
    let statement = json!({"Effect": "Allow", "Action": ["sts:AssumeRole", "sts:TagSession"], "Resource": "*"});
    json!({"policies": {"AssumeRoles": {"Version": "2012-10-17", "Statement": [statement]}}})
}

fn open_trust(survey: &Survey<'_>) -> Value {
    let root = format!("arn:{}:iam::{}:root", survey.environment.partition, survey.environment.account);
    let statement =
        json!({"Effect": "Allow", "Principal": {"AWS": root}, "Action": ["sts:AssumeRole", "sts:TagSession"]});
    json!({"Version": "2012-10-17", "Statement": [statement]})
}

/// Who asks for sessions of a role whose trust policy is under test.
fn assumers(scenario: &mut Scenario, survey: &Survey<'_>, subject: &Subject, at: usize) {
    let roles = survey.principals.iter().filter(|one| subject.holders.contains(&one.resource.logical_id));
    for principal in roles {
        let trust = Trust::of(survey, principal);
        if trust.ways.is_empty() {
            let left = format!("{}: {} cannot be stood up here", subject.says, trust.others.join(", "));
            scenario.left_out.push(left);
        }
        for way in trust.ways {
            way.give(scenario);
            user(scenario, &way.by, &[at]);
        }
    }
}

/// Users who may do everything as far as their own policies go: what the resource's policy makes of them.
fn anybody(scenario: &mut Scenario, subject: &Subject, at: usize) {
    for (word, tags) in variants(&subject.samples()) {
        let name = format!("user-{word}");
        let mut given = json!({"policies": {"Everything": everything()}});
        let what = if tags.is_empty() { "untagged".to_owned() } else { format!("tagged {}", pairs(&tags)) };
        if !tags.is_empty() {
            given["tags"] = Value::Object(tags);
        }
        scenario.give(&["users", &name], given);
        scenario.add(Axis::Caller, &name, json!({"user": name}), format!("user {what}"), &[at]);
    }
}

/// Policies that no role or user of the template has: those who get them elsewhere.
fn holders_elsewhere(scenario: &mut Scenario, survey: &Survey<'_>, subject: &Subject, at: usize) {
    for resource in survey.stack.resources.iter().filter(|one| subject.holders.contains(&one.logical_id)) {
        let id = &resource.logical_id;
        let (roles, users, given) = match &resource.properties {
            Properties::ManagedPolicy(one) => {
                (names(&one.roles), names(&one.users), Some(json!({"managed-policies": [id]})))
            }
            Properties::Policy(one) => (names(&one.roles), names(&one.users), None),
            Properties::RolePolicy(one) => (vec![one.principal.value.clone()], Vec::new(), None),
            Properties::UserPolicy(one) => (Vec::new(), vec![one.principal.value.clone()], None),
            Properties::Group(_) => (Vec::new(), Vec::new(), Some(json!({"groups": [id]}))),
            _ => continue,
        };
        for name in &roles {
            scenario.give(&["users", SOMEBODY], may_assume());
            let way = Way { by: SOMEBODY.to_owned(), external_id: None, given: Vec::new() };
            sessions(scenario, name, &way, &[at], &subject.samples());
        }
        users.iter().for_each(|name| user(scenario, name, &[at]));
        if let Some(given) = given.filter(|_| roles.is_empty() && users.is_empty()) {
            for (word, tags) in variants(&subject.samples()) {
                let name = format!("{}-{word}", slug(id));
                let mut own = given.clone();
                let what = if tags.is_empty() { "untagged".to_owned() } else { format!("tagged {}", pairs(&tags)) };
                if !tags.is_empty() {
                    own["tags"] = Value::Object(tags);
                }
                scenario.give(&["users", &name], own);
                scenario.add(Axis::Caller, &name, json!({"user": name}), format!("user with {id}, {what}"), &[at]);
            }
        }
    }
}

fn names(all: &[template::Text]) -> Vec<String> {
    all.iter().map(|name| name.value.clone()).collect()
}

/// `Status=OK, team=blue`
pub(crate) fn pairs(tags: &Map<String, Value>) -> String {
    let pair = |(key, value): (&String, &Value)| format!("{key}={}", value.as_str().unwrap_or_default());
    tags.iter().map(pair).collect::<Vec<_>>().join(", ")
}

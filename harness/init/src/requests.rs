//! What is asked: what the statements' actions come to on the template's own resources.

use catalog::{Access, Action};
use matrix::operations;
use matrix::plan::Environment;
use policy::arn::Arn;
use policy::operator::Operator;
use policy::{Kind, TagsOf};
use serde_json::{Map, Value, json};

use crate::callers::{pairs, variants};
use crate::names::slug;
use crate::scenario::{Axis, Scenario};
use crate::subject::{OTHER, Subject, Tag, TagCondition, concrete, expand, texts};
use crate::survey::Survey;

/// So many actions of one statement are asked, and each on so many resources.
const MOST_ACTIONS: usize = 5;
const MOST_RESOURCES: usize = 3;

/// Actions that a call of the account asks, with the call and what it is about.
const CALLS: &[(&str, &str, About)] = &[
    ("s3:GetObject", "s3:GetObject", About::Object),
    ("s3:PutObject", "s3:PutObject", About::Object),
    ("s3:DeleteObject", "s3:DeleteObject", About::Object),
    ("s3:GetObjectTagging", "s3:GetObjectTagging", About::Object),
    ("s3:ListBucket", "s3:ListObjectsV2", About::Bucket),
    ("s3:ListAllMyBuckets", "s3:ListBuckets", About::Nothing),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum About {
    Object,
    Bucket,
    Nothing,
}

/// A resource that a request is on.
#[derive(Clone, Debug)]
struct Target {
    /// As the scenario writes it: a logical id, with what stands behind it, or an ARN.
    written: String,
    arn: String,
    /// The word of its tags, where it is made up for them.
    word: Option<&'static str>,
}

/// Adds the requests of all statements, and what must be given for them.
pub(crate) fn add(scenario: &mut Scenario, survey: &Survey<'_>) {
    for (at, subject) in survey.subjects.iter().enumerate() {
        match subject.kind {
            Kind::Trust => of_trust(scenario, subject, at),
            _ => of_statement(scenario, survey, subject, at),
        }
    }
    if survey.subjects.is_empty() && survey.principals.is_empty() {
        plainly(scenario, survey);
    }
    if scenario.requests.is_empty() {
        let of: Vec<usize> = (0..survey.subjects.len()).collect();
        let value = json!({"call": "sts:GetCallerIdentity"});
        scenario.add(Axis::Request, "who-am-i", value, "sts:GetCallerIdentity".to_owned(), &of);
    }
}

/// The template's own resources, each read in some way, where no statement says what to ask.
fn plainly(scenario: &mut Scenario, survey: &Survey<'_>) {
    let mut left = 0;
    for one in &survey.resources {
        let Some(id) = one.logical_id else { continue };
        let service = one.arn.split(':').nth(2).unwrap_or_default();
        let all = format!("{service}:*");
        let is_read = |action: &Action| {
            let is_plain = ["Get", "List", "Describe"].iter().any(|verb| name_of(*action).starts_with(verb));
            is_plain && matches!(action.access(), Access::Read | Access::List) && fits(*action, one.arn)
        };
        let Some(action) = catalog::expand(&all).find(is_read) else { continue };
        if scenario.requests.len() == MOST_RESOURCES {
            left += 1;
            continue;
        }
        let value = json!({"action": action.name(), "resource": id});
        let says = format!("{} on {id}", action.name());
        scenario.add(Axis::Request, &slug(name_of(action)), value, says, &[]);
    }
    if left > 0 {
        scenario.left_out.push(format!("{left} more resources"));
    }
}

/// `GetObject` of `s3:GetObject`.
fn name_of(action: Action) -> &'static str {
    action.name().split_once(':').map_or("", |(_, name)| name)
}

/// Sessions with tags and without.
fn of_trust(scenario: &mut Scenario, subject: &Subject, at: usize) {
    for role in &subject.holders {
        for (word, tags) in variants(&subject.samples()) {
            let mut value = json!({"call": "sts:AssumeRole", "RoleArn": role, "RoleSessionName": "session"});
            let what = if tags.is_empty() { "without tags".to_owned() } else { format!("with {}", pairs(&tags)) };
            if !tags.is_empty() {
                let tag = |(key, value): (&String, &Value)| json!({"Key": key, "Value": value});
                value["Tags"] = tags.iter().map(tag).collect();
            }
            let name = format!("assume-{}-{word}", slug(role));
            scenario.add(Axis::Request, &name, value, format!("sts:AssumeRole of {role} {what}"), &[at]);
        }
    }
}

fn of_statement(scenario: &mut Scenario, survey: &Survey<'_>, subject: &Subject, at: usize) {
    let tags = subject.samples();
    let (chosen, more) = chosen(subject);
    if more > 0 {
        scenario.left_out.push(format!("{}: {more} more of its actions", subject.says));
    }
    let (mut is_asked, mut more) = (false, 0);
    for action in chosen {
        let (targets, left) = targets(survey, subject, action, &tags);
        more = more.max(left);
        for target in targets {
            is_asked = true;
            give(scenario, survey, subject, &target, &tags);
            ask(scenario, subject, at, action, &target, &tags);
        }
    }
    if more > 0 {
        scenario.left_out.push(format!("{}: {more} more of the resources that it is about", subject.says));
    }
    if !is_asked {
        scenario
            .left_out
            .push(format!("{}: no request is known that its actions and resources are about", subject.says));
    }
}

/// The actions that are asked, and how many more there are. Those that carry a key of the statement go first, each kind in turn.
fn chosen(subject: &Subject) -> (Vec<Action>, usize) {
    let not: Vec<Action> = expand(&texts(&subject.statement["NotAction"]));
    let mut all = expand(&subject.actions());
    if all.is_empty() && !not.is_empty() {
        all = CALLS.iter().filter_map(|(action, ..)| catalog::action(action)).collect();
        all.retain(|action| not.iter().all(|one| one.name() != action.name()));
    }
    let has_rows = |action: &Action| action.rows().next().is_some();
    all.retain(has_rows);
    let keys: Vec<_> = subject.tags.iter().filter_map(|one| catalog::key(&one.key)).collect();
    let carries = |action: &Action| keys.iter().any(|key| !action.never_carries(*key));
    let written = subject.actions();
    let rank = |action: &Action| {
        let is_written = written.iter().any(|one| one.eq_ignore_ascii_case(action.name()));
        let has_call = CALLS.iter().any(|(name, ..)| *name == action.name());
        let access = match action.access() {
            Access::Read => 0,
            Access::Write => 1,
            Access::List => 2,
            Access::Tagging => 3,
            Access::PermissionsManagement => 4,
        };
        (!is_written, !has_call, access)
    };
    all.sort_by_key(rank);
    // As many that carry a key as that do not, if there are both.
    let (mut first, mut second): (Vec<Action>, Vec<Action>) = all.iter().partition(|action| carries(action));
    let count = all.len();
    let mut chosen = Vec::new();
    while chosen.len() < MOST_ACTIONS && (!first.is_empty() || !second.is_empty()) {
        for side in [&mut first, &mut second] {
            if !side.is_empty() && chosen.len() < MOST_ACTIONS {
                chosen.push(side.remove(0));
            }
        }
    }
    (chosen, count.saturating_sub(MOST_ACTIONS))
}

/// The resources that an action of a statement is asked on: those of the template, else what its patterns match; and how many
/// more there are.
fn targets(survey: &Survey<'_>, subject: &Subject, action: Action, tags: &[Tag]) -> (Vec<Target>, usize) {
    let mut found: Vec<Target> = Vec::new();
    let patterns = subject.resources();
    for pattern in &patterns {
        for one in &survey.resources {
            let Some(id) = one.logical_id else { continue };
            for rest in rests(pattern, one.arn) {
                let arn = format!("{}{rest}", one.arn);
                let is_met = policy::wildcard::matches(&filled(pattern, tags), &arn);
                if is_met && fits(action, &arn) && found.iter().all(|known| known.arn != arn) {
                    found.push(Target { written: format!("{id}{rest}"), arn, word: None });
                }
            }
        }
    }
    // What is of the template has its own tags; others are made up beside it to have the tags that are asked for.
    let wants_tagged = subject.is_about(TagsOf::Resource) && patterns.iter().any(|pattern| pattern.contains('*'));
    if found.is_empty() || wants_tagged {
        let words: &[Option<&'static str>] =
            if wants_tagged { &[Some("tagged"), Some("other-value"), Some("untagged")] } else { &[None] };
        for pattern in &patterns {
            for &word in words {
                let Some(arn) = made_up(survey, action, pattern, tags, word.unwrap_or("example")) else { continue };
                if found.iter().any(|known| known.arn == arn) {
                    continue;
                }
                let written = written(survey, &arn);
                found.push(Target { written, arn, word });
            }
        }
    }
    let most = if wants_tagged { MOST_RESOURCES + 3 } else { MOST_RESOURCES };
    let more = found.len().saturating_sub(most);
    found.truncate(most);
    (found, more)
}

/// What may stand behind an ARN for a pattern to match: nothing, and in a bucket an object.
fn rests(pattern: &str, arn: &str) -> Vec<String> {
    let mut rests = vec![String::new()];
    if arn.starts_with("arn:") && arn.split(':').nth(2) == Some("s3") && !arn.contains('/') {
        let own = pattern.strip_prefix(arn).and_then(|rest| rest.strip_prefix('/'));
        rests.push(format!(
            "/{}",
            own.map_or_else(|| "example".to_owned(), |key| concrete(&without_variables(key, &[])))
        ));
    }
    rests
}

fn fits(action: Action, arn: &str) -> bool {
    match arn {
        "*" => action.rows().all(|row| row.resource_type().is_none()),
        _ => {
            action.rows_on(arn).iter().any(|row| row.resource_type().is_some()) && action.misses_account(arn).is_none()
        }
    }
}

/// A pattern with the values that its variables may have.
fn filled(pattern: &str, tags: &[Tag]) -> String {
    without_variables(pattern, tags)
}

fn without_variables(pattern: &str, tags: &[Tag]) -> String {
    let mut out = pattern.to_owned();
    for name in lint::variables(pattern).map(str::to_owned).collect::<Vec<_>>() {
        let tag = name.split_once('/').and_then(|(_, key)| tags.iter().find(|tag| tag.key == key));
        let value = tag.map_or("example", |tag| tag.value.as_str());
        if let (Some(start), true) = (out.find("${"), !["*", "?", "$"].contains(&name.as_str())) {
            let end = out[start..].find('}').map_or(out.len(), |end| start + end + 1);
            out.replace_range(start..end, value);
        }
    }
    out
}

/// A resource that a pattern matches and the action can be about.
fn made_up(survey: &Survey<'_>, action: Action, pattern: &str, tags: &[Tag], word: &str) -> Option<String> {
    let partition = survey.environment.partition.as_str();
    let pattern = without_variables(pattern, tags);
    if action.rows().all(|row| row.resource_type().is_none()) {
        return (pattern == "*").then(|| "*".to_owned());
    }
    // Those of its own service first: ec2:StartInstances is about an instance, and about a group of another service only beside it.
    let service = action.name().split(':').next().unwrap_or_default();
    let (own, others): (Vec<_>, Vec<_>) = {
        let mut rows: Vec<_> = action.rows().collect();
        rows.sort_by_key(|row| !row.is_required());
        let types = rows.into_iter().filter_map(catalog::Row::resource_type);
        let shapes = types.flat_map(|of| of.wildcards(partition).collect::<Vec<_>>());
        shapes.partition(|shape| shape.split(':').nth(2) == Some(service))
    };
    let shapes = own.into_iter().chain(others);
    let written = (pattern != "*").then_some(pattern.clone());
    // The policy of an access point is not known here.
    let known = shapes.filter(|shape| !shape.contains(":accesspoint/"));
    let narrow = known.filter(|shape| pattern == "*" || policy::wildcard::covers(&pattern, shape));
    written
        .into_iter()
        .chain(narrow)
        .filter_map(|shape| whole(survey.environment, &shape, word))
        .find(|arn| fits(action, arn) && policy::wildcard::matches(&pattern, arn))
}

/// An ARN without wildcards.
pub(crate) fn whole(environment: &Environment, pattern: &str, word: &str) -> Option<String> {
    let parts: Vec<&str> = pattern.splitn(6, ':').collect();
    let [arn, partition, service, region, account, resource] = parts[..] else { return None };
    if arn != "arn" || service.contains(['*', '?']) {
        return None;
    }
    let partition = if partition.contains(['*', '?']) { environment.partition.as_str() } else { partition };
    let region = if region.contains(['*', '?']) { environment.region.as_str() } else { region };
    let account = if account.contains(['*', '?']) { environment.account.as_str() } else { account };
    // A bucket's name has no capitals, and three letters at least.
    let resource = resource.replace('*', word).replace('?', "x");
    Some(format!("arn:{partition}:{service}:{region}:{account}:{resource}"))
}

/// As the scenario writes an ARN: of a bucket's object by the bucket.
fn written(survey: &Survey<'_>, arn: &str) -> String {
    let own =
        survey.resources.iter().find(|one| one.logical_id.is_some() && one.holds(arn) && arn.starts_with(one.arn));
    own.and_then(|one| Some(format!("{}{}", one.logical_id?, &arn[one.arn.len()..]))).unwrap_or_else(|| arn.to_owned())
}

/// The bucket and the key of an ARN in S3.
fn in_s3(arn: &str) -> Option<(&str, Option<&str>)> {
    let parsed = Arn::parse(arn).filter(|arn| arn.service == "s3" && arn.account.is_empty())?;
    Some(parsed.resource.split_once('/').map_or((parsed.resource, None), |(bucket, key)| (bucket, Some(key))))
}

/// What the template does not make of a target: its bucket, its object, its tags.
fn give(scenario: &mut Scenario, survey: &Survey<'_>, subject: &Subject, target: &Target, tags: &[Tag]) {
    let of_word: Map<String, Value> = match target.word {
        Some("tagged") => tags.iter().map(|tag| (tag.key.clone(), json!(tag.value))).collect(),
        Some("other-value") => tags.iter().map(|tag| (tag.key.clone(), json!(OTHER))).collect(),
        _ => Map::new(),
    };
    if let Some((bucket, key)) = in_s3(&target.arn) {
        let name = bucket_name(survey, &target.arn, bucket);
        if name == bucket {
            scenario.give(&["buckets", &name], json!({}));
        }
        if let Some(key) = key {
            let mut object = json!({"body": "example"});
            let is_about_objects = subject.tags.iter().any(TagCondition::is_of_object);
            if is_about_objects && !of_word.is_empty() {
                object["tags"] = Value::Object(of_word);
            }
            scenario.give(&["buckets", &name, "objects", key], object);
        }
    } else if target.written.starts_with("arn:") && !of_word.is_empty() {
        scenario.give(&["resources", &target.arn], json!({"tags": of_word}));
    }
}

/// A bucket as the scenario names it: by its logical id if the template makes it.
fn bucket_name(survey: &Survey<'_>, arn: &str, bucket: &str) -> String {
    let made = survey.resources.iter().find(|one| one.logical_id.is_some() && one.holds(arn));
    made.and_then(|one| one.logical_id).unwrap_or(bucket).to_owned()
}

fn ask(scenario: &mut Scenario, subject: &Subject, at: usize, action: Action, target: &Target, tags: &[Tag]) {
    let on = if target.written == "*" { String::new() } else { format!(" on {}", target.written) };
    let suffix = target.word.map(|word| format!("-{word}")).unwrap_or_default();
    let wanted = format!("{}{suffix}", slug(name_of(action)));
    let call =
        CALLS.iter().find(|(of, ..)| *of == action.name()).filter(|(_, call, _)| operations::operation(call).is_some());
    if let Some(value) = call.and_then(|(_, operation, about)| self::call(operation, *about, target)) {
        scenario.add(Axis::Request, &wanted, value, format!("{}{on}", action.name()), &[at]);
        return;
    }
    let asked = json!({"action": action.name(), "resource": target.written});
    let others = context(subject, action, &target.arn);
    let first = tags.first().map(|tag| format!("aws:RequestTag/{}", tag.key)).and_then(|key| catalog::key(&key));
    let passes_tags = first.is_some_and(|key| action.carries_on(&target.arn, key));
    let sets = if passes_tags { variants(tags) } else { vec![("", Map::new())] };
    // Where no condition asks for the request's tags, one set of them stands for all.
    let is_about = subject.is_about(TagsOf::Request);
    for (word, set) in sets.into_iter().filter(|(word, _)| is_about || ["", "tagged", "untagged"].contains(word)) {
        let mut context = others.clone();
        for (key, value) in &set {
            context.insert(format!("aws:RequestTag/{key}"), value.clone());
        }
        let with = if set.is_empty() { String::new() } else { format!(" with {}", pairs(&set)) };
        let mut value = asked.clone();
        if !context.is_empty() {
            value["context"] = Value::Object(context);
        }
        let name = if word.is_empty() { wanted.clone() } else { format!("{wanted}-passing-{word}") };
        scenario.add(Axis::Request, &name, value, format!("{}{on}{with}", action.name()), &[at]);
    }
}

fn call(operation: &str, about: About, target: &Target) -> Option<Value> {
    let (bucket, key) = in_s3(&target.arn).unwrap_or_default();
    let written = if target.written.starts_with("arn:") { bucket } else { target.written.split('/').next()? };
    match about {
        About::Nothing => Some(json!({"call": operation})),
        About::Bucket if key.is_none() && !written.is_empty() => Some(json!({"call": operation, "bucket": written})),
        About::Object => {
            let mut value = json!({"call": operation, "bucket": written, "key": key?});
            if operation == "s3:PutObject" {
                value["body"] = json!("example");
            }
            Some(value)
        }
        About::Bucket => None,
    }
}

/// Keys beside tags that the statement asks for and the request itself can tell.
fn context(subject: &Subject, action: Action, arn: &str) -> Map<String, Value> {
    let mut all = Map::new();
    for (operator, keys) in &subject.condition {
        let Some(operator) = Operator::parse(operator).filter(|one| !one.base.negated && one.base.name != "Null")
        else {
            continue;
        };
        for (name, values) in keys.as_object().into_iter().flatten() {
            let lower = name.to_ascii_lowercase();
            let follows = [
                "aws:principal",
                "aws:resource",
                "aws:userid",
                "aws:username",
                "aws:source",
                "aws:token",
                "s3:resource",
            ];
            let is_tag = subject.tags.iter().any(|one| one.key == *name);
            let (Some(key), Some(value)) = (catalog::key(name), texts(values).into_iter().next()) else { continue };
            if is_tag
                || follows.iter().any(|start| lower.starts_with(start))
                || !action.carries_on(arn, key)
                || value.contains("${")
            {
                continue;
            }
            let value = if matches!(operator.base.name, "StringLike" | "ArnLike" | "ArnEquals") {
                concrete(&value)
            } else {
                value
            };
            all.insert(name.clone(), if key.is_multivalued() { json!([value]) } else { json!(value) });
        }
    }
    all
}

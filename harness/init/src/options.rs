//! The ways to write what is under test: as it is deployed, and the forms that people try instead.

use policy::{Kind, TagsOf};
use serde_json::{Map, Value, json};
use template::resource::Properties;

use crate::forms::{Form, forms};
use crate::place;
use crate::scenario::{AS_DEPLOYED, Axis, Scenario};
use crate::subject::{Subject, Tag, TagCondition};
use crate::survey::Survey;

/// The form in which a statement that denies is not there at all.
pub(crate) const WITHOUT_STATEMENT: &str = "no-statement";
/// The form in which the condition stays, and what it is about has the tag.
pub(crate) const TAGGED: &str = "tagged";

/// Adds the options of all statements. The requests must be there.
pub(crate) fn add(scenario: &mut Scenario, survey: &Survey<'_>) {
    scenario.add(Axis::Option, AS_DEPLOYED, json!({}), "as deployed".to_owned(), &[]);
    if !survey.has_tags {
        return;
    }
    for (at, subject) in survey.subjects.iter().enumerate() {
        if subject.place.is_none() {
            let left = format!(
                "{}: the template does not have the statement itself, so that no other condition is tried",
                subject.says
            );
            scenario.left_out.push(left);
            continue;
        }
        let prefix = if survey.subjects.len() > 1 { format!("{}-", subject.slug) } else { String::new() };
        of_statement(scenario, survey, (at, subject), &prefix);
    }
}

fn of_statement(scenario: &mut Scenario, survey: &Survey<'_>, (at, subject): (usize, &Subject), prefix: &str) {
    let mut add = |form: &'static str, name: &str, value: Value, says: String| {
        add_as(scenario, form, &format!("{prefix}{name}"), value, says, at);
    };
    if let Some(removal) =
        subject.place.as_ref().filter(|_| subject.denies).and_then(|place| place.removal(survey.trees))
    {
        let value = json!({"patch": [removal]});
        add(WITHOUT_STATEMENT, WITHOUT_STATEMENT, value, format!("without {}", subject.says));
    }
    let tags = subject.samples();
    for (form, more) in tagged(survey, subject, None, &tags) {
        add(TAGGED, form, more, format!("as deployed, {}", form.replace('-', " ")));
    }
    for form in forms(subject) {
        let Some(value) = with_condition(survey, subject, &form.condition) else { continue };
        add(form.name, form.name, value, form.says.clone());
        for (word, more) in tagged(survey, subject, Some(&form), &tags) {
            add("", &format!("{}-{word}", form.name), more, format!("{}, {}", form.says, word.replace('-', " ")));
        }
    }
    let (buckets, objects) = (buckets_of(scenario, at), objects_of(scenario, at));
    let of_buckets = Tagged {
        form: "resource-tag",
        what: "bucket",
        says: "bucket tagged and ABAC on",
        given: buckets_with(&buckets, &tags),
    };
    let of_objects = Tagged {
        form: "existing-object-tag",
        what: "object",
        says: "object tagged",
        given: objects_with(&objects, &tags),
    };
    let is_of_objects = subject.tags.iter().any(TagCondition::is_of_object);
    let is_of_resource = subject.tags.iter().any(|one| one.of == TagsOf::Resource && !one.is_of_object());
    for (tagged, is_deployed) in [(of_buckets, is_of_resource), (of_objects, is_of_objects)] {
        for (form, name, value, says) in tagged.options(survey, subject, is_deployed) {
            add_as(scenario, form, &format!("{prefix}{name}"), value, says, at);
        }
    }
}

fn add_as(scenario: &mut Scenario, form: &'static str, name: &str, value: Value, says: String, at: usize) {
    let before = scenario.options.len();
    scenario.add(Axis::Option, name, value, says, &[at]);
    if let Some(new) = scenario.options.get_mut(before) {
        new.form = form;
    }
}

/// The option that puts a Condition in place of the deployed one.
fn with_condition(survey: &Survey<'_>, subject: &Subject, condition: &Map<String, Value>) -> Option<Value> {
    if let Some(under_test) = &subject.under_test {
        return Some(json!({"under-test": under_test, "condition": condition}));
    }
    let operation = subject.place.as_ref()?.with_condition(survey.trees, condition)?;
    Some(json!({"patch": [operation]}))
}

/// The same with the tag on the role or user that has the policy, where the condition is about the caller's tags, or on
/// resources of the template, where it is about theirs.
fn tagged(survey: &Survey<'_>, subject: &Subject, form: Option<&Form>, tags: &[Tag]) -> Vec<(&'static str, Value)> {
    let is_about = |of: TagsOf, name: &str| match form {
        None => subject.is_about(of),
        Some(form) => form.name == name && !subject.is_about(of),
    };
    let mut all = Vec::new();
    let of_caller = is_about(TagsOf::Caller, "principal-tag") && subject.kind == Kind::Identity;
    let of_resource = is_about(TagsOf::Resource, "resource-tag");
    for (is_tried, word, ids) in [
        (of_caller, "role-tagged", subject.holders.clone()),
        (of_resource, "resource-tagged", resources_of(survey, subject)),
    ] {
        let patches: Vec<Value> = ids.iter().flat_map(|id| tag_patch(survey, id, tags)).collect();
        if !is_tried || patches.is_empty() {
            continue;
        }
        let value = match form {
            None => json!({"patch": patches}),
            Some(form) => {
                let Some(mut value) = with_condition(survey, subject, &form.condition) else { continue };
                let own = value["patch"].as_array().cloned().unwrap_or_default();
                value["patch"] = Value::Array([own, patches].concat());
                value
            }
        };
        all.push((word, value));
    }
    all
}

/// The resources of the template that a statement is about, but for buckets, whose tags count only with ABAC.
fn resources_of(survey: &Survey<'_>, subject: &Subject) -> Vec<String> {
    let patterns = subject.resources();
    let is_met = |arn: &str| patterns.iter().any(|pattern| policy::wildcard::matches(pattern, arn));
    let is_tagged = |id: &str| {
        let found = survey.stack.resources.iter().find(|one| one.logical_id == id);
        found.is_some_and(|one| {
            matches!(one.properties, Properties::Guarded(_)) && one.resource_type != "AWS::SSM::Parameter"
        })
    };
    let ids = survey.resources.iter().filter(|one| is_met(one.arn)).filter_map(|one| one.logical_id);
    ids.filter(|id| is_tagged(id)).map(str::to_owned).collect()
}

/// Gives a resource of the template tags that it does not have.
fn tag_patch(survey: &Survey<'_>, id: &str, tags: &[Tag]) -> Vec<Value> {
    let Some(steps) = survey.property(id, "Tags") else { return Vec::new() };
    let own = survey.trees.at(&steps);
    let has = |tag: &Tag| {
        own.is_some_and(|own| {
            own.items().iter().any(|one| one.get("Key").and_then(source::Node::text) == Some(&tag.key))
        })
    };
    let missing = || tags.iter().filter(|tag| !has(tag)).map(|tag| json!({"Key": tag.key, "Value": tag.value}));
    let path = place::pointer(&steps);
    match own {
        None if tags.is_empty() => Vec::new(),
        None => vec![json!({"op": "add", "path": path, "value": missing().collect::<Vec<_>>()})],
        // What a function gives is not known.
        Some(own) if !matches!(own.value, source::Value::List(_)) => Vec::new(),
        Some(_) => missing().map(|tag| json!({"op": "add", "path": format!("{path}/-"), "value": tag})).collect(),
    }
}

/// The buckets that the requests of a statement are on.
fn buckets_of(scenario: &Scenario, at: usize) -> Vec<String> {
    let own = scenario.requests.iter().filter(|request| request.of.contains(&at));
    let mut all: Vec<String> = own.filter_map(|request| Some(request.value["bucket"].as_str()?.to_owned())).collect();
    all.dedup();
    all
}

/// The objects that the requests of a statement are on: bucket and key.
fn objects_of(scenario: &Scenario, at: usize) -> Vec<(String, String)> {
    let own = scenario.requests.iter().filter(|request| request.of.contains(&at)).map(|request| &request.value);
    own.filter_map(|value| Some((value["bucket"].as_str()?.to_owned(), value["key"].as_str()?.to_owned()))).collect()
}

/// What is given for buckets to have the tags, and attribute-based access control on, without which they do not count.
/// docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html
fn buckets_with(buckets: &[String], tags: &[Tag]) -> Map<String, Value> {
    let own = pairs(tags);
    buckets.iter().map(|name| (name.clone(), json!({"abac": true, "tags": own}))).collect()
}

/// What is given for objects to have the tags.
fn objects_with(objects: &[(String, String)], tags: &[Tag]) -> Map<String, Value> {
    let mut all = Map::new();
    for (bucket, key) in objects {
        let bucket = all.entry(bucket.clone()).or_insert_with(|| json!({"objects": {}}));
        bucket["objects"][key] = json!({"body": "example", "tags": pairs(tags)});
    }
    all
}

fn pairs(tags: &[Tag]) -> Map<String, Value> {
    tags.iter().map(|tag| (tag.key.clone(), json!(tag.value))).collect()
}

/// What is in S3, with the tags on it.
struct Tagged {
    /// The form whose condition is about these tags.
    form: &'static str,
    what: &'static str,
    says: &'static str,
    /// The buckets as they are given.
    given: Map<String, Value>,
}

impl Tagged {
    /// The options in which it has them: as it is deployed, if the deployed condition is about them, and in the form that is.
    fn options(
        &self,
        survey: &Survey<'_>,
        subject: &Subject,
        is_deployed: bool,
    ) -> Vec<(&'static str, String, Value, String)> {
        let (Self { form, what, says, .. }, given) = (self, json!({"buckets": self.given}));
        if self.given.is_empty() || subject.samples().is_empty() {
            return Vec::new();
        }
        let mut all = Vec::new();
        if is_deployed {
            all.push((TAGGED, format!("{what}-tagged"), json!({"given": given}), format!("as deployed, {says}")));
        }
        for other in forms(subject).into_iter().filter(|other| other.name == *form) {
            if let Some(mut value) = with_condition(survey, subject, &other.condition) {
                value["given"] = given.clone();
                all.push(("", format!("{form}-{what}-tagged"), value, format!("{}, {says}", other.says)));
            }
        }
        all
    }
}

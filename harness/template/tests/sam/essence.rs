//! What of a template is about identities, policies, permissions, tags and names.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// Types that say nothing about access and have no tags: their names are not compared.
const LEFT_OUT: [&str; 5] = [
    "AWS::ApiGateway::BasePathMapping",
    "AWS::ApiGateway::BasePathMappingV2",
    "AWS::ApiGateway::DomainNameAccessAssociation",
    "AWS::ApiGatewayV2::ApiMapping",
    "AWS::Route53::RecordSetGroup",
];

/// Properties of which every word counts, by type; of any other type, its tags and its policy.
const WHOLE: [(&str, &[&str]); 14] = [
    (
        "AWS::IAM::Role",
        &["AssumeRolePolicyDocument", "ManagedPolicyArns", "Path", "PermissionsBoundary", "Policies", "RoleName"],
    ),
    ("AWS::IAM::ManagedPolicy", &["PolicyDocument", "Roles"]),
    ("AWS::Lambda::Alias", &["FunctionName", "FunctionVersion", "Name"]),
    ("AWS::Lambda::EventInvokeConfig", &["FunctionName", "Qualifier"]),
    ("AWS::Lambda::EventSourceMapping", &["EventSourceArn", "FunctionName"]),
    ("AWS::Lambda::Function", &["FunctionName", "Role"]),
    ("AWS::Lambda::LayerVersion", &["LayerName"]),
    (
        "AWS::Lambda::Permission",
        &[
            "Action",
            "EventSourceToken",
            "FunctionName",
            "FunctionUrlAuthType",
            "InvokedViaFunctionUrl",
            "Principal",
            "SourceAccount",
            "SourceArn",
        ],
    ),
    ("AWS::Lambda::Url", &["AuthType", "TargetFunctionArn"]),
    ("AWS::Lambda::Version", &["FunctionName"]),
    ("AWS::SNS::TopicPolicy", &["PolicyDocument", "Topics"]),
    ("AWS::SQS::QueuePolicy", &["PolicyDocument", "Queues"]),
    ("AWS::Scheduler::Schedule", &["Name"]),
    ("AWS::StepFunctions::StateMachine", &["RoleArn", "StateMachineName"]),
];

/// What a template says about access, by place.
pub(crate) fn essence(template: &Value) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    let template = normal(template);
    for (id, resource) in entries(&template, "Resources") {
        let of_type = resource["Type"].as_str().unwrap_or_default();
        if LEFT_OUT.contains(&of_type) {
            continue;
        }
        all.insert(id.clone(), json!(of_type));
        if let Some(condition) = resource.get("Condition") {
            all.insert(format!("{id} Condition"), condition.clone());
        }
        for (name, value) in kept(of_type, &resource["Properties"]) {
            all.insert(format!("{id} {name}"), value);
        }
    }
    for (name, value) in entries(&template, "Outputs") {
        all.insert(format!("Outputs {name}"), value.clone());
    }
    // A path of an API stands under a condition in its definition, which is not made here.
    for (name, value) in entries(&template, "Conditions").filter(|(name, _)| !name.ends_with("PathCondition")) {
        all.insert(format!("Conditions {name}"), value.clone());
    }
    all
}

/// Where two say something else.
pub(crate) fn differences(ours: &BTreeMap<String, Value>, theirs: &BTreeMap<String, Value>) -> Vec<String> {
    let places: std::collections::BTreeSet<_> = ours.keys().chain(theirs.keys()).collect();
    let word = |value: Option<&Value>| value.map_or_else(|| "-".to_owned(), Value::to_string);
    let differs = |place: &&&String| ours.get(**place) != theirs.get(**place);
    let told = |place: &String| format!("{place}: {} and not {}", word(ours.get(place)), word(theirs.get(place)));
    places.iter().filter(differs).map(|place| told(place)).collect()
}

fn entries<'v>(template: &'v Value, section: &str) -> impl Iterator<Item = (&'v String, &'v Value)> {
    template.get(section).and_then(Value::as_object).into_iter().flatten()
}

fn kept(of_type: &str, properties: &Value) -> Vec<(String, Value)> {
    let names = WHOLE.iter().find(|(name, _)| *name == of_type).map_or(&[][..], |(_, names)| names);
    let names = names.iter().chain(&["Tags", "Policy", "ResourcePolicy"]);
    let found = names.filter_map(|name| Some(((*name).to_owned(), properties.get(name)?.clone())));
    let in_body = properties.get("Body").and_then(|body| body.get("x-amazon-apigateway-policy"));
    let in_body = in_body.map(|policy| ("x-amazon-apigateway-policy".to_owned(), policy.clone()));
    let is_said = |(_, value): &(String, Value)| *value != json!([]) && *value != json!({});
    found.chain(in_body).filter(is_said).collect()
}

/// The same, however it is written: `A.B` and `[A, B]`, and without the hash of an API's definition.
fn normal(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            if let (1, Some(path)) = (map.len(), map.get("Fn::GetAtt")) {
                return json!({"Fn::GetAtt": without_hash(&joined(path))});
            }
            let entry = |(key, value): (&String, &Value)| (without_hash(key), in_any_order(key, normal(value)));
            Value::Object(map.iter().map(entry).collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.iter().map(normal).collect()),
        Value::String(text) => Value::String(without_hash(text)),
        other => other.clone(),
    }
}

/// The order of statements and of conditions of which one is enough says nothing, nor whether one statement is a list.
fn in_any_order(key: &str, value: Value) -> Value {
    let mut items = match (key, value) {
        ("Statement" | "Fn::Or", Value::Array(items)) => items,
        ("Statement", one @ Value::Object(_)) => vec![one],
        (_, other) => return other,
    };
    items.sort_by_cached_key(|item| sorted(item).to_string());
    Value::Array(items)
}

/// With the keys of all mappings in order.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let all: BTreeMap<_, _> = map.iter().map(|(key, value)| (key, sorted(value))).collect();
            json!(all)
        }
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        other => other.clone(),
    }
}

fn joined(path: &Value) -> String {
    match path {
        Value::Array(parts) => parts.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("."),
        other => other.as_str().unwrap_or_default().to_owned(),
    }
}

/// `ApiDeployment0123456789` without its digits.
fn without_hash(text: &str) -> String {
    let Some(at) = text.find("Deployment").map(|at| at + "Deployment".len()) else { return text.to_owned() };
    let hash = text[at..].chars().take_while(char::is_ascii_hexdigit).count();
    if hash == 10 { format!("{}#{}", &text[..at], &text[at + hash..]) } else { text.to_owned() }
}

//! What an emulator wants otherwise than AWS does. Whatever is changed is said.

use matrix::call::{ApiCall, Refusal};
use serde_json::json;

/// The memory that a container gets where none is given: what the smallest Fargate task has.
const MEMORY: u32 = 512;

/// A call with what moto demands beyond AWS filled in, and what that was.
pub(super) fn filled(call: &mut ApiCall, title: &str, subnet: Option<&str>) -> Vec<String> {
    let mut notes = Vec::new();
    if call.operation == "RegisterTaskDefinition" {
        for container in call.input["containerDefinitions"].as_array_mut().into_iter().flatten() {
            if container.get("memory").or_else(|| container.get("memoryReservation")).is_none() {
                container["memory"] = json!(MEMORY);
                let name = container["name"].as_str().unwrap_or_default();
                notes.push(format!("{title} wants a memory for each container: {MEMORY} given to `{name}`"));
            }
        }
    }
    if let (Some(subnet), true) = (subnet, call.input.get("networkConfiguration").is_some()) {
        let vpc = json!({"subnets": [subnet], "securityGroups": []});
        call.input["networkConfiguration"] = json!({"awsvpcConfiguration": vpc});
        notes.push(format!("{title} wants a subnet that exists: tasks are in one of its own"));
    }
    notes
}

/// What else may be tried after a refusal, in order, with what to say if it is taken.
pub(super) fn alternatives(call: &ApiCall, refusal: &Refusal, title: &str) -> Vec<(ApiCall, String)> {
    if refusal.code.contains("Malformed") {
        return versions(call, title);
    }
    if refusal.code == "NoSuchEntity" {
        return inline(call, title).into_iter().collect();
    }
    Vec::new()
}

/// A policy without Version has Version 2008-10-17; the one difference of 2012-10-17 is that `${…}` is a variable.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
fn versions(call: &ApiCall, title: &str) -> Vec<(ApiCall, String)> {
    let Some((member, document)) = call.policy().filter(|(_, document)| document.get("Version").is_none()) else {
        return Vec::new();
    };
    let with = |version: &str| {
        let mut call = call.clone();
        let mut whole = json!({"Version": version});
        let parts = document.as_object().into_iter().flatten();
        parts.for_each(|(name, value)| whole[name.as_str()] = value.clone());
        call.input[member] = json!(whole.to_string());
        (call, format!("{title} takes no policy without a Version: those without one got {version}"))
    };
    let mut all = vec![with("2008-10-17")];
    if !document.to_string().contains("${") {
        all.push(with("2012-10-17"));
    }
    all
}

/// A managed policy of AWS's that an emulator does not have, as an inline policy.
fn inline(call: &ApiCall, title: &str) -> Option<(ApiCall, String)> {
    let put = match call.operation {
        "AttachRolePolicy" => "PutRolePolicy",
        "AttachUserPolicy" => "PutUserPolicy",
        "AttachGroupPolicy" => "PutGroupPolicy",
        _ => return None,
    };
    let policy = catalog::managed::get(call.input["PolicyArn"].as_str()?)?;
    let mut input = call.input.clone();
    input.as_object_mut()?.remove("PolicyArn");
    input["PolicyName"] = json!(policy.name);
    input["PolicyDocument"] = json!(policy.document);
    let note = format!("{title} does not have {}: its text is put in as an inline policy", policy.arn);
    Some((ApiCall::new("iam", put, input), note))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn moto_gets_what_it_wants_and_says_so() {
        let containers = json!([{"name": "a"}, {"name": "b", "memory": 64}]);
        let mut call = ApiCall::new("ecs", "RegisterTaskDefinition", json!({"containerDefinitions": containers}));
        assert_eq!(filled(&mut call, "moto", None), ["moto wants a memory for each container: 512 given to `a`"]);
        assert_eq!(call.input["containerDefinitions"][0]["memory"], 512);
        assert_eq!(call.input["containerDefinitions"][1]["memory"], 64);
        let network = json!({"networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-0"]}}});
        let mut call = ApiCall::new("ecs", "RunTask", network);
        assert_eq!(filled(&mut call, "moto", Some("subnet-1")).len(), 1);
        let vpc = json!({"subnets": ["subnet-1"], "securityGroups": []});
        assert_eq!(call.input["networkConfiguration"]["awsvpcConfiguration"], vpc);
    }

    /// The Versions that a policy is tried with after it was refused.
    fn tried(code: &str, document: &Value) -> Vec<String> {
        let call = ApiCall::new("iam", "PutRolePolicy", json!({"PolicyDocument": document.to_string()}));
        let refusal = Refusal { status: 400, code: code.to_owned(), message: String::new() };
        let tried = alternatives(&call, &refusal, "moto").into_iter().map(|(call, _)| {
            let document: Value = serde_json::from_str(call.input["PolicyDocument"].as_str().unwrap()).unwrap();
            document["Version"].as_str().unwrap().to_owned()
        });
        tried.collect()
    }

    #[test]
    fn only_a_version_that_means_the_same_is_tried() {
        let malformed = "MalformedPolicyDocument";
        assert_eq!(tried(malformed, &json!({"Statement": []})), ["2008-10-17", "2012-10-17"]);
        assert_eq!(tried(malformed, &json!({"Statement": ["${aws:username}"]})), ["2008-10-17"]);
        assert_eq!(tried(malformed, &json!({"Version": "2012-10-17", "Statement": []})), [""; 0]);
        assert_eq!(tried("LimitExceeded", &json!({"Statement": []})), [""; 0]);
    }

    #[test]
    fn a_managed_policy_that_is_not_there_is_put_inline() {
        let arn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
        let call = ApiCall::new("iam", "AttachRolePolicy", json!({"RoleName": "r", "PolicyArn": arn}));
        let refusal = Refusal { status: 404, code: "NoSuchEntity".to_owned(), message: String::new() };
        let (put, note) = alternatives(&call, &refusal, "moto").remove(0);
        assert_eq!((put.operation, &put.input["RoleName"]), ("PutRolePolicy", &json!("r")));
        assert_eq!(put.input["PolicyName"], "ReadOnlyAccess");
        assert!(note.contains(arn), "{note}");
        let unknown = json!({"RoleName": "r", "PolicyArn": "arn:aws:iam::123456789012:policy/own"});
        assert!(alternatives(&ApiCall::new("iam", "AttachRolePolicy", unknown), &refusal, "moto").is_empty());
    }
}

//! What a scenario must not do in a real account, even for seconds.

use matrix::api::ApiCall;
use policy::wildcard::matches_action;
use serde_json::Value;

/// Why these calls must not be made by `caller`, a user, role or root user of the account whose plan names `home`.
pub(super) fn danger(calls: &[&ApiCall], home: &str, caller: &str) -> Option<String> {
    let opened = calls.iter().any(|call| call.operation == "PutPublicAccessBlock");
    calls.iter().find_map(|call| {
        let (member, name) = match call.operation {
            "CreateRole" => ("AssumeRolePolicyDocument", "RoleName"),
            "PutBucketPolicy" => ("Policy", "Bucket"),
            _ => return None,
        };
        let document: Value = serde_json::from_str(call.input[member].as_str()?).ok()?;
        let name = call.input[name].as_str().unwrap_or_default();
        statements(&document).find_map(|statement| match (statement["Effect"].as_str(), member) {
            (Some("Allow"), "Policy") if !opened => stranger(statement, home, name),
            (Some("Allow"), _) => anybody(statement, name).or_else(|| stranger(statement, home, name)),
            (Some("Deny"), "Policy") if !caller.ends_with(":root") => locks_out(statement, name),
            _ => None,
        })
    })
}

/// A bucket's own Block Public Access is on unless somebody turns it off, and refuses such a policy; a role has none.
/// docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
fn anybody(statement: &Value, name: &str) -> Option<String> {
    let all = |value: &Value| texts(value).any(|text| text == "*");
    let open =
        all(&statement["Principal"]) || all(&statement["Principal"]["AWS"]) || statement.get("NotPrincipal").is_some();
    open.then(|| format!("the policy of `{name}` would let in anybody, of any account"))
}

fn stranger(statement: &Value, home: &str, name: &str) -> Option<String> {
    let account = |text: &str| {
        let account = if text.starts_with("arn:") { text.split(':').nth(4)?.to_owned() } else { text.to_owned() };
        (account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit()) && account != home).then_some(account)
    };
    let account = texts(&statement["Principal"]["AWS"]).find_map(account)?;
    Some(format!("the policy of `{name}` lets in account {account}, which may be somebody's"))
}

/// The root user can delete every bucket policy, and nobody else can whom it denies that.
/// docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html
fn locks_out(statement: &Value, name: &str) -> Option<String> {
    const DELETE: &str = "s3:DeleteBucketPolicy";
    let matches = |member: &str| texts(&statement[member]).any(|action| matches_action(action, DELETE));
    let denied = if statement.get("NotAction").is_some() { !matches("NotAction") } else { matches("Action") };
    denied.then(|| {
        format!("the policy of bucket `{name}` may keep whoever made it from deleting it again; the root user could")
    })
}

fn statements(document: &Value) -> impl Iterator<Item = &Value> {
    let statement = &document["Statement"];
    statement.as_array().map_or(std::slice::from_ref(statement), Vec::as_slice).iter()
}

fn texts(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice).iter().filter_map(Value::as_str)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const USER: &str = "arn:aws:iam::123456789012:user/me";

    fn of(operation: &'static str, statement: &Value, caller: &str) -> Option<String> {
        let text = json!({"Statement": statement}).to_string();
        let input = match operation {
            "CreateRole" => json!({"RoleName": "r", "AssumeRolePolicyDocument": text}),
            _ => json!({"Bucket": "b", "Policy": text}),
        };
        danger(&[&ApiCall::new("iam", operation, input)], "123456789012", caller)
    }

    #[test]
    fn what_lets_in_others_is_not_made() {
        let allow = |principal: Value| json!([{"Effect": "Allow", "Principal": principal, "Action": "*"}]);
        for principal in [json!("*"), json!({"AWS": "*"}), json!({"AWS": [USER, "*"]})] {
            let told = of("CreateRole", &allow(principal), USER).unwrap();
            assert!(told.contains("`r` would let in anybody"), "{told}");
        }
        for principal in [json!({"AWS": "999988887777"}), json!({"AWS": ["arn:aws:iam::999988887777:user/x"]})] {
            for operation in ["CreateRole", "PutBucketPolicy"] {
                let told = of(operation, &allow(principal.clone()), USER).unwrap();
                assert!(told.contains("lets in account 999988887777"), "{told}");
            }
        }
        for principal in
            [json!({"AWS": USER}), json!({"AWS": "123456789012"}), json!({"Service": "ecs-tasks.amazonaws.com"})]
        {
            assert_eq!(of("CreateRole", &allow(principal), USER), None);
        }
        assert_eq!(of("PutBucketPolicy", &allow(json!("*")), USER), None, "Block Public Access is on");
        let open = ApiCall::new("s3", "PutPublicAccessBlock", json!({"Bucket": "b"}));
        let policy = json!({"Bucket": "b", "Policy": json!({"Statement": allow(json!("*"))}).to_string()});
        let put = ApiCall::new("s3", "PutBucketPolicy", policy);
        assert!(danger(&[&open, &put], "123456789012", USER).is_some());
    }

    #[test]
    fn a_bucket_that_nobody_could_delete_is_not_made() {
        let deny = |members: Value| {
            let mut statement = json!({"Effect": "Deny", "Principal": "*", "Resource": "*"});
            members.as_object().unwrap().iter().for_each(|(name, value)| statement[name.as_str()] = value.clone());
            statement
        };
        for members in [
            json!({"Action": "s3:*"}),
            json!({"Action": ["s3:Get*", "s3:DeleteBucket*"]}),
            json!({"NotAction": "s3:GetObject"}),
        ] {
            assert!(of("PutBucketPolicy", &deny(members.clone()), USER).unwrap().contains("from deleting it again"));
            assert_eq!(of("PutBucketPolicy", &deny(members), "arn:aws:iam::123456789012:root"), None);
        }
        assert_eq!(of("PutBucketPolicy", &deny(json!({"Action": "s3:GetObject"})), USER), None);
    }
}

use serde_json::{Value, json};

use super::*;

const USER: &str = "arn:aws:iam::123456789012:user/me";
const ROOT: &str = "arn:aws:iam::123456789012:root";

fn home() -> Environment {
    let [account, region, partition] = ["123456789012", "us-east-1", "aws"].map(str::to_owned);
    Environment { account, region, partition }
}

fn put(operation: &'static str, text: &str) -> ApiCall {
    let input = match operation {
        "CreateRole" => json!({"RoleName": "r", "AssumeRolePolicyDocument": text}),
        "UpdateAssumeRolePolicy" => json!({"RoleName": "r", "PolicyDocument": text}),
        _ => json!({"Bucket": "b", "Policy": text}),
    };
    ApiCall::new(if operation == "PutBucketPolicy" { "s3" } else { "iam" }, operation, input)
}

/// What is said of a policy of one statement.
fn said(operation: &'static str, statement: &Value, caller: &str) -> Option<String> {
    let mut statement = statement.clone();
    if operation == "PutBucketPolicy" {
        statement["Resource"] = json!("arn:aws:s3:::b/*");
    }
    let document = json!({"Version": "2012-10-17", "Statement": statement}).to_string();
    danger(&[&put(operation, &document)], &home(), caller)
}

fn allowing(operation: &str, element: &str, principal: &Value) -> Value {
    let action = if operation == "PutBucketPolicy" { "s3:GetObject" } else { "sts:AssumeRole" };
    json!({"Effect": "Allow", element: principal, "Action": action})
}

const TRUST: [&str; 2] = ["CreateRole", "UpdateAssumeRolePolicy"];
const ALL: [&str; 3] = ["CreateRole", "UpdateAssumeRolePolicy", "PutBucketPolicy"];

#[track_caller]
fn lets_in(operations: &[&'static str], principal: &Value, told: Option<&str>) {
    for operation in operations {
        let said = said(operation, &allowing(operation, "Principal", principal), USER);
        let fits = match told {
            Some(told) => said.as_ref().is_some_and(|said| said.contains(told)),
            None => said.is_none(),
        };
        assert!(fits, "{operation} {principal}: {said:?}, and not {told:?}");
    }
}

#[test]
fn whoever_is_of_the_account_may_come_in() {
    for principal in [
        USER,
        ROOT,
        "123456789012",
        "arn:aws:iam::123456789012:role/path/r",
        "arn:aws:sts::123456789012:assumed-role/r/session",
        "arn:aws:sts::123456789012:federated-user/ann",
    ] {
        lets_in(&ALL, &json!({"AWS": principal}), None);
        lets_in(&ALL, &json!({"AWS": [USER, principal]}), None);
    }
}

#[test]
fn nobody_else_may_by_account() {
    lets_in(&ALL, &json!({"AWS": "999988887777"}), Some("lets in account 999988887777, which may be somebody's"));
    for principal in ["arn:aws:iam::999988887777:root", "arn:aws:iam::999988887777:user/x"] {
        lets_in(
            &ALL,
            &json!({"AWS": [USER, principal]}),
            Some("lets in account 999988887777, which may be somebody's"),
        );
    }
    for principal in ["arn:aws:sts::999988887777:assumed-role/r/s", "arn:aws:sts::999988887777:federated-user/x"] {
        lets_in(&ALL, &json!({"AWS": principal}), Some("lets in account 999988887777"));
    }
    // The same digits elsewhere are another account.
    lets_in(
        &ALL,
        &json!({"AWS": "arn:aws-cn:iam::123456789012:root"}),
        Some("lets in account 123456789012 of partition aws-cn, which may be somebody's"),
    );
    let user = "arn:aws-us-gov:iam::123456789012:user/me";
    lets_in(&ALL, &json!({"AWS": user}), Some("lets in `arn:aws-us-gov:iam::123456789012:user/me`, which is not of"));
    let identity = "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1";
    lets_in(&ALL, &json!({"AWS": identity}), Some("which is not of the account"));
}

#[test]
fn nobody_may_by_what_does_not_tell_the_account() {
    lets_in(&ALL, &json!("*"), Some("would let in anybody"));
    lets_in(&ALL, &json!({"AWS": "*"}), Some("would let in anybody"));
    lets_in(&ALL, &json!({"AWS": [USER, "*"]}), Some("would let in anybody"));
    lets_in(
        &["PutBucketPolicy"],
        &json!({"CanonicalUser": "79a59df900b949e5"}),
        Some("canonical user `79a59df900b949e5`"),
    );
    for id in ["AIDACKCEVSQ6C2EXAMPLE", "AROADBQP57FF2AEXAMPLE"] {
        lets_in(&ALL, &json!({"AWS": id}), Some("by a unique id"));
    }
    for provider in
        ["accounts.google.com", "cognito-identity.amazonaws.com", "arn:aws:iam::123456789012:saml-provider/p"]
    {
        lets_in(&TRUST, &json!({"Federated": provider}), Some(&format!("whoever `{provider}` knows")));
    }
    // A condition is no bound to rely on.
    let mut statement = allowing("PutBucketPolicy", "Principal", &json!("*"));
    statement["Condition"] = json!({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}});
    assert!(said("PutBucketPolicy", &statement, USER).unwrap().contains("would let in anybody"));
    for principal in [json!({"AWS": ROOT}), json!({"AWS": [USER, "999988887777"]})] {
        for operation in ALL {
            let told = said(operation, &allowing(operation, "NotPrincipal", &principal), USER);
            // A trust policy with NotPrincipal is none that IAM takes.
            let words = ["lets in everybody but", "cannot be read"];
            assert!(words.iter().any(|word| told.as_ref().unwrap().contains(word)), "{operation}: {told:?}");
        }
    }
}

#[test]
fn a_service_takes_a_role_and_comes_into_no_bucket() {
    for service in ["ecs-tasks.amazonaws.com", "logs.eu-west-1.amazonaws.com", "ec2.amazonaws.com.cn"] {
        lets_in(&TRUST, &json!({"Service": service}), None);
        lets_in(&["PutBucketPolicy"], &json!({"Service": service}), Some("which may come for other accounts"));
    }
    for service in ["example.com", "amazonaws.com", "ec2.amazonaws.com.example.com", ".amazonaws.com"] {
        lets_in(&ALL, &json!({"Service": service}), Some(&format!("lets in service `{service}`")));
    }
}

#[test]
fn what_cannot_be_read_is_not_made() {
    let told = "cannot be read, so nobody can tell whom it lets in";
    for principal in [json!("999988887777"), json!("arn:aws:iam::999988887777:root"), json!({"Aws": "1"}), json!({})] {
        lets_in(&ALL, &principal, Some(told));
    }
    for operation in ALL {
        for text in ["", "{", "[]", r#"{"Statement": {"Effect": "Allow"}}"#] {
            let said = danger(&[&put(operation, text)], &home(), USER);
            assert!(said.as_ref().is_some_and(|said| said.contains(told)), "{operation} {text}: {said:?}");
        }
    }
    let none = ApiCall::new("iam", "CreateRole", json!({"RoleName": "r"}));
    assert!(danger(&[&none], &home(), USER).is_some());
}

#[test]
fn who_is_denied_may_be_anybody() {
    let deny = json!({"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject"});
    assert_eq!(said("PutBucketPolicy", &deny, USER), None);
}

#[test]
fn a_bucket_that_nobody_could_delete_is_not_made() {
    for (actions, element) in [
        (json!("s3:*"), "Action"),
        (json!(["s3:Get*", "s3:DeleteBucket*"]), "Action"),
        (json!("s3:GetObject"), "NotAction"),
    ] {
        let deny = json!({"Effect": "Deny", "Principal": "*", element: actions});
        assert!(said("PutBucketPolicy", &deny, USER).unwrap().contains("from deleting it again"), "{deny}");
        assert_eq!(said("PutBucketPolicy", &deny, ROOT), None);
    }
}

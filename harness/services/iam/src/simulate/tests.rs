use std::collections::HashMap;

use account::{Levels, Organization};
use serde_json::{Value, json};
use testkit::{ACCOUNT, Kit, allow, document};

const CUSTOM: &str = "iam:SimulateCustomPolicy";
const PRINCIPAL: &str = "iam:SimulatePrincipalPolicy";

fn results(kit: &mut Kit, action: &str, input: Value) -> Vec<Value> {
    kit.setup(action, input)["EvaluationResults"].as_array().unwrap().clone()
}

fn decision(kit: &mut Kit, input: Value) -> Value {
    let all = results(kit, CUSTOM, input);
    assert_eq!(all.len(), 1);
    all[0]["EvalDecision"].clone()
}

fn entry(key: &str, kind: &str, values: Value) -> Value {
    json!({ "ContextKeyName": key, "ContextKeyType": kind, "ContextKeyValues": values })
}

/// The example of the AWS CLI's reference for simulate-custom-policy, positions included.
#[test]
fn the_example_of_the_reference() {
    let policy = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"dynamodb:*","Resource":"*","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2018-08-16T12:00:00Z"}}}}"#;
    let input = |time: &str| {
        json!({
            "PolicyInputList": [policy], "ActionNames": ["dynamodb:CreateBackup"],
            "ContextEntries": [entry("aws:CurrentTime", "date", json!([time]))],
        })
    };
    let mut kit = Kit::new(crate::SERVICES);
    assert_eq!(
        results(&mut kit, CUSTOM, input("2019-04-25T11:00:00Z")),
        [json!({
            "EvalActionName": "dynamodb:CreateBackup", "EvalResourceName": "*", "EvalDecision": "allowed",
            "MatchedStatements": [{
                "SourcePolicyId": "PolicyInputList.1", "SourcePolicyType": "IAM Policy",
                "StartPosition": { "Line": 1, "Column": 38 }, "EndPosition": { "Line": 1, "Column": 167 },
            }],
            "MissingContextValues": [],
        })]
    );
    assert_eq!(
        results(&mut kit, CUSTOM, input("2014-04-25T11:00:00Z")),
        [json!({
            "EvalActionName": "dynamodb:CreateBackup", "EvalResourceName": "*", "EvalDecision": "implicitDeny",
            "MatchedStatements": [], "MissingContextValues": [],
        })]
    );
}

/// As recorded on AWS.
#[test]
fn a_principals_policies_on_a_bucket() {
    let mut kit = Kit::new(crate::SERVICES);
    let text = r#"{"Version": "2012-10-17", "Statement": {"Sid": "", "Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}}"#;
    let policy =
        kit.setup("iam:CreatePolicy", json!({ "PolicyName": "put", "PolicyDocument": text }))["Policy"]["Arn"].clone();
    let user = kit.setup("iam:CreateUser", json!({ "UserName": "x" }))["User"]["Arn"].clone();
    let group = kit.setup("iam:CreateGroup", json!({ "GroupName": "x" }))["Group"]["Arn"].clone();
    let trust =
        json!([{ "Effect": "Allow", "Principal": { "Service": "ec2.amazonaws.com" }, "Action": "sts:AssumeRole" }]);
    let role = json!(kit.role("x", trust, json!([])));
    kit.setup("iam:AttachUserPolicy", json!({ "UserName": "x", "PolicyArn": policy }));
    kit.setup("iam:AttachGroupPolicy", json!({ "GroupName": "x", "PolicyArn": policy }));
    kit.setup("iam:AttachRolePolicy", json!({ "RoleName": "x", "PolicyArn": policy }));
    let matched = json!([{
        "SourcePolicyId": "put", "SourcePolicyType": "IAM Policy",
        "StartPosition": { "Line": 1, "Column": 41 }, "EndPosition": { "Line": 1, "Column": 113 },
    }]);
    let result = |action: &str, decision: &str, matched: &Value| {
        json!({
            "EvalActionName": action, "EvalResourceName": "arn:aws:s3:::bucket", "EvalDecision": decision,
            "MatchedStatements": matched, "MissingContextValues": [], "EvalDecisionDetails": {},
            "ResourceSpecificResults": [{
                "EvalResourceName": "arn:aws:s3:::bucket", "EvalResourceDecision": decision, "MatchedStatements": matched,
                "MissingContextValues": [],
            }],
        })
    };
    for source in [user, group, role] {
        let input = json!({ "PolicySourceArn": source, "ActionNames": ["s3:PutObject", "s3:GetObjectVersion"],
            "ResourceArns": ["arn:aws:s3:::bucket"] });
        let expected =
            [result("s3:PutObject", "allowed", &matched), result("s3:GetObjectVersion", "implicitDeny", &json!([]))];
        assert_eq!(results(&mut kit, PRINCIPAL, input), expected, "{source}");
    }
}

#[test]
fn inline_policies_and_those_of_groups() {
    let mut kit = Kit::new(crate::SERVICES);
    kit.user("ann", json!([{ "Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "*" }]));
    kit.setup("iam:CreateGroup", json!({ "GroupName": "g" }));
    kit.setup("iam:AddUserToGroup", json!({ "GroupName": "g", "UserName": "ann" }));
    let text = document(json!([allow(&["s3:*"])]));
    kit.setup("iam:PutGroupPolicy", json!({ "GroupName": "g", "PolicyName": "all", "PolicyDocument": text }));
    let source = format!("arn:aws:iam::{ACCOUNT}:user/ann");
    let input = json!({ "PolicySourceArn": source, "ActionNames": ["s3:GetObject", "s3:DeleteObject"] });
    let all = results(&mut kit, PRINCIPAL, input);
    let told: Vec<_> = all
        .iter()
        .map(|result| {
            (
                result["EvalDecision"].as_str().unwrap(),
                result["MatchedStatements"][0]["SourcePolicyId"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(told, [("allowed", "group_g_all"), ("explicitDeny", "user_ann_p")]);
    assert_eq!(all[1]["MatchedStatements"].as_array().unwrap().len(), 1, "the deny alone");
}

#[test]
fn context_by_type() {
    let text = |operator: &str, key: &str, value: Value| {
        document(
            json!([{ "Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": { operator: { key: value } } }]),
        )
    };
    let cases = [
        ("StringEquals", "aws:PrincipalTag/a", json!("x"), "string", json!(["x"]), "allowed"),
        ("StringEquals", "aws:PrincipalTag/a", json!("x"), "string", json!(["y"]), "implicitDeny"),
        ("ForAllValues:StringEquals", "aws:TagKeys", json!(["a", "b"]), "stringList", json!(["a"]), "allowed"),
        (
            "ForAllValues:StringEquals",
            "aws:TagKeys",
            json!(["a", "b"]),
            "stringList",
            json!(["a", "c"]),
            "implicitDeny",
        ),
        ("ForAnyValue:StringEquals", "aws:TagKeys", json!("a"), "stringList", json!(["c", "a"]), "allowed"),
        ("NumericLessThan", "s3:max-keys", json!("10"), "numeric", json!(["9"]), "allowed"),
        ("Bool", "aws:SecureTransport", json!("true"), "boolean", json!(["false"]), "implicitDeny"),
        ("IpAddress", "aws:SourceIp", json!("192.0.2.0/24"), "ip", json!(["192.0.2.7"]), "allowed"),
    ];
    let mut kit = Kit::new(crate::SERVICES);
    for (operator, key, value, kind, given, expected) in cases {
        let input = json!({ "PolicyInputList": [text(operator, key, value)], "ActionNames": ["s3:ListBucket"],
            "ContextEntries": [entry(key, kind, given.clone())] });
        assert_eq!(decision(&mut kit, input), expected, "{operator} {given}");
    }
}

#[test]
fn keys_that_were_not_handed_over() {
    let text = document(json!([
        { "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${aws:username}/*",
          "Condition": { "StringEquals": { "s3:ExistingObjectTag/a": "${aws:PrincipalTag/a, 'none'}", "aws:SourceVpc": "v" } } },
        { "Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "*", "Condition": { "Bool": { "aws:SecureTransport": "true" } } },
    ]));
    let mut kit = Kit::new(crate::SERVICES);
    let keys =
        json!(["s3:ExistingObjectTag/a", "aws:PrincipalTag/a", "aws:SourceVpc", "aws:username", "aws:SecureTransport"]);
    let asked = kit.setup("iam:GetContextKeysForCustomPolicy", json!({ "PolicyInputList": [text] }));
    assert_eq!(asked, json!({ "ContextKeyNames": keys }));
    let input = json!({ "PolicyInputList": [text], "ActionNames": ["s3:GetObject"], "ResourceArns": ["arn:aws:s3:::b/u/k"],
        "ContextEntries": [entry("AWS:Username", "string", json!(["u"])), entry("aws:SourceVpc", "string", json!(["v"]))] });
    let result = &results(&mut kit, CUSTOM, input)[0];
    let missing = json!(["s3:ExistingObjectTag/a", "aws:PrincipalTag/a"]);
    assert_eq!((&result["EvalDecision"], &result["MissingContextValues"]), (&json!("implicitDeny"), &missing));
    assert_eq!(result["ResourceSpecificResults"][0]["MissingContextValues"], missing);

    kit.user("ann", json!([{ "Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b/${aws:userid}" }]));
    let ann = json!({ "PolicySourceArn": format!("arn:aws:iam::{ACCOUNT}:user/ann"), "PolicyInputList": [text] });
    let asked = kit.setup("iam:GetContextKeysForPrincipalPolicy", ann)["ContextKeyNames"].clone();
    assert_eq!((asked.as_array().unwrap().len(), &asked[0]), (6, &json!("aws:userid")));
}

#[test]
fn boundaries_and_organisations() {
    let mut kit = Kit::new(crate::SERVICES);
    let all = document(json!([allow(&["s3:*", "sqs:*"])]));
    let read = document(json!([allow(&["s3:Get*"])]));
    let input = json!({ "PolicyInputList": [all], "PermissionsBoundaryPolicyInputList": [read],
        "ActionNames": ["s3:GetObject", "s3:PutObject"] });
    let told = |results: &[Value], detail: &str, member: &str| -> Vec<(String, bool)> {
        let one = |result: &Value| {
            (result["EvalDecision"].as_str().unwrap().to_owned(), result[detail][member].as_bool().unwrap())
        };
        results.iter().map(one).collect()
    };
    let results_of = results(&mut kit, CUSTOM, input);
    assert_eq!(
        told(&results_of, "PermissionsBoundaryDecisionDetail", "AllowedByPermissionsBoundary"),
        [("allowed".to_owned(), true), ("implicitDeny".to_owned(), false)],
    );

    kit.user("ann", json!([allow(&["s3:*"])]));
    let text = document(json!([allow(&["*"]), { "Effect": "Deny", "Action": "s3:Put*", "Resource": "*" }]));
    let control = super::subject::compile("scp", policy::Kind::ServiceControl, &text).unwrap();
    let levels = Levels { service_control: vec![vec![control]], resource_control: Vec::new(), path: None };
    kit.world.set_organization(Organization {
        id: "o-1".to_owned(),
        management: None,
        members: HashMap::from([(ACCOUNT.to_owned(), levels)]),
    });
    let input = json!({ "PolicySourceArn": format!("arn:aws:iam::{ACCOUNT}:user/ann"),
        "ActionNames": ["s3:GetObject", "s3:PutObject", "sqs:SendMessage"] });
    let results_of = results(&mut kit, PRINCIPAL, input);
    assert_eq!(
        told(&results_of, "OrganizationsDecisionDetail", "AllowedByOrganizations"),
        [("allowed".to_owned(), true), ("explicitDeny".to_owned(), false), ("implicitDeny".to_owned(), true)],
    );
}

#[test]
fn an_attached_boundary_gives_way_to_a_given_one() {
    let mut kit = Kit::new(crate::SERVICES);
    kit.user("ann", json!([allow(&["s3:*"])]));
    let bound = json!({ "UserName": "ann", "PermissionsBoundary": "arn:aws:iam::aws:policy/AmazonSQSFullAccess" });
    kit.setup("iam:PutUserPermissionsBoundary", bound);
    let source = format!("arn:aws:iam::{ACCOUNT}:user/ann");
    let mut input = json!({ "PolicySourceArn": source, "ActionNames": ["s3:GetObject"] });
    assert_eq!(results(&mut kit, PRINCIPAL, input.clone())[0]["EvalDecision"], "implicitDeny");
    input["PermissionsBoundaryPolicyInputList"] = json!([document(json!([allow(&["s3:*"])]))]);
    assert_eq!(results(&mut kit, PRINCIPAL, input)[0]["EvalDecision"], "allowed");
}

#[test]
fn a_resources_policy() {
    let mut kit = Kit::new(crate::SERVICES);
    let nothing = document(json!([allow(&["sqs:*"])]));
    let bucket = document(json!([{ "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::123456789012:user/bob" },
        "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*" }]));
    let input = json!({ "PolicyInputList": [nothing], "ResourcePolicy": bucket, "ActionNames": ["s3:GetObject"],
        "ResourceArns": ["arn:aws:s3:::b/k"] });
    let with = |caller: &str, owner: &str| {
        let mut input = input.clone();
        input["CallerArn"] = json!(caller);
        input["ResourceOwner"] = json!(owner);
        input
    };
    let bob = "arn:aws:iam::123456789012:user/bob";
    let own = "arn:aws:iam::123456789012:root";
    let result = results(&mut kit, CUSTOM, with(bob, own)).remove(0);
    assert_eq!(
        (&result["EvalDecision"], &result["MatchedStatements"][0]["SourcePolicyId"]),
        (&json!("allowed"), &json!("ResourcePolicy"))
    );
    // Another account's bucket takes both sides.
    assert_eq!(decision(&mut kit, with(bob, "arn:aws:iam::210987654321:root")), "implicitDeny");
    assert_eq!(decision(&mut kit, with("arn:aws:iam::123456789012:user/eve", own)), "implicitDeny");
    let fault = kit.as_root(CUSTOM, input).unwrap_err();
    assert_eq!((&*fault.code, &*fault.message), ("InvalidInput", "CallerArn is required with a ResourcePolicy."));
}

#[test]
fn results_come_in_pages() {
    let mut kit = Kit::new(crate::SERVICES);
    let input = json!({ "PolicyInputList": [document(json!([allow(&["s3:*"])]))],
        "ActionNames": ["s3:GetObject", "sqs:SendMessage"], "ResourceArns": ["arn:aws:s3:::a", "arn:aws:s3:::b"], "MaxItems": 3 });
    let first = kit.setup(CUSTOM, input.clone());
    let mut rest = input;
    rest["Marker"] = first["Marker"].clone();
    let second = kit.setup(CUSTOM, rest);
    let told = |page: &Value| -> Vec<String> {
        let one =
            |result: &Value| format!("{} {}", result["EvalActionName"], result["EvalResourceName"]).replace('"', "");
        page["EvaluationResults"].as_array().unwrap().iter().map(one).collect()
    };
    assert_eq!(
        told(&first),
        ["s3:GetObject arn:aws:s3:::a", "s3:GetObject arn:aws:s3:::b", "sqs:SendMessage arn:aws:s3:::a"]
    );
    assert_eq!(
        (told(&second), &second["IsTruncated"]),
        (vec!["sqs:SendMessage arn:aws:s3:::b".to_owned()], &json!(false))
    );
}

#[test]
fn what_cannot_be_simulated() {
    let good = json!({ "PolicyInputList": [document(json!([allow(&["s3:*"])]))], "ActionNames": ["s3:GetObject"] });
    let cases = [
        (json!({ "ActionNames": ["s3:*", "GetObject"] }), "InvalidInput", "Invalid action: s3:*, GetObject"),
        (json!({ "ActionNames": [] }), "ValidationError", "1 validation error detected: Value at 'actionNames'"),
        (json!({ "ResourceArns": ["bucket"] }), "InvalidInput", "Invalid resource ARN: bucket"),
        (json!({ "PolicyInputList": ["{"] }), "InvalidInput", "PolicyInputList.1: Syntax errors in policy."),
        (
            json!({ "ContextEntries": [entry("aws:x", "numeric", json!(["ten"]))] }),
            "InvalidInput",
            "Value ten of aws:x is no numeric",
        ),
        (
            json!({ "ContextEntries": [entry("aws:x", "string", json!(["a", "b"]))] }),
            "InvalidInput",
            "aws:x is of type string and has 2",
        ),
        (
            json!({ "ContextEntries": [entry("aws:x", "text", json!(["a"]))] }),
            "ValidationError",
            "1 validation error detected: Value at 'contextEntries.1.member.contextKeyType' failed to satisfy constraint",
        ),
        (json!({ "CallerArn": "arn:aws:iam::123456789012:role/r" }), "InvalidInput", "Invalid CallerArn"),
    ];
    for (change, code, text) in cases {
        let mut input = good.clone();
        input.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let fault = Kit::new(crate::SERVICES).as_root(CUSTOM, input).unwrap_err();
        assert_eq!(&*fault.code, code, "{fault}");
        assert!(fault.message.starts_with(text), "{fault}");
    }
    let gone = json!({ "PolicySourceArn": "arn:aws:iam::123456789012:user/none", "ActionNames": ["s3:GetObject"] });
    assert_eq!(&*Kit::new(crate::SERVICES).as_root(PRINCIPAL, gone).unwrap_err().code, "NoSuchEntity");
}

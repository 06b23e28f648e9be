//! What CloudWatch Logs does, written from AWS's documentation.

use serde_json::json;

use crate::testkit::{ACCOUNT, Kit, REGION, allow};

fn arn(name: &str) -> String {
    format!("arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{name}")
}

#[test]
fn a_log_group_comes_and_goes() {
    let mut kit = Kit::new();
    kit.setup("logs:CreateLogGroup", json!({ "logGroupName": "/ecs/web", "tags": { "a": "1" } }));
    let again = kit.as_root("logs:CreateLogGroup", json!({ "logGroupName": "/ecs/web" })).expect_err("an error");
    assert_eq!((again.status, &*again.code), (400, "ResourceAlreadyExistsException"));
    assert_eq!(again.message, "The specified log group already exists");
    let listed = kit.setup("logs:DescribeLogGroups", json!({ "logGroupNamePrefix": "/ecs/" }));
    let group = &listed["logGroups"][0];
    assert_eq!(group["arn"], format!("{}:*", arn("/ecs/web")));
    assert_eq!(group["logGroupArn"], arn("/ecs/web"));
    assert_eq!(group["creationTime"], 1_795_507_200_000_i64);
    kit.surroundings.region = "eu-west-1".to_owned();
    assert_eq!(kit.setup("logs:DescribeLogGroups", json!({}))["logGroups"], json!([]), "log groups are regional");
    kit.surroundings.region = REGION.to_owned();
    kit.setup("logs:DeleteLogGroup", json!({ "logGroupName": "/ecs/web" }));
    let gone = kit.as_root("logs:DeleteLogGroup", json!({ "logGroupName": "/ecs/web" })).expect_err("an error");
    assert_eq!(gone.message, "The specified log group does not exist.");
}

#[test]
fn names_have_rules() {
    let mut kit = Kit::new();
    for name in ["", "a b", "a*", "ä", &"a".repeat(513)] {
        let fault = kit.as_root("logs:CreateLogGroup", json!({ "logGroupName": name })).expect_err("an error");
        assert_eq!(fault.code, "InvalidParameterException", "{name}");
    }
    for name in ["a", "/aws/ecs/x_1.2-3#4", &"a".repeat(512)] {
        kit.setup("logs:CreateLogGroup", json!({ "logGroupName": name }));
    }
}

#[test]
fn lists_come_in_pages() {
    let mut kit = Kit::new();
    for name in ["a", "b", "c"] {
        kit.setup("logs:CreateLogGroup", json!({ "logGroupName": name }));
    }
    let first = kit.setup("logs:DescribeLogGroups", json!({ "limit": 2 }));
    assert_eq!(first["logGroups"].as_array().map(Vec::len), Some(2));
    let second = kit.setup("logs:DescribeLogGroups", json!({ "limit": 2, "nextToken": first["nextToken"] }));
    assert_eq!(second["logGroups"][0]["logGroupName"], "c");
    assert!(second.get("nextToken").is_none());
    assert!(kit.as_root("logs:DescribeLogGroups", json!({ "limit": 51 })).is_err());
}

/// Policies name log groups with `:*` behind them, except for tagging.
#[test]
fn each_operation_is_authorised() {
    let mut kit = Kit::new();
    let nobody = kit.user("nobody", json!([]));
    for operation in ["CreateLogGroup", "DeleteLogGroup", "DescribeLogGroups"] {
        let answer = kit.call(&nobody, &format!("logs:{operation}"), json!({ "logGroupName": "g" }));
        let fault = answer.expect_err("a denial");
        assert_eq!((fault.status, &*fault.code), (400, "AccessDeniedException"), "{operation}");
    }
    let on = |resource: String| json!([{ "Effect": "Allow", "Action": "logs:*", "Resource": resource }]);
    let starred = kit.user("starred", on(format!("{}:*", arn("g"))));
    assert!(kit.call(&starred, "logs:CreateLogGroup", json!({ "logGroupName": "g" })).is_ok());
    assert!(kit.call(&starred, "logs:CreateLogGroup", json!({ "logGroupName": "h" })).is_err());
    let tagged = json!({ "logGroupName": "t", "tags": { "a": "1" } });
    let untrusted = kit.user("untrusted", json!([allow(&["logs:CreateLogGroup"])]));
    let fault = kit.call(&untrusted, "logs:CreateLogGroup", tagged.clone()).expect_err("a denial");
    assert!(fault.message.contains(&format!("logs:TagResource on resource: {}", arn("t"))), "{}", fault.message);
    let tagger = kit.user("tagger", json!([allow(&["logs:CreateLogGroup", "logs:TagLogGroup"])]));
    assert!(kit.call(&tagger, "logs:CreateLogGroup", tagged).is_ok());
}

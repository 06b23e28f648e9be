//! What CloudWatch Logs does, written from AWS's documentation.

use serde_json::json;
use testkit::{ACCOUNT, Kit, REGION, allow};

fn arn(name: &str) -> String {
    format!("arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{name}")
}

#[test]
fn a_log_group_comes_and_goes() {
    let mut kit = Kit::new(crate::SERVICES);
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
    let mut kit = Kit::new(crate::SERVICES);
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
    let mut kit = Kit::new(crate::SERVICES);
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
    let mut kit = Kit::new(crate::SERVICES);
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

fn events(answer: &serde_json::Value) -> Vec<&str> {
    answer["events"].as_array().expect("events").iter().map(|event| event["message"].as_str().expect("text")).collect()
}

#[test]
fn events_are_written_and_read() {
    let mut kit = Kit::new(crate::SERVICES);
    let stream = json!({ "logGroupName": "g", "logStreamName": "ecs/web/1" });
    let gone = kit.as_root("logs:CreateLogStream", stream.clone()).expect_err("an error");
    assert_eq!(gone.message, "The specified log group does not exist.");
    kit.setup("logs:CreateLogGroup", json!({ "logGroupName": "g" }));
    let put = |name: &str, events: serde_json::Value| json!({ "logGroupName": "g", "logStreamName": name, "logEvents": events });
    let three = json!([{ "timestamp": 1, "message": "one" }, { "timestamp": 2, "message": "two 2" }, { "timestamp": 3, "message": "three" }]);
    let gone = kit.as_root("logs:PutLogEvents", put("ecs/web/1", three.clone())).expect_err("an error");
    assert_eq!(gone.message, "The specified log stream does not exist.");
    kit.setup("logs:CreateLogStream", stream.clone());
    let again = kit.as_root("logs:CreateLogStream", stream.clone()).expect_err("an error");
    assert_eq!(again.code, "ResourceAlreadyExistsException");
    kit.setup("logs:PutLogEvents", put("ecs/web/1", three));
    for wrong in [
        json!([]),
        json!([{ "timestamp": 2, "message": "b" }, { "timestamp": 1, "message": "a" }]),
        json!([{ "timestamp": 2, "message": "" }]),
        json!([{ "timestamp": 2, "message": "x".repeat(1_048_551) }]),
    ] {
        assert!(kit.as_root("logs:PutLogEvents", put("ecs/web/1", wrong)).is_err());
    }
    let read = |kit: &mut Kit, more: serde_json::Value| {
        let mut input = stream.clone();
        input.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        kit.setup("logs:GetLogEvents", input)
    };
    let first = read(&mut kit, json!({ "startFromHead": true, "limit": 2 }));
    assert_eq!(events(&first), ["one", "two 2"]);
    let second = read(&mut kit, json!({ "nextToken": first["nextForwardToken"], "limit": 2 }));
    assert_eq!(events(&second), ["three"]);
    let end = read(&mut kit, json!({ "nextToken": second["nextForwardToken"] }));
    assert_eq!(
        (events(&end), &end["nextForwardToken"]),
        (vec![], &second["nextForwardToken"]),
        "the same token at the end"
    );
    assert_eq!(events(&read(&mut kit, json!({ "limit": 2 }))), ["two 2", "three"], "the newest, unless from the head");
    assert_eq!(events(&read(&mut kit, json!({ "startTime": 2, "endTime": 3 }))), ["two 2"]);
    kit.setup("logs:CreateLogStream", json!({ "logGroupName": "g", "logStreamName": "ecs/web/2" }));
    kit.setup("logs:PutLogEvents", put("ecs/web/2", json!([{ "timestamp": 2, "message": "other" }])));
    let filter = |kit: &mut Kit, more: serde_json::Value| {
        let mut input = json!({ "logGroupName": "g" });
        input.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        kit.as_root("logs:FilterLogEvents", input)
    };
    let all = filter(&mut kit, json!({})).expect("events");
    assert_eq!(events(&all), ["one", "two 2", "other", "three"]);
    assert_eq!(events(&filter(&mut kit, json!({ "filterPattern": "\"two 2\"" })).expect("events")), ["two 2"]);
    assert_eq!(events(&filter(&mut kit, json!({ "logStreamNamePrefix": "ecs/web/2" })).expect("events")), ["other"]);
    assert!(filter(&mut kit, json!({ "filterPattern": "{ $.a = 1 }" })).is_err(), "said, not ignored");
    let streams = kit.setup(
        "logs:DescribeLogStreams",
        json!({ "logGroupName": "g", "orderBy": "LastEventTime", "descending": true }),
    );
    assert_eq!(streams["logStreams"][0]["logStreamName"], "ecs/web/1");
    assert_eq!(streams["logStreams"][0]["lastEventTimestamp"], 3);
}

/// Reading and writing events is authorised on the stream, the rest on the group.
/// docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
#[test]
fn streams_have_rights_of_their_own() {
    let mut kit = Kit::new(crate::SERVICES);
    kit.setup("logs:CreateLogGroup", json!({ "logGroupName": "g" }));
    let on = |resource: String| json!([{ "Effect": "Allow", "Action": "logs:*", "Resource": resource }]);
    let mine = kit.user("mine", on(format!("{}:log-stream:ecs/mine/*", arn("g"))));
    let named = |name: &str| json!({ "logGroupName": "g", "logStreamName": name, "logEvents": [{ "timestamp": 1, "message": "m" }] });
    for operation in ["CreateLogStream", "PutLogEvents", "GetLogEvents"] {
        let operation = format!("logs:{operation}");
        assert!(kit.call(&mine, &operation, named("ecs/mine/1")).is_ok(), "{operation}");
        let fault = kit.call(&mine, &operation, named("ecs/other/1")).expect_err("a denial");
        assert_eq!((fault.status, &*fault.code), (400, "AccessDeniedException"), "{operation}");
    }
    for operation in ["logs:DescribeLogStreams", "logs:FilterLogEvents"] {
        assert!(kit.call(&mine, operation, named("ecs/mine/1")).is_err(), "{operation}");
    }
}

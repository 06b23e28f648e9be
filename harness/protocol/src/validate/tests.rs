use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use model::Model;
use serde_json::{Value, json};

use crate::breaches;

static MODELS: LazyLock<[Model; 4]> = LazyLock::new(|| {
    [
        ("iam", include_str!("../../../model/data/iam.json")),
        ("logs", include_str!("../../../model/data/logs.json")),
        ("kms", include_str!("../../../model/data/kms.json")),
        ("cloudwatch", include_str!("../../../model/data/cloudwatch.json")),
    ]
    .map(|(name, text)| Model::read(name, text).unwrap())
});

#[track_caller]
fn check_breaches(service: &str, operation: &str, members: Value, expected: &[&str]) {
    let model = MODELS.iter().find(|model| model.name == service).unwrap();
    let input = model.input(model.operation(operation).unwrap()).unwrap();
    let Value::Object(members) = members else { panic!("members") };
    let told: Vec<String> = breaches(model, input, &members).iter().map(ToString::to_string).collect();
    assert_eq!(told, expected);
}

/// The words are IAM's: docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
#[test]
fn constraints_are_told_in_aws_s_words_and_all_at_once() {
    let check =
        |operation: &str, members: Value, expected: &[&str]| check_breaches("iam", operation, members, expected);
    check("GetRole", json!({"RoleName": "reader"}), &[]);
    check("GetRole", json!({}), &["Value at 'roleName' failed to satisfy constraint: Member must not be null"]);
    let long = "Value at 'roleName' failed to satisfy constraint: Member must have length less than or equal to 64";
    check("GetRole", json!({"RoleName": "r".repeat(65)}), &[long]);
    let pattern = r"Value at 'roleName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]+";
    check("GetRole", json!({"RoleName": "a b"}), &[pattern]);
    let short = "Value at 'roleName' failed to satisfy constraint: Member must have length greater than or equal to 1";
    check("GetRole", json!({"RoleName": ""}), &[short]);
    check(
        "TagRole",
        json!({"RoleName": "r", "Tags": [{"Key": "", "Value": "v"}, {"Value": "v"}]}),
        &[
            "Value at 'tags.1.member.key' failed to satisfy constraint: Member must have length greater than or equal to 1",
            "Value at 'tags.2.member.key' failed to satisfy constraint: Member must not be null",
        ],
    );
    let most = "Value at 'maxItems' failed to satisfy constraint: Member must have value less than or equal to 1000";
    check("ListRoles", json!({"MaxItems": 1001}), &[most]);
    let values = "Value at 'status' failed to satisfy constraint: Member must satisfy enum value set: [Active, Inactive, Expired]";
    check("UpdateAccessKey", json!({"AccessKeyId": "AKIAIOSFODNN7EXAMPLE", "Status": "On"}), &[values]);
}

/// As AWS prints them: of texts in a list or a map, all constraints at once, at the list or the map.
#[test]
fn texts_in_lists_and_maps_are_told_of_together() {
    let keys = r"Value at 'tagKeys' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 128, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [\p{L}\p{Z}\p{N}_.:/=+\-@]+, Member must not be null]";
    check_breaches("iam", "UntagRole", json!({"RoleName": "r", "TagKeys": ["a", "", "#"]}), &[keys]);
    let filter = "Value at 'filter' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [User, Role, Group, LocalManagedPolicy, AWSManagedPolicy]]";
    check_breaches("iam", "GetAccountAuthorizationDetails", json!({"Filter": ["Role", "Rule"]}), &[filter]);
    let of_keys = r"Value at 'tags' failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length less than or equal to 128, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: ^([\p{L}\p{Z}\p{N}_.:/=+\-@]+)$, Member must not be null]";
    let of_values = r"Value at 'tags' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to 256, Member must satisfy regular expression pattern: ^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$, Member must not be null]";
    check_breaches("logs", "CreateLogGroup", json!({"logGroupName": "g", "tags": {"#": "#"}}), &[of_keys, of_values]);
}

#[test]
fn a_value_of_another_type_is_a_breach() {
    let told = |place: &str, what: &str| format!("Value at '{place}' failed to satisfy constraint: Member must {what}");
    for (service, operation, members, expected) in [
        ("iam", "GetRole", json!({"RoleName": 1}), told("roleName", "be text")),
        ("iam", "ListRoles", json!({"MaxItems": "1"}), told("maxItems", "be a whole number")),
        ("iam", "ListRoles", json!({"MaxItems": 1.5}), told("maxItems", "be a whole number")),
        ("iam", "ListPolicies", json!({"OnlyAttached": "true"}), told("onlyAttached", "be `true` or `false`")),
        ("iam", "UntagRole", json!({"RoleName": "r", "TagKeys": "k"}), told("tagKeys", "be a list")),
        ("iam", "UntagRole", json!({"RoleName": "r", "TagKeys": ["k", 1]}), told("tagKeys.2.member", "be text")),
        ("iam", "UntagRole", json!({"RoleName": "r", "TagKeys": [null]}), told("tagKeys.1.member", "not be null")),
        ("logs", "CreateLogGroup", json!({"logGroupName": "g", "tags": ["k"]}), told("tags", "be an object")),
        ("kms", "Encrypt", json!({"KeyId": "k", "Plaintext": "-"}), told("plaintext", "be Base64")),
    ] {
        check_breaches(service, operation, members, &[&expected]);
    }
}

/// KMS takes up to 4,096 bytes: docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html
#[test]
fn the_length_of_bytes_is_that_of_what_they_are() {
    let most = "Value at 'plaintext' failed to satisfy constraint: Member must have length less than or equal to 4096";
    let least = "Value at 'plaintext' failed to satisfy constraint: Member must have length greater than or equal to 1";
    for (bytes, expected) in [(0, Some(least)), (1, None), (2, None), (4095, None), (4096, None), (4097, Some(most))] {
        let members = json!({"KeyId": "k", "Plaintext": STANDARD.encode(vec![b'x'; bytes])});
        check_breaches("kms", "Encrypt", members, expected.as_slice());
    }
}

#[test]
fn of_a_union_exactly_one_member_is_given() {
    let told = "Value at 'evaluationWindow' failed to satisfy constraint: Member must have exactly one of [WallClockWindow, SlidingWindow]";
    let both = json!({"WallClockWindow": {}, "SlidingWindow": {}});
    for (window, expected) in [(json!({}), Some(told)), (both, Some(told)), (json!({"SlidingWindow": {}}), None)] {
        let members = json!({"AlarmName": "a", "EvaluationWindow": window});
        check_breaches("cloudwatch", "PutMetricAlarm", members, expected.as_slice());
    }
}

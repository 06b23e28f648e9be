use serde_json::json;

use super::is_public;

/// docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html, "The meaning of public".
#[test]
fn what_is_public() {
    let everybody = json!("*");
    let cases = [
        (json!({ "Federated": "graph.facebook.com" }), json!(null), true),
        (everybody.clone(), json!(null), true),
        (json!({ "AWS": "*" }), json!(null), true),
        (json!({ "AWS": ["123456789012", "*"] }), json!(null), true),
        (json!({ "AWS": "123456789012" }), json!(null), false),
        (json!({ "AWS": "arn:aws:iam::123456789012:user/ann" }), json!(null), false),
        (json!({ "Service": "cloudtrail.amazonaws.com" }), json!(null), false),
        (everybody.clone(), json!({ "StringLike": { "aws:SourceVpc": "vpc-*" } }), true),
        (everybody.clone(), json!({ "StringEquals": { "aws:SourceVpc": "vpc-91237329" } }), false),
        (everybody.clone(), json!({ "StringEquals": { "AWS:sourcevpce": ["vpce-1", "vpce-2"] } }), false),
        (everybody.clone(), json!({ "StringEquals": { "aws:SourceVpce": ["vpce-1", "vpce-*"] } }), true),
        (everybody.clone(), json!({ "StringEquals": { "aws:SourceVpc": "${aws:PrincipalTag/vpc}" } }), true),
        (everybody.clone(), json!({ "StringEqualsIfExists": { "aws:SourceVpc": "vpc-1" } }), true),
        (everybody.clone(), json!({ "StringNotEquals": { "aws:SourceVpc": "vpc-1" } }), true),
        (everybody.clone(), json!({ "StringEquals": { "aws:PrincipalOrgID": "o-a1b2c3" } }), false),
        (everybody.clone(), json!({ "ArnEquals": { "aws:SourceArn": "arn:aws:sns:us-east-1:1:t" } }), false),
        (everybody.clone(), json!({ "ArnLike": { "aws:SourceArn": "arn:aws:sns:us-east-1:1:*" } }), true),
        (everybody.clone(), json!({ "StringEquals": { "aws:UserAgent": "x" } }), true),
        (everybody.clone(), json!({ "StringEquals": { "s3:ExistingObjectTag/public": "yes" } }), true),
        (everybody.clone(), json!({ "StringEquals": { "aws:userid": "AIDAEXAMPLE" } }), false),
        (everybody.clone(), json!({ "StringLike": { "aws:userid": "AROAEXAMPLE:*" } }), true),
        (everybody.clone(), json!({ "IpAddress": { "aws:SourceIp": "192.0.2.0/24" } }), false),
        (everybody.clone(), json!({ "IpAddress": { "aws:SourceIp": "192.0.2.1" } }), false),
        (everybody.clone(), json!({ "IpAddress": { "aws:SourceIp": "10.0.0.0/8" } }), false),
        (everybody.clone(), json!({ "IpAddress": { "aws:SourceIp": "0.0.0.0/1" } }), true),
        (everybody.clone(), json!({ "IpAddress": { "aws:SourceIp": ["192.0.2.0/24", "0.0.0.0/0"] } }), true),
        (everybody.clone(), json!({ "IpAddress": { "aws:SourceIp": "2001:db8::/32" } }), false),
        (everybody.clone(), json!({ "IpAddress": { "aws:SourceIp": "2001::/16" } }), true),
        (everybody.clone(), json!({ "NotIpAddress": { "aws:SourceIp": "192.0.2.0/24" } }), true),
        (
            everybody.clone(),
            json!({ "StringLike": { "s3:DataAccessPointArn": "arn:aws:s3:us-west-2:123456789012:accesspoint/*" } }),
            false,
        ),
        (
            everybody.clone(),
            json!({ "StringLike": { "s3:DataAccessPointArn": "arn:aws:s3:us-west-2:*:accesspoint/*" } }),
            true,
        ),
        // One fixing key is enough beside others.
        (everybody, json!({ "StringEquals": { "aws:UserAgent": "x", "aws:SourceAccount": "123456789012" } }), false),
    ];
    for (principal, condition, expected) in cases {
        let statement = json!({ "Effect": "Allow", "Principal": principal, "Action": "s3:PutObject", "Resource": "*",
            "Condition": condition });
        assert_eq!(is_public(&json!({ "Statement": [statement] })), expected, "{statement}");
        assert_eq!(is_public(&json!({ "Statement": statement })), expected, "not in a list: {statement}");
    }
}

#[test]
fn one_public_statement_is_enough_and_a_deny_is_none() {
    let closed =
        json!({ "Effect": "Allow", "Principal": { "AWS": "123456789012" }, "Action": "s3:GetObject", "Resource": "*" });
    let open = json!({ "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*" });
    let deny = json!({ "Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": "*" });
    let except = json!({ "Effect": "Allow", "NotPrincipal": { "AWS": "123456789012" }, "Action": "s3:GetObject", "Resource": "*" });
    assert!(is_public(&json!({ "Statement": [closed, open] })));
    assert!(is_public(&json!({ "Statement": [except] })));
    assert!(!is_public(&json!({ "Statement": [closed, deny] })));
    assert!(!is_public(&json!({ "Statement": [] })));
}

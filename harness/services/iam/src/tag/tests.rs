use serde_json::{Value, json};
use testkit::{Kit, document};

fn tags(pairs: &[(&str, &str)]) -> Value {
    pairs.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect()
}

fn trust() -> String {
    document(
        json!([{ "Effect": "Allow", "Principal": { "Service": "ec2.amazonaws.com" }, "Action": "sts:AssumeRole" }]),
    )
}

/// Something of each kind, untagged: how it is tagged, untagged, listed, and named.
fn kinds(kit: &mut Kit) -> [(&'static str, Value); 4] {
    kit.setup("iam:CreateUser", json!({ "UserName": "u" }));
    kit.setup("iam:CreateRole", json!({ "RoleName": "r", "AssumeRolePolicyDocument": trust() }));
    kit.setup("iam:CreateInstanceProfile", json!({ "InstanceProfileName": "i" }));
    let text = document(json!([{ "Effect": "Allow", "Action": "s3:*", "Resource": "*" }]));
    let policy = kit.setup("iam:CreatePolicy", json!({ "PolicyName": "p", "PolicyDocument": text }));
    [
        ("User", json!({ "UserName": "u" })),
        ("Role", json!({ "RoleName": "r" })),
        ("InstanceProfile", json!({ "InstanceProfileName": "i" })),
        ("Policy", json!({ "PolicyArn": policy["Policy"]["Arn"] })),
    ]
}

fn with(name: &Value, member: &str, value: Value) -> Value {
    let mut input = name.clone();
    input[member] = value;
    input
}

#[test]
fn tags_are_set_replaced_and_taken_away() {
    let mut kit = Kit::new(crate::SERVICES);
    for (kind, name) in kinds(&mut kit) {
        let (tag, untag, list) = (format!("iam:Tag{kind}"), format!("iam:Untag{kind}"), format!("iam:List{kind}Tags"));
        kit.setup(&tag, with(&name, "Tags", tags(&[("Status", "OK"), ("team", "")])));
        kit.setup(&tag, with(&name, "Tags", tags(&[("Status", "NG")])));
        let all = kit.setup(&list, name.clone());
        assert_eq!(all, json!({ "Tags": tags(&[("Status", "NG"), ("team", "")]), "IsTruncated": false }), "{kind}");
        let page = kit.setup(&list, with(&name, "MaxItems", json!(1)));
        let rest = kit.setup(&list, with(&name, "Marker", page["Marker"].clone()));
        assert_eq!((&page["Tags"], &rest["Tags"]), (&tags(&[("Status", "NG")]), &tags(&[("team", "")])), "{kind}");
        kit.setup(&untag, with(&name, "TagKeys", json!(["Status", "none"])));
        assert_eq!(kit.setup(&list, name.clone())["Tags"], tags(&[("team", "")]), "{kind}");
    }
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules: keys of users and roles ignore letter case and
/// keep it; those of other resources do not ignore it.
#[test]
fn letter_case_of_keys() {
    let mut kit = Kit::new(crate::SERVICES);
    for (kind, name) in kinds(&mut kit) {
        let (tag, untag, list) = (format!("iam:Tag{kind}"), format!("iam:Untag{kind}"), format!("iam:List{kind}Tags"));
        let ignored = matches!(kind, "User" | "Role");
        kit.setup(&tag, with(&name, "Tags", tags(&[("Status", "OK")])));
        kit.setup(&tag, with(&name, "Tags", tags(&[("STATUS", "NG")])));
        let now = if ignored { tags(&[("STATUS", "NG")]) } else { tags(&[("STATUS", "NG"), ("Status", "OK")]) };
        assert_eq!(kit.setup(&list, name.clone())["Tags"], now, "{kind}");
        kit.setup(&untag, with(&name, "TagKeys", json!(["status"])));
        assert_eq!(kit.setup(&list, name.clone())["Tags"], if ignored { tags(&[]) } else { now }, "{kind}");
        let twice = kit.as_root(&tag, with(&name, "Tags", tags(&[("a", "1"), ("A", "2")])));
        match twice {
            Ok(_) => assert!(!ignored, "{kind}"),
            Err(fault) => {
                let text = "Duplicate tag keys found. Please note that Tag keys are case insensitive.";
                assert_eq!((ignored, &*fault.code, &*fault.message), (true, "InvalidInput", text), "{kind}");
            }
        }
        let same = kit.as_root(&tag, with(&name, "Tags", tags(&[("a", "1"), ("a", "2")]))).unwrap_err();
        assert!(same.message.starts_with("Duplicate tag keys found."), "{kind}");
    }
}

#[test]
fn what_is_no_tag() {
    let many: Vec<_> = (0..51).map(|at| json!({ "Key": format!("k{at}"), "Value": "" })).collect();
    let at = "1 validation error detected: Value at 'tags.1.member.";
    let cases = [
        (
            json!(many),
            "ValidationError",
            "1 validation error detected: Value at 'tags' failed to satisfy constraint: \
          Member must have length less than or equal to 50"
                .to_owned(),
        ),
        (
            tags(&[(&"k".repeat(129), "v")]),
            "ValidationError",
            format!("{at}key' failed to satisfy constraint: Member must have length less than or equal to 128"),
        ),
        (
            tags(&[("k", &"v".repeat(257))]),
            "ValidationError",
            format!("{at}value' failed to satisfy constraint: Member must have length less than or equal to 256"),
        ),
        (
            tags(&[("<k>", "v")]),
            "ValidationError",
            format!(
                "{at}key' failed to satisfy constraint: Member must \
          satisfy regular expression pattern: [\\p{{L}}\\p{{Z}}\\p{{N}}_.:/=+\\-@]+"
            ),
        ),
        (
            json!([{ "Key": "k" }]),
            "ValidationError",
            format!("{at}value' failed to satisfy constraint: Member must not be null"),
        ),
        (tags(&[("AWS:x", "v")]), "InvalidInput", "The tag key 'AWS:x' is reserved".to_owned()),
    ];
    for (passed, code, text) in cases {
        let mut kit = Kit::new(crate::SERVICES);
        let fault = kit.as_root("iam:CreateUser", json!({ "UserName": "u", "Tags": passed })).unwrap_err();
        assert_eq!(&*fault.code, code, "{fault}");
        assert!(fault.message.starts_with(&text), "{fault}");
    }
}

#[test]
fn fifty_tags_in_all() {
    let mut kit = Kit::new(crate::SERVICES);
    let fifty: Vec<_> = (0..50).map(|at| json!({ "Key": format!("k{at}"), "Value": "" })).collect();
    kit.setup("iam:CreateUser", json!({ "UserName": "u", "Tags": fifty }));
    kit.setup("iam:TagUser", json!({ "UserName": "u", "Tags": tags(&[("k0", "again")]) }));
    let fault = kit.as_root("iam:TagUser", json!({ "UserName": "u", "Tags": tags(&[("more", "")]) })).unwrap_err();
    assert_eq!(&*fault.code, "LimitExceeded");
}

/// Making something tagged takes the permission to tag it too, and both see the tags.
#[test]
fn tag_on_create_is_authorised_twice() {
    let mut kit = Kit::new(crate::SERVICES);
    let maker = kit.user("maker", json!([{ "Effect": "Allow", "Action": "iam:CreateRole", "Resource": "*" }]));
    let input = |name: &str, status: &str| json!({ "RoleName": name, "AssumeRolePolicyDocument": trust(), "Tags": tags(&[("Status", status)]) });
    kit.call(&maker, "iam:CreateRole", json!({ "RoleName": "a", "AssumeRolePolicyDocument": trust() })).unwrap();
    let fault = kit.call(&maker, "iam:CreateRole", input("b", "OK")).unwrap_err();
    let text = "is not authorized to perform: iam:TagRole on resource: arn:aws:iam::123456789012:role/b ";
    assert!(fault.message.contains(text), "{fault}");

    let ok = json!({ "StringEquals": { "aws:RequestTag/Status": "OK" }, "ForAllValues:StringEquals": { "aws:TagKeys": ["Status"] } });
    let tagger = kit.user(
        "tagger",
        json!([
            { "Effect": "Allow", "Action": ["iam:CreateRole", "iam:TagRole"], "Resource": "*", "Condition": ok },
        ]),
    );
    kit.call(&tagger, "iam:CreateRole", input("c", "OK")).unwrap();
    assert!(kit.call(&tagger, "iam:CreateRole", input("d", "NG")).is_err());
    let untagged = json!({ "RoleName": "e", "AssumeRolePolicyDocument": trust() });
    assert!(kit.call(&tagger, "iam:CreateRole", untagged).is_err());
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/access_iam-tags.html
#[test]
fn tags_fence_what_may_be_done() {
    let mut kit = Kit::new(crate::SERVICES);
    for (name, team) in [("red", "red"), ("blue", "blue")] {
        let input = json!({ "RoleName": name, "AssumeRolePolicyDocument": trust(), "Tags": tags(&[("team", team)]) });
        kit.setup("iam:CreateRole", input);
    }
    for key in ["aws:ResourceTag/team", "iam:ResourceTag/team"] {
        let own = json!({ "StringEquals": { key: "${aws:PrincipalTag/team}" } });
        let name = key.replace([':', '/'], "-");
        let user =
            kit.user(&name, json!([{ "Effect": "Allow", "Action": "iam:*", "Resource": "*", "Condition": own }]));
        kit.setup("iam:TagUser", json!({ "UserName": name, "Tags": tags(&[("team", "red")]) }));
        kit.call(&user, "iam:UpdateRole", json!({ "RoleName": "red" })).unwrap();
        assert!(kit.call(&user, "iam:UpdateRole", json!({ "RoleName": "blue" })).is_err(), "{key}");
        assert!(kit.call(&user, "iam:ListRoles", json!({})).is_err(), "{key}: a list has no tags");
    }
    let keys = json!({ "ForAllValues:StringEquals": { "aws:TagKeys": "note" } });
    let user =
        kit.user("u", json!([{ "Effect": "Allow", "Action": "iam:UntagRole", "Resource": "*", "Condition": keys }]));
    kit.call(&user, "iam:UntagRole", json!({ "RoleName": "red", "TagKeys": ["note"] })).unwrap();
    assert!(kit.call(&user, "iam:UntagRole", json!({ "RoleName": "red", "TagKeys": ["note", "team"] })).is_err());
}

//! A small universe: every pair of small documents, and every request that they can tell from others.

use policy::{Context, Principal};

use super::*;

/// What a tag is compared with.
const CONDITIONS: [&str; 7] = [
    "",
    r#""StringEquals": {"aws:PrincipalTag/a": "x"}"#,
    r#""StringNotEquals": {"aws:PrincipalTag/a": "x"}"#,
    r#""StringLikeIfExists": {"aws:PrincipalTag/a": "x*"}"#,
    r#""Null": {"aws:PrincipalTag/a": "true"}"#,
    r#""ForAllValues:StringEquals": {"aws:TagKeys": ["k"]}"#,
    r#""ForAnyValue:StringNotEquals": {"aws:TagKeys": ["k"]}"#,
];

fn documents() -> Vec<Vec<Arc<Policy>>> {
    let statement = |effect: &str, of: &str, condition: &str| {
        format!(r#"{{"Effect": "{effect}", {of}, "Condition": {{{condition}}}}}"#)
    };
    let (one, all) =
        (r#""Action": "ec2:CreateTags", "Resource": "*""#, r#""NotAction": "ec2:RunInstances", "Resource": "*""#);
    let allows = CONDITIONS.iter().flat_map(|condition| [one, all].map(|of| statement("Allow", of, condition)));
    let everything = statement("Allow", r#""Action": "ec2:*", "Resource": "*""#, "");
    let denies =
        CONDITIONS.iter().skip(1).map(|condition| format!("{everything}, {}", statement("Deny", one, condition)));
    let texts: Vec<String> = allows.chain(denies).collect();
    texts.iter().map(|text| vec![statements(Kind::Identity, text)]).collect()
}

/// Actions with what they are authorised on, and whether their requests carry aws:TagKeys.
const ACTIONS: [(&str, &str, bool); 6] = [
    ("ec2:CreateTags", "arn:aws:ec2:us-east-1:111122223333:instance/i-1", true),
    ("ec2:DeleteTags", "arn:aws:ec2:us-east-1:111122223333:instance/i-1", true),
    ("ec2:RunInstances", "arn:aws:ec2:us-east-1:111122223333:instance/i-1", true),
    ("ec2:DescribeInstances", "*", false),
    ("ecs:TagResource", "arn:aws:ecs:us-east-1:111122223333:cluster/c", true),
    ("s3:GetObject", "arn:aws:s3:::b/k", false),
];

fn requests() -> Vec<Request> {
    let mut requests = Vec::new();
    for (action, resource, has_keys) in ACTIONS {
        for tag in [None, Some(""), Some("x"), Some("xy"), Some("y")] {
            for keys in [None, Some(&[][..]), Some(&[""]), Some(&["k"]), Some(&["l"]), Some(&["k", "l"])] {
                let mut context = Context::new();
                tag.into_iter().for_each(|tag| context.set("aws:PrincipalTag/a", tag));
                keys.into_iter().for_each(|keys| context.set_many("aws:TagKeys", keys.iter().copied()));
                requests.extend((has_keys || keys.is_none()).then(|| Request {
                    principal: Principal::User { arn: "arn:aws:iam::111122223333:user/ann".to_owned() },
                    action: action.to_owned(),
                    resource: resource.to_owned(),
                    resource_account: None,
                    context,
                }));
            }
        }
    }
    requests
}

/// Each pair of documents is told apart exactly if one of the requests tells them apart.
#[test]
fn small_documents_are_compared_as_every_request_has_it() {
    let (documents, requests) = (documents(), requests());
    let mut told = [0, 0];
    for old in &documents {
        for new in &documents {
            let exists = requests.iter().any(|request| is_gained(old, new, request).is_so);
            let found = match new_access(old, new, &Options::default()).unwrap() {
                Verdict::Found { .. } => true,
                Verdict::Proved { .. } => false,
                Verdict::Undecided { reason } => panic!("{reason}: {}\n{}", shown(old), shown(new)),
            };
            assert_eq!(
                found,
                exists,
                "{}\n{}\n{:?}",
                shown(old),
                shown(new),
                new_access(old, new, &Options::default())
            );
            told[usize::from(found)] += 1;
        }
    }
    assert!(told.iter().all(|&many| many > 50), "{told:?}");
}

use super::{Pattern, closest, parts};

/// The names of the types of `prefix` an ARN is closest to.
fn types(prefix: &str, arn: &str) -> Vec<&'static str> {
    closest(crate::service(prefix).unwrap().resource_types(), arn).into_iter().map(super::ResourceType::name).collect()
}

#[test]
fn arns_have_types() {
    let here = "eu-west-1:111122223333";
    for (prefix, arn, expected) in [
        ("s3", "arn:aws:s3:::b", vec!["bucket"]),
        ("s3", "arn:aws:s3:::b/k", vec!["object"]),
        ("s3", "arn:aws:s3:::b/a/b:c/é", vec!["object"]),
        ("s3", "arn:aws:s3:::é/k", vec!["object"]),
        ("s3", &format!("arn:aws:s3:{here}:accesspoint/ap"), vec!["accesspoint"]),
        ("s3", &format!("arn:aws:s3:{here}:accesspoint/ap/object/k/l"), vec!["accesspointobject"]),
        ("s3", &format!("arn:aws-cn:s3:{here}:job/j"), vec!["job"]),
        ("s3", "arn:aws:ec2:::b", vec![]),
        ("ecs", &format!("arn:aws:ecs:{here}:cluster/c"), vec!["cluster"]),
        ("ecs", &format!("arn:aws:ecs:{here}:task/c/0123"), vec!["task"]),
        ("ecs", &format!("arn:aws:ecs:{here}:task-definition/f:3"), vec!["task-definition"]),
        ("ecs", &format!("arn:aws:ecs:{here}:nothing/f"), vec![]),
        ("iam", "arn:aws:iam::111122223333:role/a/b/app", vec!["role"]),
        ("iam", "arn:aws:iam::111122223333:role/", vec![]),
        ("iam", "arn:aws:iam::aws:policy/ReadOnlyAccess", vec!["policy"]),
        ("lambda", &format!("arn:aws:lambda:{here}:function:f"), vec!["function"]),
        // A version looks like an alias.
        ("lambda", &format!("arn:aws:lambda:{here}:function:f:1"), vec!["function alias", "function version"]),
        ("lex", &format!("arn:aws:lex:{here}:bot/b"), vec!["bot"]),
        ("s3", "*", vec![]),
        ("s3", "", vec![]),
        ("s3", "arn:aws:s3", vec![]),
    ] {
        let mut found = types(prefix, arn);
        if prefix == "lex" {
            found.retain(|name| *name == "bot");
        }
        assert_eq!(found, expected, "{arn}");
    }
}

#[test]
fn patterns_fit_part_by_part() {
    for (pattern, arn, expected) in [
        ("arn:${Partition}:s:${Region}:${Account}:a/${A}/b/${B}", "arn:aws:s:::a/x/b/y", true),
        ("arn:${Partition}:s:${Region}:${Account}:a/${A}/b/${B}", "arn:aws:s:::a//b/y", false),
        ("arn:${Partition}:s:${Region}:${Account}:a/${A}/b/${B}", "arn:aws:s:::a/x/b/", false),
        ("arn:${Partition}:s:${Region}:${Account}:a/${A}/b", "arn:aws:s:::a/x/b/b", true),
        ("arn:${Partition}:s:${Region}:${Account}:a/${A}/b", "arn:aws:s:::a/x/bb", false),
        ("arn:${Partition}:s:${Region}:${Account}:a:*", "arn:aws:s:r:1:a:", true),
        ("arn:${Partition}:s:${Region}:*:${A}${B}", "arn:aws:s:r:1:xy", true),
        ("arn:${Partition}:s:${Region}:*:${A}${B}", "arn:aws:s:r:1:x", false),
        ("arn:${Partition}:s::${Account}:a", "arn:aws:s:r:1:a", false),
        ("arn:${Partition}:s:${Region}:${Account}:a", "arn:aws:s:r:1:A", false),
        ("arn:${Partition}:s:${Region}:${Account}:${unclosed", "arn:aws:s:r:1:x", true),
    ] {
        let fits = Pattern::read(pattern).zip(parts(arn)).is_some_and(|(pattern, arn)| pattern.fit(&arn).is_some());
        assert_eq!(fits, expected, "{pattern} on {arn}");
    }
}

#[test]
fn keys_of_a_type() {
    let task = crate::service("ecs").unwrap().resource_types().find(|kind| kind.name() == "task").unwrap();
    assert_eq!(task.keys().collect::<Vec<_>>(), ["aws:ResourceTag/${TagKey}", "ecs:ResourceTag/${TagKey}"]);
    assert_eq!(task.arns().count(), 1);
}

#[test]
fn what_a_call_makes_has_an_arn_that_ends_in_a_wildcard() {
    let kind = |prefix: &str, name: &str| {
        let mut types = crate::service(prefix).unwrap().resource_types();
        types.find(|kind| kind.name() == name).unwrap()
    };
    for (service, name, expected) in [
        ("ec2", "instance", Some("arn:aws:ec2:eu-west-1:111122223333:instance/*")),
        ("ec2", "image", Some("arn:aws:ec2:eu-west-1::image/*")),
        ("ecs", "task", Some("arn:aws:ecs:eu-west-1:111122223333:task/*/*")),
        ("s3", "bucket", Some("arn:aws:s3:::*")),
    ] {
        let arn = kind(service, name).arn_to_come("aws", Some("eu-west-1"), Some("111122223333"));
        assert_eq!(arn.as_deref(), expected, "{name}");
    }
    assert_eq!(kind("ec2", "instance").arn_to_come("aws", None, Some("111122223333")), None);
    assert_eq!(kind("s3", "bucket").arn_to_come("aws", None, None).as_deref(), Some("arn:aws:s3:::*"));
}

/// The forms that AWS's examples use: docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html
#[test]
fn a_type_has_wildcards_and_samples() {
    for (service, name, wildcard, sample) in [
        ("ec2", "instance", "arn:aws:ec2:*:*:instance/*", "arn:aws:ec2:us-east-1:111122223333:instance/x"),
        ("ec2", "image", "arn:aws:ec2:*::image/*", "arn:aws:ec2:us-east-1::image/x"),
        ("s3", "object", "arn:aws:s3:::*/*", "arn:aws:s3:::x/x"),
        ("iam", "role", "arn:aws:iam::*:role/*", "arn:aws:iam::111122223333:role/x"),
    ] {
        let found = crate::service(service).unwrap().resource_types().find(|kind| kind.name() == name).unwrap();
        assert_eq!(found.wildcards("aws").collect::<Vec<_>>(), [wildcard], "{service} {name}");
        assert_eq!(found.samples().collect::<Vec<_>>(), [sample], "{service} {name}");
    }
    let gateway = crate::service("apigateway").unwrap().resource_types().find(|kind| kind.name() == "Stages").unwrap();
    let expected = ["arn:aws-cn:apigateway:*::/apis/*/stages", "arn:aws-cn:apigateway:*::/restapis/*/stages"];
    assert_eq!(gateway.wildcards("aws-cn").collect::<Vec<_>>(), expected);
}

/// A sample is of its type, and a wildcard stands for it, or the catalogue's patterns tell two types apart by nothing.
#[test]
fn every_sample_is_of_its_type() {
    let mut others = Vec::new();
    for service in crate::services() {
        for of in service.resource_types() {
            for (sample, wildcard) in of.samples().zip(of.wildcards("aws")) {
                assert!(of.matches(&sample), "{of:?} {sample}");
                assert!(policy::wildcard::matches(&wildcard, &sample), "{of:?} {wildcard}");
                if !closest(service.resource_types(), &sample).contains(&of) {
                    others.push(format!("{of:?} {sample}"));
                }
            }
        }
    }
    assert_eq!(others, Vec::<String>::new());
}

use super::{TEXT, all, get};

#[test]
fn a_policy_in_full() {
    // docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonECSTaskExecutionRolePolicy.html
    let policy = get("arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy").unwrap();
    assert_eq!((policy.name, policy.path), ("AmazonECSTaskExecutionRolePolicy", "/service-role/"));
    assert_eq!((policy.version, policy.created), ("v1", "2017-11-16T18:48:22+00:00"));
    for action in ["ecr:GetAuthorizationToken", "ecr:BatchGetImage", "logs:CreateLogStream", "logs:PutLogEvents"] {
        assert!(policy.document.contains(&format!("\"{action}\"")), "{action}");
    }
}

#[test]
fn lookups() {
    for (arn, expected) in [
        ("arn:aws:iam::aws:policy/AdministratorAccess", true),
        ("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", true),
        ("arn:aws:iam::aws:policy/ReadOnlyAccess", true),
        ("arn:aws:iam::aws:policy/job-function/ViewOnlyAccess", true),
        ("arn:aws:iam::aws:policy/administratoraccess", false),
        ("arn:aws:iam::aws:policy/service-role/AdministratorAccess", false),
        ("arn:aws:iam::111122223333:policy/AdministratorAccess", false),
        ("zzz", false),
        ("", false),
    ] {
        assert_eq!(get(arn).map(|policy| policy.arn), expected.then_some(arn));
    }
}

#[test]
fn each_partition_has_them() {
    for (partition, expected) in
        [("aws-cn", true), ("aws-us-gov", true), ("aws-eusc", true), ("awsx", false), ("*", false), ("", false)]
    {
        let found = get(&format!("arn:{partition}:iam::aws:policy/AdministratorAccess"));
        let arn = expected.then_some("arn:aws:iam::aws:policy/AdministratorAccess");
        assert_eq!(found.map(|policy| policy.arn), arn, "{partition}");
    }
}

#[test]
fn administrators_may_do_everything() {
    let policy = get("arn:aws:iam::aws:policy/AdministratorAccess").unwrap();
    assert_eq!(
        policy.document,
        r#"{"Statement":[{"Action":"*","Effect":"Allow","Resource":"*"}],"Version":"2012-10-17"}"#
    );
}

#[test]
fn every_line_is_a_policy_that_is_found_and_is_sound() {
    assert!(TEXT.is_ascii());
    assert_eq!(TEXT.lines().count(), 1582);
    assert_eq!(all().count(), 1582);
    assert!(all().is_sorted_by(|a, b| a.arn < b.arn));
    for policy in all() {
        assert_eq!(get(policy.arn), Some(policy));
        assert_eq!(policy.arn, format!("arn:aws:iam::aws:policy{}{}", policy.path, policy.name));
        assert!(policy.version.starts_with('v') && policy.created.ends_with("+00:00") && policy.updated.len() == 25);
        assert!(policy.document.starts_with("{\"") && policy.document.ends_with('}'), "{}", policy.arn);
    }
}

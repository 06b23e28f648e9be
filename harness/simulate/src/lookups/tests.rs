use super::*;

#[test]
fn what_is_not_there_is_told_with_what_could_be_meant() {
    let mut known = Lookups::default();
    for (action, note) in [
        ("s3:GetObject", None),
        ("S3:getobject", None),
        (
            "s3:GetObjct",
            Some("the action `s3:GetObjct` is not in the catalogue of AWS's actions; did you mean `s3:GetObject`?"),
        ),
        ("nix:Go", Some("the action `nix:Go` is not in the catalogue of AWS's actions")),
    ] {
        assert_eq!(known.about(action).note.as_deref(), note, "{action}");
    }
    for (action, key, note) in [
        ("s3:GetObject", "aws:PrincipalTag/Status", None),
        ("s3:GetObject", "AWS:SOURCEIP", None),
        (
            "s3:GetObject",
            "aws:RequestTag/Status",
            Some("aws:RequestTag/Status is left out: no request for s3:GetObject carries it"),
        ),
        ("ecs:RunTask", "aws:RequestTag/Status", None),
        ("nix:Go", "aws:RequestTag/Status", None),
        (
            "s3:GetObject",
            "aws:PrincipalTagg/Status",
            Some(
                "`aws:PrincipalTagg/Status` is kept, but is not in the catalogue of AWS's condition keys; did you mean `aws:PrincipalTag/Status`?",
            ),
        ),
        ("s3:GetObject", "x", Some("`x` is kept, but is not in the catalogue of AWS's condition keys")),
    ] {
        let about = known.about(action);
        let place = about.place(key);
        assert_eq!(about.fact(place).note.as_deref(), note, "{action} {key}");
    }
    for (key, expected) in [("aws:TagKeys", true), ("aws:SourceIp", false)] {
        let about = known.about("ecs:RunTask");
        let place = about.place(key);
        assert_eq!(about.fact(place).is_multivalued, Some(expected));
    }
    // docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#rcp-supported-services
    assert!(known.about("s3:GetObject").has_resource_control);
    assert!(!known.about("ec2:RunInstances").has_resource_control);
}

/// docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
#[test]
fn a_key_is_kept_by_the_row_of_its_resource() {
    let mut known = Lookups::default();
    for (action, resource, key, expected) in [
        ("ec2:RunInstances", "arn:aws:ec2:eu-west-1::image/ami-1", "aws:RequestTag/a", Carries::No),
        ("ec2:RunInstances", "arn:aws:ec2:eu-west-1:111122223333:instance/*", "aws:RequestTag/a", Carries::Yes),
        ("ec2:RunInstances", "*", "aws:RequestTag/a", Carries::Perhaps),
        ("ec2:RunInstances", "arn:aws:s3:::b", "aws:RequestTag/a", Carries::Perhaps),
        ("ec2:StopInstances", "*", "aws:RequestTag/a", Carries::No),
        ("ec2:RunInstances", "*", "aws:SourceIp", Carries::Yes),
        ("s3:ListAllMyBuckets", "*", "aws:ResourceTag/a", Carries::No),
        ("nix:Go", "*", "aws:ResourceTag/a", Carries::Yes),
        ("ec2:RunInstances", "*", "nix:Key", Carries::Yes),
    ] {
        let about = known.about(action);
        let place = about.place(key);
        assert_eq!(about.kept(place, resource), expected, "{action} {resource} {key}");
    }
}

/// docs.aws.amazon.com/service-authorization/latest/reference/list_sqs.html
#[test]
fn an_account_that_is_none_is_told_with_the_form_of_the_arn() {
    let form = "write it as in `arn:${Partition}:sqs:${Region}:${Account}:${QueueName}`";
    for (resource, what) in [
        ("arn:aws:sqs:us-east-1::q", "it names no account"),
        ("arn:aws:sqs:us-east-1:12345:q", "it has `12345` for its account, which is not 12 digits"),
    ] {
        let expected = format!("no request for sqs:SendMessage is on `{resource}`: {what}; {form}");
        assert_eq!(not_in_account("sqs:SendMessage", resource), Some(expected));
    }
    assert_eq!(not_in_account("sqs:SendMessage", "arn:aws:sqs:us-east-1:111122223333:q"), None);
    assert_eq!(not_in_account("nix:Go", "arn:aws:sqs:us-east-1::q"), None);
}

use crate::action;

/// docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogGroup.html, members `arn` and `logGroupArn`
#[test]
fn a_log_group_is_asked_about_with_a_log_stream_behind_it_but_for_three_actions() {
    let group = "arn:aws:logs:us-east-1:111122223333:log-group:/ecs/app";
    let with_stream = format!("{group}:log-stream:");
    for (name, expected) in [
        ("logs:FilterLogEvents", &*with_stream),
        ("logs:DeleteLogGroup", &with_stream),
        ("logs:CreateLogGroup", &with_stream),
        ("logs:TagLogGroup", &with_stream),
        ("logs:ListTagsLogGroup", &with_stream),
        ("logs:TagResource", group),
        ("logs:UntagResource", group),
        ("logs:ListTagsForResource", group),
        // On log streams, never on a log group.
        ("logs:PutLogEvents", group),
    ] {
        for given in [group.to_owned(), format!("{group}:*")] {
            assert_eq!(action(name).unwrap().authorised_on(&given), expected, "{name} on {given}");
        }
    }
}

#[test]
fn everything_else_is_asked_about_by_its_own_arn() {
    for (name, arn) in [
        ("logs:GetLogEvents", "arn:aws:logs:us-east-1:111122223333:log-group:g:log-stream:s"),
        ("logs:PutDestination", "arn:aws:logs:us-east-1:111122223333:destination:d"),
        ("logs:FilterLogEvents", "*"),
        ("sqs:SendMessage", "arn:aws:sqs:us-east-1:111122223333:log-group:x"),
        ("sqs:SendMessage", "arn:aws:logs:us-east-1:111122223333:log-group:x"),
        ("s3:GetObject", "arn:aws:s3:::b/k"),
    ] {
        assert_eq!(action(name).unwrap().authorised_on(arn), arn, "{name}");
    }
}

/// The "Resource types" of the services' pages under docs.aws.amazon.com/service-authorization/latest/reference/.
#[test]
fn an_account_is_missed_where_every_pattern_has_one() {
    let queue = Some("arn:${Partition}:sqs:${Region}:${Account}:${QueueName}");
    for (name, arn, expected) in [
        ("sqs:SendMessage", "arn:aws:sqs:us-east-1:111122223333:q", None),
        ("sqs:SendMessage", "arn:aws:sqs:us-east-1::q", queue),
        ("sqs:SendMessage", "arn:aws:sqs:us-east-1:11112222333:q", queue),
        ("sqs:SendMessage", "arn:aws:sqs:us-east-1:1111-2222-3333:q", queue),
        ("sqs:SendMessage", "arn:aws:sqs:us-east-1:ACCOUNT:q", queue),
        ("sqs:SendMessage", "*", None),
        // Of another form: that is what is wrong with it.
        ("sqs:SendMessage", "arn:aws:s3:::b", None),
        ("s3:GetObject", "arn:aws:s3:::b/k", None),
        ("ec2:RunInstances", "arn:aws:ec2:us-east-1::image/ami-1", None),
        (
            "ec2:RunInstances",
            "arn:aws:ec2:us-east-1::instance/i-1",
            Some("arn:${Partition}:ec2:${Region}:${Account}:instance/${InstanceId}"),
        ),
        ("iam:AttachRolePolicy", "arn:aws:iam::aws:policy/ReadOnlyAccess", None),
        ("iam:GetPolicy", "arn:aws:iam::aws:policy/ReadOnlyAccess", None),
        ("iam:GetRole", "arn:aws:iam::1:role/r", Some("arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}")),
        ("braket:GetDevice", "arn:aws:braket:::device/quantum-simulator/amazon/sv1", None),
        ("ssm:GetParameter", "arn:aws:ssm:us-east-1::parameter/aws/service/x", None),
        (
            "ssm:GetParameter",
            "arn:aws:ssm:us-east-1::parameter/x",
            Some("arn:${Partition}:ssm:${Region}:${Account}:parameter/${ParameterNameWithoutLeadingSlash}"),
        ),
        ("ssm:StartSession", "arn:aws:ssm:us-east-1::document/AWS-StartSSHSession", None),
        ("apigateway:GET", "arn:aws:apigateway:us-east-1::/restapis/x", None),
    ] {
        assert_eq!(action(name).unwrap().misses_account(arn), expected, "{name} on {arn}");
    }
}

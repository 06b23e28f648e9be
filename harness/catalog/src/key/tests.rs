use super::{KEYS, Key, ValueType, is_separator, key, keys, keys_of};

#[test]
fn names_find_their_pattern() {
    for (name, expected) in [
        ("aws:RequestTag/Status", Some("aws:RequestTag/${TagKey}")),
        ("AWS:requesttag/status", Some("aws:RequestTag/${TagKey}")),
        ("aws:RequestTag/${TagKey}", Some("aws:RequestTag/${TagKey}")),
        ("aws:RequestTag/a/b:c", Some("aws:RequestTag/${TagKey}")),
        ("aws:RequestTag/é", Some("aws:RequestTag/${TagKey}")),
        ("aws:PrincipalTag/team", Some("aws:PrincipalTag/${TagKey}")),
        ("s3:ExistingObjectTag/Status", Some("s3:ExistingObjectTag/${TagKey}")),
        ("secretsmanager:ResourceTag/a", Some("secretsmanager:ResourceTag/${TagKey}")),
        ("kms:EncryptionContext:a:b", Some("kms:EncryptionContext:${EncryptionContextKey}")),
        ("aws:tagkeys", Some("aws:TagKeys")),
        ("aws:SourceIP", Some("aws:SourceIp")),
        // One that is spelt out, where a pattern would fit as well.
        ("ssm:resourceTag/aws:ssmmessages:session-id", Some("ssm:resourceTag/aws:ssmmessages:session-id")),
        ("ssm:resourceTag/other", Some("ssm:resourceTag/${TagKey}")),
        // Two patterns fit; the longer is meant.
        ("events:Metadata/a", Some("events:Metadata/${MetadataKey}")),
        ("events:Metadata/a/Matcher", Some("events:Metadata/${MetadataKey}/Matcher")),
        ("token.actions.acme.ghe.com:actor", Some("token.actions.${Domain}.ghe.com:actor")),
        ("codebuild:secondarySources/s.location", Some("codebuild:secondarySources/${sourceIdentifier}.location")),
        ("token.actions.githubusercontent.com:sub", Some("${Provider}:sub")),
        ("oidc.eks.eu-west-1.amazonaws.com/id/ABC:AUD", Some("${Provider}:aud")),
        ("accounts.google.com:email", Some("${Provider}:email")),
        ("accounts.google.com:aud", Some("accounts.google.com:aud")),
        ("oidc.circleci.com/org/1:aud", Some("${Provider}:aud")),
        ("kms:EncryptionContext:a.b:sub", Some("kms:EncryptionContext:${EncryptionContextKey}")),
        ("idp.example.com:name", None),
        ("s3:sub", None),
        ("a:b.c:sub", None),
        (".:", None),
        ("aws:RequestTag", None),
        ("aws:RequestTag/", None),
        ("events:Metadata//Matcher", Some("events:Metadata/${MetadataKey}")),
        ("aws:TagKeys/Status", None),
        // Not a key of AWS, though other S3 implementations have it.
        ("s3:ResourceTag/Status", None),
        ("aws:NoSuchKey", None),
        ("Status", None),
        ("", None),
        (":", None),
    ] {
        assert_eq!(key(name).map(super::Key::pattern), expected, "{name}");
    }
}

#[test]
fn types_and_multivalued_keys() {
    for (name, value_type, multivalued) in [
        ("aws:TagKeys", ValueType::String, true),
        ("aws:RequestTag/a", ValueType::String, false),
        ("aws:ResourceTag/a", ValueType::String, false),
        ("aws:PrincipalTag/a", ValueType::String, false),
        ("s3:RequestObjectTagKeys", ValueType::String, true),
        ("sts:TransitiveTagKeys", ValueType::String, true),
        // "The key is multivalued", and SAML's that are "marked with `[]`".
        // docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
        ("cognito-identity.amazonaws.com:amr", ValueType::String, true),
        ("cognito-identity.amazonaws.com:aud", ValueType::String, false),
        ("idp.example.com:amr", ValueType::String, true),
        ("idp.example.com:email", ValueType::String, false),
        ("saml:cn", ValueType::String, true),
        ("saml:mail", ValueType::String, true),
        ("saml:edupersonprincipalname", ValueType::String, false),
        ("saml:sub", ValueType::String, false),
        // docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
        ("events:source", ValueType::String, true),
        ("ecs:capacity-provider", ValueType::Arn, true),
        ("ecs:cluster", ValueType::Arn, false),
        ("aws:PrincipalOrgPaths", ValueType::String, true),
        ("aws:CalledVia", ValueType::String, true),
        ("aws:SourceIp", ValueType::IpAddress, false),
        ("aws:CurrentTime", ValueType::Date, false),
        ("aws:MultiFactorAuthAge", ValueType::Numeric, false),
        ("aws:SecureTransport", ValueType::Bool, false),
        ("aws:PrincipalArn", ValueType::Arn, false),
        ("aws:SignInSessionArn", ValueType::Arn, false),
        ("aws:ViaCustomerDomain", ValueType::String, false),
        ("codebuild:ProjectArn", ValueType::Arn, false),
    ] {
        let key = key(name).unwrap();
        assert_eq!((key.value_type(), key.is_multivalued()), (value_type, multivalued), "{name}");
    }
}

#[test]
fn placeholders_have_one_form_and_every_pattern_finds_itself() {
    for found in keys() {
        let pattern = found.pattern();
        assert_eq!(key(pattern), Some(found), "{pattern}");
        assert!(!pattern.contains('<') && !pattern.ends_with("/tag-key"), "{pattern}");
        if let Some(start) = pattern.find("${") {
            assert!(start == 0 || is_separator(pattern.as_bytes()[start - 1]), "{pattern}");
        }
    }
}

#[test]
fn the_file_is_sorted_without_letter_case_and_has_no_key_twice() {
    let folded: Vec<_> = keys().map(|key| key.pattern().to_ascii_lowercase()).collect();
    assert!(folded.is_sorted_by(|a, b| a < b));
    assert!(KEYS.records.iter().all(|record| record.pattern.is_ascii()));
}

#[test]
fn the_keys_of_a_service_are_those_whose_names_begin_with_it() {
    for prefix in ["aws", "S3", "s3-object-lambda", "ec2", "accounts.google.com", "", "nix", "zz", "${provider}"] {
        let begins = |key: &Key| key.pattern().split(':').next().is_some_and(|own| own.eq_ignore_ascii_case(prefix));
        assert!(keys_of(prefix).eq(keys().filter(begins)), "{prefix}");
    }
}

/// docs.aws.amazon.com/service-authorization/latest/reference/list_dynamodb.html lists dynamodb:LeadingKeys for GetItem, and
/// not for Scan; list_ec2.html lists aws:RequestTag on the snapshot of CreateSnapshot, and not on the volume.
#[test]
fn the_carriers_of_a_key_are_actions_with_their_rows() {
    let of = |name: &str| key(name).unwrap().carriers();
    let actions: Vec<_> = of("dynamodb:LeadingKeys").map(|(action, _)| action.name()).collect();
    assert!(actions.contains(&"dynamodb:GetItem") && !actions.contains(&"dynamodb:Scan"), "{actions:?}");
    let (_, rows) = of("aws:RequestTag/team").find(|(action, _)| action.name() == "ec2:CreateSnapshot").unwrap();
    let types: Vec<_> = rows.into_iter().filter_map(crate::Row::resource_type).map(crate::ResourceType::name).collect();
    assert_eq!(types, ["snapshot"]);
    assert_eq!(of("aws:PrincipalTag/team").count(), 0, "of every request");
}

#[test]
fn the_carriers_are_all_that_ever_carry_a_key() {
    for name in ["aws:TagKeys", "aws:VpceOrgID", "iam:ResourceTag/a", "s3:ExistingObjectTag/a", "kms:ViaService"] {
        let key = key(name).unwrap();
        let carriers: Vec<_> = key.carriers().map(|(action, _)| action.name()).collect();
        let all = crate::services().flat_map(crate::Service::actions).filter(|action| !action.never_carries(key));
        assert_eq!(carriers, all.map(crate::Action::name).collect::<Vec<_>>(), "{name}");
    }
}

//! What people take a condition key for and AWS does not, each with AWS's page.

use catalog::Key;

/// One trap.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trap {
    key: &'static str,
    pub(super) says: &'static str,
    pub(super) page: &'static str,
}

/// The traps of a key, in the order of the table: what goes wrong most often first.
pub(super) fn of(key: Key) -> Vec<Trap> {
    TRAPS.iter().filter(|trap| trap.key == key.pattern()).copied().collect()
}

const fn trap(key: &'static str, says: &'static str, page: &'static str) -> Trap {
    Trap { key, says, page }
}

/// The passage about a global key on AWS's page.
macro_rules! global {
    ($key:literal) => {
        concat!(
            "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-",
            $key
        )
    };
}

const FOR_ALL_VALUES: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/\
                              reference_policies_condition-single-vs-multi-valued-context-keys.html\
                              #reference_policies_condition-forallvalues";
const CREATE_ACTION: &str = "Only the tagging that belongs to a create call carries it. Without it in a condition, who may \
                             tag at launch may also retag what is there.";

const TRAPS: &[Trap] = &[
    trap(
        "aws:RequestTag/${TagKey}",
        "It holds a tag that this call passes, not one that the caller or the resource has.",
        global!("requesttag"),
    ),
    trap(
        "aws:RequestTag/${TagKey}",
        "A call is checked on several resources, and those that it only uses do not carry the key. Name those that carry it \
         in Resource.",
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-policies-for-amazon-ec2.html#amazon-ec2-keys",
    ),
    trap(
        "aws:RequestTag/${TagKey}",
        "A call without the tag does not carry the key: a Deny with StringEquals does not match it, StringNotEquals does.",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html",
    ),
    trap(
        "aws:TagKeys",
        "ForAllValues is true for a call that passes no tags. To require a tag, add Null with \"false\".",
        FOR_ALL_VALUES,
    ),
    trap("aws:TagKeys", "It lists the tags of the call, not those of the caller or the resource.", global!("tagkeys")),
    trap(
        "aws:TagKeys",
        "Here a tag's key is a value, so its letter case counts; in aws:RequestTag/KEY it does not.",
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html#control-tagging",
    ),
    trap(
        "aws:ResourceTag/${TagKey}",
        "Calls that list name no resource, so they do not carry the key. Allow them in a statement of their own.",
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-policies-for-amazon-ec2.html#control-access-with-tags",
    ),
    trap(
        "aws:ResourceTag/${TagKey}",
        "In S3 it is the bucket's tag, for objects too, and only once attribute-based access control is on for the \
         bucket.",
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging.html",
    ),
    trap(
        "aws:ResourceTag/${TagKey}",
        "AWS lists it for iam:PassRole, and says that a condition on it there does not have reliable results.",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
    ),
    trap(
        "iam:ResourceTag/${TagKey}",
        "AWS lists it for iam:PassRole, and says that a condition on it there does not have reliable results.",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
    ),
    trap(
        "aws:PrincipalTag/${TagKey}",
        "A session tag takes the place of the role's tag with the same key, so a caller who may pass tags chooses the value.",
        "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html#API_AssumeRole_RequestParameters",
    ),
    trap(
        "aws:PrincipalTag/${TagKey}",
        "A caller without the tag does not carry the key: IfExists and negated operators let that caller through.",
        global!("principaltag"),
    ),
    trap(
        "aws:PrincipalTag/${TagKey}",
        "A session's tags do not follow into the next role unless they are transitive; a role's own never do.",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_role-chaining",
    ),
    trap(
        "s3:ExistingObjectTag/${TagKey}",
        "PutObject and DeleteObject do not carry it: it cannot keep a tagged object from being overwritten or deleted.",
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/tagging-and-policies.html",
    ),
    trap(
        "s3:RequestObjectTagKeys",
        "ForAllValues is true for an upload without tags. To require a tag, add Null with \"false\".",
        FOR_ALL_VALUES,
    ),
    trap(
        "s3:BucketTag/${TagKey}",
        "The bucket's tags count only once attribute-based access control is on for the bucket.",
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging.html",
    ),
    trap(
        "ecs:CreateAction",
        CREATE_ACTION,
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html",
    ),
    trap(
        "ec2:CreateAction",
        CREATE_ACTION,
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html",
    ),
    trap(
        "dynamodb:LeadingKeys",
        "Scan does not carry it, and ForAllValues is true without it: leave Scan out of the actions.",
        "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html\
         #FGAC_DDB.Examples.PartitionKeyValue",
    ),
    trap(
        "aws:MultiFactorAuthPresent",
        "Calls with long-term access keys do not carry it: a Deny under Bool \"false\" does not match them; \
         BoolIfExists does.",
        global!("multifactorauthpresent"),
    ),
    trap(
        "aws:MultiFactorAuthPresent",
        "An Allow under BoolIfExists \"true\" lets in calls with long-term access keys.",
        global!("multifactorauthpresent"),
    ),
    trap(
        "aws:TokenIssueTime",
        "Only calls with temporary credentials carry it; those with access keys of a user do not.",
        global!("tokenissuetime"),
    ),
    trap(
        "aws:SourceIp",
        "Calls through a VPC endpoint do not carry it; aws:VpcSourceIp holds their address.",
        global!("sourceip"),
    ),
    trap(
        "aws:SourceVpc",
        "Calls that a service makes on your behalf do not carry your VPC: a Deny needs aws:ViaAWSService too.",
        global!("sourcevpc"),
    ),
    trap(
        "aws:SourceVpce",
        "Calls that a service makes on your behalf do not carry your endpoint: a Deny needs aws:ViaAWSService too.",
        global!("sourcevpce"),
    ),
    trap(
        "aws:VpcSourceIp",
        "Two VPCs can have the same private addresses: name the VPC or the endpoint as well.",
        global!("vpcsourceip"),
    ),
    trap(
        "aws:PrincipalArn",
        "For a session it is the ARN of the role, without the session's name.",
        global!("principalarn"),
    ),
    trap(
        "aws:username",
        "Only IAM users carry it: sessions of roles, root and people of IAM Identity Center do not.",
        global!("username"),
    ),
    trap(
        "aws:PrincipalOrgID",
        "AWS services that write to your resources by themselves, such as CloudTrail, are outside: a Deny stops them.",
        global!("principalorgid"),
    ),
    trap(
        "aws:ResourceAccount",
        "Some services use resources that AWS owns: a Deny of other accounts stops them. Some actions do not carry it.",
        global!("resourceaccount"),
    ),
    trap(
        "aws:SourceArn",
        "Only calls that a service makes by itself carry it. Calls by users and roles, through a service too, do not.",
        global!("sourcearn"),
    ),
    trap(
        "aws:SourceAccount",
        "Only calls that a service makes by itself carry it. Calls by users and roles, through a service too, do not.",
        global!("sourceaccount"),
    ),
    trap(
        "aws:CalledVia",
        "Direct calls do not carry it, nor do those that a service makes with a role of its own.",
        global!("calledvia"),
    ),
    trap(
        "aws:RequestedRegion",
        "Calls to IAM are always made to us-east-1: a Deny of all regions but others stops them.",
        global!("requestedregion"),
    ),
    trap("aws:UserAgent", "The caller writes it: it keeps nobody out who wants in.", global!("useragent")),
    trap("aws:referer", "The caller writes it: it keeps nobody out who wants in.", global!("referer")),
];

#[cfg(test)]
mod tests {
    use super::TRAPS;

    #[test]
    fn every_trap_is_of_a_key_and_has_a_page() {
        for trap in TRAPS {
            let pattern = catalog::key(trap.key).map(catalog::Key::pattern);
            assert_eq!(pattern, Some(trap.key), "{trap:?}");
            assert!(trap.page.starts_with("https://docs.aws.amazon.com/") && !trap.page.contains(' '), "{trap:?}");
            assert!(trap.says.ends_with('.') && trap.says.len() <= 150, "{trap:?}");
        }
    }
}

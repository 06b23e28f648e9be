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

const TRAPS: &[Trap] = &[
    trap(
        "aws:RequestTag/${TagKey}",
        "It holds a tag that this call passes, not one that the caller or the resource has.",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-requesttag",
    ),
    trap(
        "aws:RequestTag/${TagKey}",
        "A call is checked on several resources, and those that it only uses do not carry the key. Name those that carry it in \
         Resource.",
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-policies-for-amazon-ec2.html#amazon-ec2-keys",
    ),
    trap(
        "aws:RequestTag/${TagKey}",
        "A call without the tag does not carry the key, so a Deny with StringEquals does not match it. StringNotEquals matches.",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html",
    ),
    trap(
        "aws:TagKeys",
        "ForAllValues is true for a call that passes no tags. To require a tag, add Null with \"false\".",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html\
         #reference_policies_condition-forallvalues",
    ),
    trap(
        "aws:TagKeys",
        "It lists the tags of the call, not those of the caller or the resource.",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-tagkeys",
    ),
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
        "In S3 it is the bucket's tag, for objects too, and only once attribute-based access control is on for the bucket.",
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging.html",
    ),
    trap(
        "aws:ResourceTag/${TagKey}",
        "A call that creates a resource with tags carries these tags under this key, if its row lists it.",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourcetag",
    ),
    trap(
        "aws:ResourceTag/${TagKey}",
        "For iam:PassRole AWS lists it, and says that the role's tags do not have reliable results there.",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
    ),
    trap(
        "iam:ResourceTag/${TagKey}",
        "For iam:PassRole AWS lists it, and says that the role's tags do not have reliable results there.",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
    ),
    trap(
        "aws:PrincipalTag/${TagKey}",
        "A session tag takes the place of the role's tag with the same key, so whoever may pass tags chooses the value.",
        "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html#API_AssumeRole_RequestParameters",
    ),
    trap(
        "aws:PrincipalTag/${TagKey}",
        "A caller without the tag does not carry the key: IfExists and negated operators let that caller through.",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principaltag",
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
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html\
         #reference_policies_condition-forallvalues",
    ),
    trap(
        "s3:BucketTag/${TagKey}",
        "The bucket's tags count only once attribute-based access control is on for the bucket.",
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging.html",
    ),
    trap(
        "ecs:CreateAction",
        "Only the tagging that belongs to a create call carries it. Without it in a condition, who may tag at launch may also \
         retag what is there.",
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html",
    ),
    trap(
        "ec2:CreateAction",
        "Only the tagging that belongs to a create call carries it. Without it in a condition, who may tag at launch may also \
         retag what is there.",
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
        "Calls with long-term access keys do not carry it: a Deny under Bool \"false\" does not match them. BoolIfExists does.",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html\
         #condition-keys-multifactorauthpresent",
    ),
    trap(
        "aws:MultiFactorAuthPresent",
        "An Allow under BoolIfExists \"true\" lets in calls with long-term access keys.",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html\
         #condition-keys-multifactorauthpresent",
    ),
    trap(
        "aws:TokenIssueTime",
        "Only calls with temporary credentials carry it; those with access keys of a user do not.",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-tokenissuetime",
    ),
    trap(
        "aws:SourceIp",
        "Calls through a VPC endpoint do not carry it; aws:VpcSourceIp holds their address.",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceip",
    ),
    trap(
        "aws:SourceVpc",
        "Calls that a service makes on your behalf do not carry the VPC of your call: a Deny needs aws:ViaAWSService too.",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourcevpc",
    ),
    trap(
        "aws:SourceVpce",
        "Calls that a service makes on your behalf do not carry the endpoint of your call: a Deny needs aws:ViaAWSService too.",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourcevpce",
    ),
    trap(
        "aws:VpcSourceIp",
        "Two VPCs can have the same private addresses: name the VPC or the endpoint as well.",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-vpcsourceip",
    ),
    trap(
        "aws:PrincipalArn",
        "For a session it is the ARN of the role, without the session's name.",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn",
    ),
    trap(
        "aws:username",
        "Only IAM users carry it: sessions of roles, root and people of IAM Identity Center do not.",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-username",
    ),
    trap(
        "aws:PrincipalOrgID",
        "AWS services that write to your resources by themselves are in no organization: a Deny by this key stops them.",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid",
    ),
    trap(
        "aws:ResourceAccount",
        "Some services use resources that AWS owns; a Deny of other accounts stops these calls. Some actions do not carry it.",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourceaccount",
    ),
    trap(
        "aws:SourceArn",
        "Only calls that a service makes by itself carry it. Calls by users and roles, through a service too, do not.",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourcearn",
    ),
    trap(
        "aws:SourceAccount",
        "Only calls that a service makes by itself carry it. Calls by users and roles, through a service too, do not.",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceaccount",
    ),
    trap(
        "aws:CalledVia",
        "Direct calls do not carry it, nor do those that a service makes with a role of its own.",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-calledvia",
    ),
    trap(
        "aws:RequestedRegion",
        "Calls to IAM and other global services count as made to us-east-1: a Deny of other regions stops them.",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-requestedregion",
    ),
    trap(
        "aws:referer",
        "The caller writes it: it keeps nobody out who wants in.",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-referer",
    ),
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

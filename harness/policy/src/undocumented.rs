//! Where AWS's documentation is silent or contradicts itself: what was chosen, and why.
//!
//! One table. A decision that used a row has it in its notes, and the trace names it where it was used. It is also
//! the list of experiments for the one who can ask a real account.

use std::fmt;

use serde::{Serialize, Serializer};

mod otherwise;

pub use otherwise::{OTHERWISE, settings};

/// One situation that AWS's documentation does not settle.
#[derive(Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Row {
    /// A stable name.
    pub id: &'static str,
    /// What the question is.
    pub situation: &'static str,
    /// What happens here.
    pub choice: &'static str,
    /// On what grounds.
    pub why: &'static str,
}

/// What is said where something rests on the row.
impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AWS does not say: {}. Here {} ({})", self.situation, self.choice, self.id)
    }
}

/// Writes the table and the names by which the code uses its rows, so that neither can lack one.
macro_rules! rows {
    ($($name:ident: $id:literal, $situation:literal, $choice:literal, $why:literal;)*) => {
        /// A row of [`ROWS`], by name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[expect(missing_docs, reason = "the rows themselves say what they are")]
        pub enum Case { $($name),* }

        /// The names of the rows, in the order of the table.
        static CASES: &[Case] = &[$(Case::$name),*];

        /// The table.
        pub static ROWS: &[Row] = &[$(Row { id: $id, situation: $situation, choice: $choice, why: $why }),*];
    };
}

rows! {
    MultivaluedPlain: "multivalued-key-under-plain-operator",
        "a multivalued key is compared by a negated operator without ForAllValues or ForAnyValue, or has no values under \
         IfExists",
        "one value is compared as it is; with several values, or none, the condition does not hold",
        "EventBridge's page shows this for StringEquals; no page shows it for a negated operator";
    ForAnyIfExists: "for-any-value-if-exists",
        "ForAnyValue with IfExists, and the key is missing",
        "the condition holds",
        "IfExists says so; ForAnyValue says the opposite, but is about values, and there are none";
    OtherType: "value-of-another-type",
        "a value cannot be read as what the operator compares: a number, a date, an address, an ARN …",
        "the condition does not hold, under a negated operator neither",
        "nothing was compared, so neither a match nor a mismatch can be claimed";
    NullEmptyText: "null-and-empty-text",
        "Null is asked of a key whose value is empty text",
        "the key counts as present",
        "the key is in the request; only the set operators' pages call empty text a null set";
    NullEmptySet: "null-and-empty-set",
        "Null is asked of a multivalued key without values",
        "the key counts as missing",
        "the set operators' pages call it a null set, and recommend Null to tell it from a set with values";
    KeyLetters: "keys-that-differ-in-letter-case",
        "the request has two keys whose names differ only in letter case",
        "the one set last counts",
        "the Condition page calls the result unreliable";
    MultivaluedVariable: "multivalued-key-as-variable",
        "a policy variable names a multivalued key",
        "the variable has no value, not even its default",
        "the variables page allows single-valued keys only, and does not say what happens otherwise";
    VariableWildcard: "wildcard-in-a-variables-value",
        "the value of a policy variable has `*` or `?` in it, and stands where those of the policy are wildcards; Amazon \
         Cognito's guide warns that it might then match more than intended, and no page of IAM says so",
        "they are letters",
        "tags of users, roles and sessions cannot have these characters by IAM's rules";
    NotResourceVariable: "variable-without-value-in-not-resource",
        "a variable in NotResource has no value in the request",
        "the statement does not match",
        "the variables page lets such an item match nothing, and elsewhere calls the statement invalid; safer for an Allow";
    EarlyVariable: "variable-before-the-fifth-colon",
        "a variable stands in an ARN before its resource part",
        "it is replaced as elsewhere",
        "the variables page says that one cannot, not what happens if one does";
    BoolVariable: "variable-under-bool",
        "a variable stands as a value of Bool",
        "it is replaced",
        "the operators page allows it, the variables page does not";
    TruthLetters: "true-and-false-in-other-letters",
        "a value under Bool or Null is true or false, but not in lower case",
        "letter case does not count",
        "the operators page writes both in lower case, and does not say whether they may be written otherwise";
    InnerStar: "wildcard-inside-an-arn-segment",
        "a wildcard before the resource part of an ARN, but not at the end of its segment, stands against a colon",
        "it does not cross the colon",
        "the Resource page lets a `*` cross a colon only as the last character of a segment";
    EveryoneUnlimited: "wildcard-principal-and-boundary",
        "a resource policy allows everyone, and the caller's boundary or session policy does not allow",
        "the request is allowed",
        "the pages say so where a condition on aws:PrincipalArn narrows everyone down; a condition cannot widen a grant";
    TrustUserLimited: "trust-names-user-and-boundary",
        "a trust policy names a user whose boundary does not allow sts:AssumeRole",
        "the request is denied",
        "the trust policy page says the boundary limits, the evaluation page says it does not; the page on trust counts";
    BucketsOnStar: "bucket-pattern-for-list-all-my-buckets",
        "a statement is about s3:ListAllMyBuckets on `arn:aws:s3:::*`, but the action has no resource type",
        "the statement matches",
        "the NotAction page says it needs `*`; S3's first walkthrough grants it so, and tests that buckets are listed";
    NotPrincipalAllow: "not-principal-with-allow",
        "an Allow with NotPrincipal lists one of the names the caller goes by, but not all",
        "the statement does not match",
        "the page only advises against it; the safer reading";
    NotPrincipalPart: "not-principal-lists-a-part",
        "a Deny with NotPrincipal lists one of session, role or user, and account, but not all",
        "the statement denies",
        "the page says that it might, and to list them all";
    CanonicalUser: "canonical-user-of-unknown-account",
        "a policy names a canonical user id, and nothing says whether it is that of the caller's account",
        "a Deny reaches the caller, an Allow does not; as NotPrincipal it spares nobody",
        "the id cannot be worked out from an account's number; the safer reading";
    ActionWithoutService: "action-pattern-without-service",
        "a pattern in Action or NotAction has wildcards and no colon, as `*Execution`",
        "its wildcards can stand for the colon",
        "the grammar page wants a service and a colon; the Step Functions guide long had such an endpoint policy";
    LevelWithoutAllow: "scp-level-without-allow",
        "no service control policy of one level allows the action",
        "the denial is implicit",
        "the evaluation page calls it implicit in one place and explicit in another";
    NoValues: "condition-without-values",
        "a condition key stands with an empty list of values",
        "no value matches, so that a negated operator holds",
        "what the words `none of the values` mean for no values";
    YearOrSeconds: "four-digits-as-a-date",
        "a date of four digits is both a year and seconds since 1970",
        "it is seconds",
        "digits alone are the epoch form";
    InheritedTags: "inherited-tags-in-the-request",
        "a task inherits the tags of its task definition, or gets those that ECS manages",
        "aws:RequestTag and aws:TagKeys of RunTask hold the tags that the request passes, and no others",
        "the global keys page speaks of the tags passed in the request; the ECS pages do not mention inherited ones";
    ManagedTags: "managed-tags-and-tags-of-the-definition",
        "a task gets the tags that ECS manages, but not those of its task definition, and a policy asks for a tag of the task",
        "the task has none of the definition's tags",
        "the guide lists the definition's tags among those that ECS adds; RunTask's page says that they are not propagated";
    ServiceKeys: "keys-of-a-service",
        "an AWS service asks in its own name, and a policy asks for aws:PrincipalAccount, aws:userid or aws:PrincipalType",
        "the first two are missing, and aws:PrincipalType is AWSService",
        "the global keys page says that every request has them, not what they are when a service asks";
    ServiceNames: "other-names-of-a-service",
        "an AWS service asks in its own name, and a policy asks for aws:PrincipalServiceNamesList",
        "the list has the name that the service goes by, and no other",
        "the global keys page says that services have regional names as well, not which";
    ServicePastEndpoint: "what-a-service-asks-and-the-endpoint",
        "a call through a VPC endpoint makes its service ask for an action of another service, as ECS does for iam:PassRole",
        "the endpoint's policy does not limit that action",
        "the endpoint's policy controls access to the service of the endpoint; the pages do not mention what that asks for";
    ServiceCallRegion: "region-of-what-a-service-asks",
        "a service asks for iam:PassRole in the course of a call, and a policy asks for aws:RequestedRegion",
        "it is the region of the call",
        "calls to IAM count as made to us-east-1, but passing a role is no call to IAM";
    ManagedPolicyAccount: "account-of-aws-managed-policies",
        "a policy asks for aws:ResourceAccount, and the resource is a managed policy of AWS",
        "the account is `aws`, as in the policy's ARN",
        "the page says that an account of AWS outside every organization owns them, not which";
    AssociatedResource: "associated-resource-of-ecs",
        "ECS asks for iam:PassRole, and a policy asks for iam:AssociatedResourceArn",
        "the key is missing",
        "the IAM page gives the key's form for EC2 and a few others, and does not mention ECS";
    VolumesNotAsked: "volumes-that-are-not-asked-for",
        "a task without volumes is run, and a policy asks for ecs:enable-ebs-volumes",
        "the key is `false`",
        "the guide shows so for ecs:enable-execute-command; no page says it of this key";
    PrefixOfMissingObject: "prefix-of-a-missing-object",
        "S3 asks for s3:ListBucket before it says that an object is missing, and a policy asks for s3:prefix",
        "the key is missing",
        "the API page says that the permission is needed, not with which keys";
    TagsOfIfMatch: "object-tags-in-if-match",
        "a write or delete with If-Match also asks for s3:GetObject, and a policy asks for s3:ExistingObjectTag",
        "the key is missing, so that a permission bound to the tag does not count",
        "the pages say that the permission is needed, not with which keys; others have seen so for PutObject          (floci-io/floci#3945)";
    InheritedTagsOfRole: "inherited-tags-as-tags-of-a-role",
        "a session with transitive tags assumes a role that has a tag of the same key, and a policy asks for the role's tag",
        "the key has the value of the transitive tag",
        "one page says that the value replaces the role's `after the evaluation of the role trust policy`, and that it is          the one that a trust policy sees";
    SourceArnOfTask: "source-arn-of-a-task",
        "ECS assumes a task's role, and the trust policy asks for aws:SourceArn",
        "it is the task's ARN without the cluster, `arn:aws:ecs:region:account:task/id`",
        "the guide says that a cluster cannot be pinned; others have seen that `task/*` matches";
    RoleTagsInPassRole: "role-tags-in-pass-role",
        "iam:PassRole is asked for, and a policy asks for aws:ResourceTag or iam:ResourceTag of the role",
        "the role's tags are in the request",
        "the reference lists the keys on the role; the user guide says that this `does not have reliable results`";
    ExternalIdOfFurtherAction: "external-id-of-tags-and-source-identity",
        "a call to assume a role also asks for sts:TagSession or sts:SetSourceIdentity, and a policy asks for sts:ExternalId \
         there",
        "the request for that action does not carry the key",
        "the service authorization reference lists the key for sts:AssumeRole alone; no page says that it is missing there";
    InitiatorLimited: "initiator-within-limits",
        "the initiator of a multipart upload stops it or lists its parts, and a boundary, session policy, SCP or RCP does not allow",
        "the request is denied",
        "the page grants it as a part of IAM and bucket policies, and names endpoint policies as an exception alone";
    RolePath: "role-path-not-known",
        "the caller is known by the ARN of a role session, which lacks the role's path, and a policy asks for the path",
        "a Principal that names a role of that account and name names the caller; aws:PrincipalArn has no path; a condition \
         on it that some path would meet is met in a Deny, and not in an Allow; the role is not service-linked",
        "names of roles are unique in an account; the safer reading";
    PassedTagsUnlisted: "tags-passed-without-a-key",
        "an operation takes tags, but the service authorization reference lists no aws:RequestTag or aws:TagKeys for it",
        "the request carries neither key",
        "the reference is AWS's only list of the keys in a request; an Allow by the key then denies";
    TwinUnlisted: "one-of-two-keys-of-the-same-tags",
        "a row of the service authorization reference lists one of aws:ResourceTag and ec2:ResourceTag, but not the other",
        "the request carries the listed key only",
        "the reference is AWS's only list of the keys in a request; EC2 lists both on nearly all rows, so it may be an oversight";
    OpenBehindEndpoint: "no-permission-needed-and-endpoint-policy",
        "an action needs no permission, and the policy of the VPC endpoint does not allow it",
        "the request is denied",
        "the pages speak of permissions of the caller; an endpoint policy guards the way to the service";
    OutsideAnonymous: "within-one-account-and-anonymous",
        "an action works within one account only, and an unsigned request asks for it under a policy that allows everyone",
        "the request is denied",
        "the pages speak of other accounts; an unsigned request belongs to none";
    ReservedRole: "change-of-a-reserved-role",
        "somebody other than AWS changes a role under the path /aws-reserved/",
        "the request is denied",
        "the pages let the service-linked role of IAM Identity Center change them, and do not say that nobody else may";
    FileSystemWithoutPolicy: "file-system-without-policy-and-iam",
        "a file system has no policy, and a policy of the caller or of an organisation denies the client or does not allow it",
        "the request is denied",
        "the page gives full access to anonymous clients, and does not say what counts for a client that signs";
    QueuePolicyAndRoot: "queue-policy-that-denies-root",
        "the root user of the account edits or deletes a queue policy that denies everyone",
        "it may add and remove permissions, and read and set the queue's attributes",
        "the page says that only the root user can do this, not by which actions";
    DescribeSharedStream: "describe-stream-across-accounts",
        "a stream policy lets another account call kinesis:DescribeStream",
        "the request is denied",
        "the list of actions that can be shared leaves it out; another passage names it";
    FunctionUrlConfiguration: "function-policy-and-url-configuration",
        "a function policy allows the configuration of a function URL",
        "its Allow does not count, a Deny does",
        "the list of supported actions leaves it out; the page on function URLs speaks of granting it";
    SendBulkEmail: "identity-policy-and-bulk-email",
        "the policy of an identity of Amazon SES is about ses:SendBulkEmail",
        "its Allow does not count, a Deny does",
        "the list of actions leaves it out; it has ses:SendBulkTemplatedEmail, the action of the older operation";
    IncompleteArnElsewhere: "incomplete-arn-in-other-policies",
        "Resource or NotResource of a policy that is not identity-based has an ARN with fewer than six fields, and the \
         resource matches it either as it is written or with a `*` for each missing field, but not both",
        "a Deny counts if one of the two readings makes it, an Allow only if both do",
        "the grammar page completes such ARNs in identity-based policies, and does not mention others; the safer reading";
    OpenIncompleteArn: "incomplete-arn-with-an-earlier-star",
        "an identity-based policy has an ARN with fewer than six fields, and a `*` at the end of a field before the last, or \
         a variable, could stand for the missing ones, as in `arn:aws:ecs:*:task/*`; the resource matches it either as it \
         is written or with a `*` for each missing field, but not both",
        "a Deny counts if one of the two readings makes it, an Allow only if both do",
        "the grammar page adds the missing fields; the Resource page lets such a `*` cross colons; the safer reading";
    IncompleteArnOfSession: "incomplete-arn-in-a-session-policy",
        "a session policy has an ARN with fewer than six fields that has a `*`, or is one of GetFederationToken",
        "the policy is refused",
        "the grammar page counts fields, and does not mention wildcards; it names the three calls that assume roles";
    AccessPointTag: "access-point-tag-on-its-bucket",
        "a request comes through an S3 access point, and a policy asks for s3:AccessPointTag where the bucket or its object \
         is checked",
        "the check of the bucket or object does not carry the key; the check of the access point does",
        "the service authorization reference lists the key on the access point only; the tagging page shows no bucket";
    ServiceLinkedRolePolicies: "policies-of-a-service-linked-role",
        "somebody other than the service attaches a policy to a service-linked role, or puts one into it",
        "the request is denied",
        "IAM's API pages refuse it with UnmodifiableEntity; the page on creating such roles grants it in an example";
    PassRoleUnlisted: "pass-role-that-no-page-lists",
        "the input of an operation names a role, and no page says that the operation asks for iam:PassRole",
        "iam:PassRole is asked",
        "the IAM guide wants the permission wherever a role is passed to a service; the safer reading";
    PassedToUnknown: "service-that-a-role-is-passed-to",
        "an operation passes a role, no page says to which service, and a policy asks for iam:PassedToService",
        "the key is missing, unless it is given",
        "AWS's tables of operations name the service, and do not have every operation";
    FirstRefusal: "first-refusal-of-a-call",
        "AWS refuses several of the questions that one call asks",
        "the first refusal is told: the operation's own actions come first, then iam:PassRole, then the others",
        "no page says in which order a service asks; the call is refused in any order";
}

/// A set of rows.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Notes(u128);

impl Notes {
    /// One row.
    #[must_use]
    pub const fn of(case: Case) -> Self {
        Self(1 << case as u32)
    }

    /// One more row.
    pub const fn add(&mut self, case: Case) {
        self.0 |= 1 << case as u32;
    }

    /// Without some rows.
    #[must_use]
    pub const fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }

    /// The rows of both.
    pub const fn merge(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// Whether a row was used.
    #[must_use]
    pub const fn contains(self, case: Case) -> bool {
        self.0 & (1 << case as u32) != 0
    }

    /// The rows by the names of [`Case`].
    pub fn cases(self) -> impl Iterator<Item = Case> {
        CASES.iter().copied().filter(move |case| self.contains(*case))
    }

    /// Whether no row was used.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The rows, in the order of [`ROWS`].
    pub fn iter(self) -> impl Iterator<Item = &'static Row> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let row = ROWS.get(left.trailing_zeros() as usize)?;
            left &= left - 1;
            Some(row)
        })
    }
}

impl fmt::Debug for Notes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_set().entries(self.iter().map(|row| row.id)).finish()
    }
}

/// As the list of ids.
impl Serialize for Notes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(|row| row.id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_fit_the_set_and_have_names_of_their_own() {
        assert!(ROWS.len() <= 128);
        let mut ids: Vec<_> = ROWS.iter().map(|row| row.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), ROWS.len());
    }

    #[test]
    fn settings_are_all_subsets() {
        let mut rows = Notes::of(Case::MultivaluedPlain);
        rows.add(Case::YearOrSeconds);
        let subsets: Vec<_> = settings(rows).map(|set| set.iter().count()).collect();
        assert_eq!(subsets, [0, 1, 1, 2]);
        assert_eq!(settings(Notes::default()).count(), 1);
    }

    #[test]
    fn notes_list_their_rows_in_the_order_of_the_table() {
        let mut notes = Notes::default();
        notes.add(Case::YearOrSeconds);
        notes.add(Case::MultivaluedPlain);
        notes.add(Case::YearOrSeconds);
        notes.merge(notes);
        assert_eq!(
            serde_json::to_string(&notes).unwrap(),
            r#"["multivalued-key-under-plain-operator","four-digits-as-a-date"]"#
        );
    }
}

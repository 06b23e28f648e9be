//! Who asks for what, with which keys.

use serde_json::{Map, Value, json};

use super::values::{self, KEYS};
use crate::tape::Tape;

pub const ACCOUNTS: &[&str] = &["111122223333", "444455556666"];

/// Callers of every kind; with names from two accounts, and roles with and without a path.
pub const PRINCIPALS: &[&str] = &[
    r#""arn:aws:iam::111122223333:user/ann""#,
    r#"{"role":"arn:aws:iam::111122223333:role/app","session":"arn:aws:sts::111122223333:assumed-role/app/s"}"#,
    r#"{"role":"arn:aws:iam::111122223333:role/team/app","session":"arn:aws:sts::111122223333:assumed-role/app/s"}"#,
    r#""arn:aws:iam::444455556666:user/bo""#,
    r#"{"role":"arn:aws:iam::444455556666:role/app","session":"arn:aws:sts::444455556666:assumed-role/app/s"}"#,
    r#""arn:aws:sts::111122223333:assumed-role/app/s""#,
    r#""arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_1/ann""#,
    r#""arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForX/s""#,
    r#""arn:aws-cn:iam::111122223333:root""#,
    r#""arn:aws-cn:iam::111122223333:user/ann""#,
    r#""arn:aws:iam::111122223333:root""#,
    r#""arn:aws:iam::444455556666:root""#,
    r#""arn:aws:sts::111122223333:federated-user/fred""#,
    r#"{"session":"arn:aws:sts::111122223333:federated-user/fred","user":"arn:aws:iam::111122223333:user/ann"}"#,
    r#""anonymous""#,
    r#""ecs-tasks.amazonaws.com""#,
    r#"{"federated":"accounts.google.com"}"#,
    r#""arn:aws:iam::111122223333:saml-provider/corp""#,
    r#"{"role":"arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX","session":"arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForX/s"}"#,
];

pub fn principal(tape: &mut Tape) -> Value {
    // The first, a user and two sessions of its own account, twice as often as the others.
    let at = tape.below(PRINCIPALS.len() + 3);
    serde_json::from_str(PRINCIPALS[if at < PRINCIPALS.len() { at } else { at - PRINCIPALS.len() }]).unwrap()
}

/// Actions and the resources they are for.
#[derive(Clone, Copy)]
pub struct Target {
    actions: &'static [&'static str],
    resources: &'static [&'static str],
}

pub const TARGETS: &[Target] = &[
    Target {
        actions: &["s3:GetObject", "S3:getobject", "s3:PutObject"],
        resources: &["arn:aws:s3:::b/k", "arn:aws:s3:::b/ann/k", "arn:aws:s3:::b/a:b", "arn:aws:s3:::b/*"],
    },
    Target {
        actions: &["sqs:SendMessage"],
        resources: &["arn:aws:sqs:us-east-1:111122223333:ann", "arn:aws:sqs:us-east-1:444455556666:ann"],
    },
    Target {
        actions: &["kms:Decrypt", "kms:CreateAlias"],
        resources: &[
            "arn:aws:kms:us-east-1:111122223333:key/1",
            "arn:aws:kms:us-east-1:444455556666:key/1",
            "arn:aws:kms:us-east-1:111122223333:alias/a",
            "*",
        ],
    },
    Target {
        actions: &["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity", "sts:AssumeRoleWithWebIdentity"],
        resources: &["arn:aws:iam::111122223333:role/app", "arn:aws:iam::444455556666:role/app"],
    },
    Target {
        actions: &["execute-api:Invoke"],
        resources: &[
            "arn:aws:execute-api:us-east-1:111122223333:a1b2/prod/GET/ann",
            "arn:aws:execute-api:us-east-1:444455556666:a1b2/test/GET/prod/ann",
        ],
    },
    Target { actions: &["s3:ListAllMyBuckets", "ecs:RunTask"], resources: &["*", "arn:aws:s3", ""] },
    Target { actions: FACTS, resources: RESOURCES_OF_FACTS },
];

/// Actions of which AWS documents something special, and some beside them.
const FACTS: &[&str] = &[
    "iam:GetPolicy",
    "sts:GetCallerIdentity",
    "sts:GetSessionToken",
    "sts:GetFederationToken",
    "sts:GetServiceBearerToken",
    "sts:AssumeRole",
    "sts:AssumeRoot",
    "iam:ChangePassword",
    "iam:PassRole",
    "IAM:deletepolicy",
    "iam:DeleteRole",
    "iam:TagRole",
    "s3:GetBucketPolicy",
    "s3:CreateJob",
    "s3:GetAccessPointPolicy",
    "s3express:DeleteBucket",
    "elasticfilesystem:ClientMount",
    "elasticfilesystem:ClientRootAccess",
    "elasticfilesystem:ClientWrite",
    "backup:StartCopyJob",
    "backup:CopyIntoBackupVault",
    "kms:ScheduleKeyDeletion",
    "kms:CreateKey",
    "kms:UpdateAlias",
    "kms:RetireGrant",
    "sqs:DeleteQueue",
    "sqs:SetQueueAttributes",
    "sns:Unsubscribe",
    "sns:TagResource",
    "sns:Publish",
    "kinesis:DeleteStream",
    "kinesis:DescribeStream",
    "ses:SendBulkEmail",
    "ses:PutIdentityPolicy",
    "dynamodb:UpdateTimeToLive",
    "dynamodb:ListTables",
    "glue:StartJobRun",
    "es:UpdateDomainConfig",
    "es:ESHttpGet",
    "rds-db:connect",
    "lambda:UpdateFunctionConfiguration",
    "lambda:UpdateFunctionUrlConfig",
    "lambda:InvokeFunction",
    "ecr:GetAuthorizationToken",
    "codeartifact:PutDomainPermissionsPolicy",
    "vpc-lattice-svcs:Invoke",
    "mechanicalturk:CreateHIT",
    "cognito-idp:SignUp",
    "cognito-idp:AdminGetUser",
    "cognito-identity:GetId",
];

const RESOURCES_OF_FACTS: &[&str] = &[
    "*",
    "arn:aws:iam::aws:policy/ReadOnlyAccess",
    "arn:aws:iam::111122223333:role/app",
    "arn:aws:iam::444455556666:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX",
    "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_a",
    "arn:aws:s3:::b",
    "arn:aws:kms:us-east-1:111122223333:key/1",
    "arn:aws:kms:us-east-1:111122223333:alias/aws/s3",
    "arn:aws:sqs:us-east-1:111122223333:ann",
    "arn:aws:glue:us-east-1:111122223333:job/j",
    "arn:aws:es:us-east-1:444455556666:domain/d",
    "arn:aws:lambda:us-east-1:111122223333:function:f",
    "arn:aws:ses:us-east-1:111122223333:identity/i",
];

/// Whether a session of a user is meant: only temporary credentials have an issue time.
pub fn credentials(tape: &mut Tape, context: &mut Value) {
    if tape.once_in(4) {
        context["aws:TokenIssueTime"] = "2026-01-01T00:00:00Z".into();
        if tape.once_in(2) {
            context["aws:MultiFactorAuthPresent"] = tape.pick(&["true", "false"]).into();
        }
    }
}

impl Target {
    pub fn is_role(self) -> bool {
        self.actions[0].starts_with("sts:")
    }

    pub fn action(self, tape: &mut Tape) -> String {
        tape.text(self.actions)
    }

    pub fn resource(self, tape: &mut Tape) -> String {
        tape.text(self.resources)
    }
}

/// About half of the keys, now and then one in two spellings.
pub fn context(tape: &mut Tape) -> Value {
    let mut context = Map::new();
    for key in KEYS {
        for _ in 0..tape.below(3) {
            let odd = tape.once_in(16);
            let value = if key.is_multivalued != odd {
                json!(tape.some(0, 3, |tape| values::value(tape, *key)))
            } else {
                json!(values::value(tape, *key))
            };
            let name = tape.text(key.names);
            context.shift_remove(&name);
            context.insert(name, value);
        }
    }
    context.into()
}

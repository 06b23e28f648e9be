//! Amazon SQS, SNS, Kinesis Data Streams, SES.

use super::super::{Fact, Rule, Who};
use crate::undocumented::Case;

const STREAMS: &str = "https://docs.aws.amazon.com/streams/latest/dev/controlling-access.html";

pub(super) const ROWS: &[Fact] = &[
    Fact::new(
        "sqs-across-accounts",
        Rule::Refused,
        Who::Outside,
        &[
            "sqs:AddPermission",
            "sqs:CancelMessageMoveTask",
            "sqs:CreateQueue",
            "sqs:DeleteQueue",
            "sqs:ListMessageMoveTasks",
            "sqs:ListQueueTags",
            "sqs:ListQueues",
            "sqs:RemovePermission",
            "sqs:SetQueueAttributes",
            "sqs:StartMessageMoveTask",
            "sqs:TagQueue",
            "sqs:UntagQueue",
        ],
        "Amazon SQS never lets another account do this, whatever the queue policy says",
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-basic-examples-of-sqs-policies.html",
    ),
    Fact::new(
        "sqs-queue-policy-by-root",
        Rule::NoResourcePolicy,
        Who::RootOfOwner,
        &["sqs:AddPermission", "sqs:GetQueueAttributes", "sqs:RemovePermission", "sqs:SetQueueAttributes"],
        "the root user of the queue's account may edit and delete the queue policy, whatever it says",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html",
    )
    .resting_on(Case::QueuePolicyAndRoot),
    Fact::new(
        "sns-topic-policy-actions",
        Rule::NoResourcePolicy,
        Who::Anyone,
        &["sns:*"],
        "a topic policy does not support this action of Amazon SNS, only identity-based policies do",
        "https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html",
    )
    .except(&[
        "sns:AddPermission",
        "sns:ConfirmSubscription",
        "sns:DeleteTopic",
        "sns:GetDataProtectionPolicy",
        "sns:GetTopicAttributes",
        "sns:ListSubscriptionsByTopic",
        "sns:ListTagsForResource",
        "sns:Publish",
        "sns:PutDataProtectionPolicy",
        "sns:RemovePermission",
        "sns:SetTopicAttributes",
        "sns:Subscribe",
        "sns:Unsubscribe",
    ]),
    Fact::new(
        "kinesis-across-accounts",
        Rule::Refused,
        Who::Outside,
        &["kinesis:*"],
        "Kinesis Data Streams cannot share this action with another account, whatever the stream policy says",
        STREAMS,
    )
    .except(&[
        "kinesis:DescribeStream",
        "kinesis:DescribeStreamConsumer",
        "kinesis:DescribeStreamSummary",
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
        "kinesis:ListShards",
        "kinesis:PutRecord",
        "kinesis:PutRecords",
        "kinesis:SubscribeToShard",
    ]),
    Fact::new(
        "kinesis-describe-stream-across-accounts",
        Rule::Refused,
        Who::Outside,
        &["kinesis:DescribeStream"],
        "kinesis:DescribeStream is not among the actions that Kinesis Data Streams shares with another account",
        STREAMS,
    )
    .resting_on(Case::DescribeSharedStream),
    Fact::new(
        "ses-identity-policy-actions",
        Rule::NoResourcePolicy,
        Who::Anyone,
        &["ses:*"],
        "the policy of an identity of Amazon SES does not support this action",
        "https://docs.aws.amazon.com/ses/latest/dg/policy-anatomy.html",
    )
    .except(&[
        "ses:BatchGetMetricData",
        "ses:CancelExportJob",
        "ses:CreateDeliverabilityTestReport",
        "ses:CreateEmailIdentityPolicy",
        "ses:CreateExportJob",
        "ses:DeleteEmailIdentity",
        "ses:DeleteEmailIdentityPolicy",
        "ses:GetDomainStatisticsReport",
        "ses:GetEmailIdentity",
        "ses:GetEmailIdentityPolicies",
        "ses:GetExportJob",
        "ses:ListExportJobs",
        "ses:ListRecommendations",
        "ses:PutEmailIdentityConfigurationSetAttributes",
        "ses:PutEmailIdentityDkimAttributes",
        "ses:PutEmailIdentityDkimSigningAttributes",
        "ses:PutEmailIdentityFeedbackAttributes",
        "ses:PutEmailIdentityMailFromAttributes",
        "ses:SendBulkEmail",
        "ses:SendBulkTemplatedEmail",
        "ses:SendEmail",
        "ses:SendRawEmail",
        "ses:SendTemplatedEmail",
        "ses:TagResource",
        "ses:UntagResource",
        "ses:UpdateEmailIdentityPolicy",
    ])
    .on(&["arn:*:ses:*:*:identity/*"]),
    Fact::new(
        "ses-send-bulk-email",
        Rule::NoResourceGrant,
        Who::Anyone,
        &["ses:SendBulkEmail"],
        "the policy of an identity of Amazon SES does not list ses:SendBulkEmail",
        "https://docs.aws.amazon.com/ses/latest/dg/policy-anatomy.html",
    )
    .on(&["arn:*:ses:*:*:identity/*"])
    .resting_on(Case::SendBulkEmail),
];

//! Amazon S3, S3 Express One Zone, Amazon EFS, AWS Backup.

use super::super::{Fact, Rule, Who};
use crate::undocumented::Case;

const S3_AND_IAM: &str = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html";
const BUCKET_POLICY: &str = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html";
const UPLOADS: &str = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html";
const BUCKETS: &[&str] = &["arn:*:s3:::*"];

/// What the initiator of an upload may do stands in no policy, and who it is in no request.
pub static INITIATOR_STOPS_UPLOAD: Fact = Fact::new(
    "s3-initiator-stops-upload",
    Rule::Told,
    Who::Anyone,
    &["s3:AbortMultipartUpload"],
    "the initiator of a multipart upload may stop it",
    UPLOADS,
)
.resting_on(Case::InitiatorLimited);

/// The same of its parts.
pub static INITIATOR_LISTS_PARTS: Fact = Fact::new(
    "s3-initiator-lists-parts",
    Rule::Told,
    Who::Anyone,
    &["s3:ListMultipartUploadParts"],
    "the initiator of a multipart upload may list its parts",
    UPLOADS,
)
.resting_on(Case::InitiatorLimited);

pub(super) const ROWS: &[Fact] = &[
    Fact::new(
        "s3-bucket-policy-by-root",
        Rule::NoResourcePolicy,
        Who::RootOfOwner,
        &["s3:DeleteBucketPolicy", "s3:GetBucketPolicy", "s3:PutBucketPolicy"],
        "the root user of the bucket's account may read, replace and delete the bucket policy, whatever it says",
        BUCKET_POLICY,
    )
    .on(BUCKETS),
    Fact::new(
        "s3-bucket-policy-across-accounts",
        Rule::Refused,
        Who::Outside,
        &["s3:DeleteBucketPolicy", "s3:GetBucketPolicy", "s3:PutBucketPolicy"],
        "only callers of the bucket's own account may read, replace or delete its policy",
        BUCKET_POLICY,
    )
    .on(BUCKETS),
    Fact::new(
        "s3-account-operations",
        Rule::NoResourcePolicy,
        Who::Anyone,
        &[
            "s3:CreateStorageLensGroup",
            "s3:GetAccountPublicAccessBlock",
            "s3:ListAccessGrantsInstances",
            "s3:ListAccessPoints",
            "s3:ListAccessPointsForObjectLambda",
            "s3:ListAllMyBuckets",
            "s3:ListJobs",
            "s3:ListMultiRegionAccessPoints",
            "s3:ListStorageLensConfigurations",
            "s3:ListStorageLensGroups",
            "s3:PutAccountPublicAccessBlock",
            "s3:PutStorageLensConfiguration",
        ],
        "no resource-based policy counts for an operation on an account of S3",
        S3_AND_IAM,
    ),
    Fact::new(
        "s3-job-operations",
        Rule::NoResourcePolicy,
        Who::Anyone,
        &[
            "s3:CreateJob",
            "s3:DeleteJobTagging",
            "s3:DescribeJob",
            "s3:GetJobTagging",
            "s3:PutJobTagging",
            "s3:UpdateJobPriority",
            "s3:UpdateJobStatus",
        ],
        "no resource-based policy counts for an operation on a job of S3 Batch Operations",
        S3_AND_IAM,
    ),
    Fact::new(
        "s3-access-point-operations",
        Rule::NoResourcePolicy,
        Who::Anyone,
        &[
            "s3:CreateAccessPoint",
            "s3:DeleteAccessPoint",
            "s3:DeleteAccessPointPolicy",
            "s3:GetAccessPoint",
            "s3:GetAccessPointPolicy",
            "s3:GetAccessPointPolicyStatus",
            "s3:PutAccessPointPolicy",
            "s3express:CreateAccessPoint",
            "s3express:DeleteAccessPoint",
            "s3express:DeleteAccessPointPolicy",
            "s3express:GetAccessPoint",
            "s3express:GetAccessPointPolicy",
            "s3express:PutAccessPointPolicy",
        ],
        "neither a bucket policy nor an access point policy counts for managing an access point",
        S3_AND_IAM,
    ),
    Fact::new(
        "s3express-bucket-operations",
        Rule::NoResourcePolicy,
        Who::Anyone,
        &[
            "s3express:CreateBucket",
            "s3express:DeleteBucket",
            "s3express:DeleteBucketPolicy",
            "s3express:GetBucketPolicy",
            "s3express:GetInventoryConfiguration",
            "s3express:ListAllMyDirectoryBuckets",
            "s3express:PutBucketPolicy",
            "s3express:PutInventoryConfiguration",
        ],
        "no bucket policy counts for an operation on a directory bucket itself, only identity-based policies do",
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-authenticating-authorizing.html",
    ),
    Fact::new(
        "efs-without-policy",
        Rule::Unattached,
        Who::Anyone,
        &["elasticfilesystem:ClientMount", "elasticfilesystem:ClientRootAccess", "elasticfilesystem:ClientWrite"],
        "a file system without a file system policy gives full access to every client that reaches it",
        "https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html",
    )
    .resting_on(Case::FileSystemWithoutPolicy),
    Fact::new(
        "backup-across-accounts",
        Rule::Refused,
        Who::Outside,
        &["backup:*"],
        "AWS Backup refuses other accounts everything but backup:CopyIntoBackupVault, whatever a vault policy says",
        "https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html",
    )
    .except(&["backup:CopyIntoBackupVault"]),
];

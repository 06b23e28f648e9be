//! What AWS documents about single services, told service by service.

use super::caller::Caller;
use super::statement::RequestCase;
use super::text;

/// A case as the facts see it.
pub struct About<'a> {
    pub request: &'a RequestCase<'a>,
    /// The account of the resource; none for a caller without account and a resource without one.
    pub owner: Option<String>,
    service: String,
    action: String,
    /// The six parts of the resource's ARN.
    arn: Vec<&'a str>,
}

impl<'a> About<'a> {
    pub fn new(request: &'a RequestCase<'a>, owner: Option<String>) -> Self {
        let lower = request.action.to_lowercase();
        let (service, action) = lower.split_once(':').unwrap_or((&lower, ""));
        let (service, action) = (service.to_owned(), action.to_owned());
        Self { request, owner, service, action, arn: request.resource.splitn(6, ':').collect() }
    }

    fn caller(&self) -> &Caller {
        self.request.caller
    }

    /// Whether the action is of a service and one of these, which are written with blanks between them.
    fn is(&self, service: &str, actions: &str) -> bool {
        self.service == service && actions.to_lowercase().split_whitespace().any(|name| name == self.action)
    }

    fn resource_is(&self, service: &str, kind: &str) -> bool {
        self.arn.len() == 6 && self.arn[0] == "arn" && self.arn[2] == service && self.arn[5].starts_with(kind)
    }

    fn has_key(&self, name: &str) -> bool {
        text::look_up(self.request.context, name).is_some()
    }

    /// A user or root user who signs with what GetSessionToken gave.
    fn is_session_of_user(&self) -> bool {
        (self.caller().is_user || self.caller().is_root) && self.has_key("aws:TokenIssueTime")
    }

    /// Another account's caller, or nobody's.
    fn is_outsider(&self) -> bool {
        self.caller().is_anonymous || (self.caller().account.is_some() && self.caller().account != self.owner)
    }

    fn is_root_of_owner(&self) -> bool {
        self.caller().is_root && self.caller().account == self.owner
    }

    /// No permission at all is needed.
    pub fn is_open(&self) -> bool {
        let long_term = (self.caller().is_user || self.caller().is_root) && !self.is_session_of_user();
        // STS API reference, GetCallerIdentity and GetSessionToken.
        (self.is("sts", "GetCallerIdentity") && self.caller().account.is_some())
            || (self.is("sts", "GetSessionToken") && long_term)
            // SNS developer guide, sns-using-identity-based-policies.html
            || self.is("sns", "ConfirmSubscription Unsubscribe")
            // Cognito API references, and authentication-flows-public-server-side.html
            || self.is("cognito-identity", "GetId GetCredentialsForIdentity GetOpenIdToken UnlinkIdentity")
            || self.is("cognito-idp", "SignUp ConfirmSignUp ResendConfirmationCode ForgotPassword \
                ConfirmForgotPassword InitiateAuth RespondToAuthChallenge ChangePassword GetUser DeleteUser \
                \
                UpdateUserAttributes DeleteUserAttributes ConfirmDevice ForgetDevice GetDevice ListDevices \
                UpdateDeviceStatus GetUserAttributeVerificationCode VerifyUserAttribute SetUserSettings \
                SetUserMFAPreference GlobalSignOut UpdateAuthEventFeedback AssociateSoftwareToken VerifySoftwareToken \
                RevokeToken GetTokensFromRefreshToken")
    }

    /// The kind of caller cannot do it.
    pub fn is_refused_to_caller(&self) -> bool {
        let caller = self.caller();
        let sts = self.service == "sts";
        // IAM user guide, id_credentials_sts-comparison.html, and API_GetSessionToken.html. What is no operation of STS is
        // a permission for another call.
        let by_sts = sts
            && ((caller.is_role_session && self.is("sts", "GetSessionToken GetFederationToken"))
                || (caller.is_federated_user && !self.is("sts", "GetCallerIdentity GetServiceBearerToken"))
                || (self.is_session_of_user()
                    && !self.is(
                        "sts",
                        "AssumeRole GetCallerIdentity TagSession SetSourceIdentity SetContext \
                        GetServiceBearerToken",
                    ))
                || (caller.is_root && self.is("sts", "AssumeRole AssumeRoot")));
        let without_mfa = self.is_session_of_user()
            && text::look_up(self.request.context, "aws:MultiFactorAuthPresent").is_none_or(|value| value != "true");
        let by_iam = self.service == "iam"
            && self.action != "passrole"
            && (caller.is_federated_user
                || without_mfa
                || (self.action == "changepassword" && !caller.is_user && caller.account.is_some()));
        by_sts || by_iam || self.is_change_of_awss()
    }

    /// What belongs to AWS is changed by AWS.
    fn is_change_of_awss(&self) -> bool {
        if self.caller().is_service || self.caller().is_service_linked {
            return false;
        }
        let role = "AttachRolePolicy DeleteRole DeleteRolePermissionsBoundary DeleteRolePolicy DetachRolePolicy \
            PutRolePermissionsBoundary PutRolePolicy UpdateAssumeRolePolicy";
        let of_aws = self.arn.get(4) == Some(&"aws");
        (of_aws
            && self.resource_is("iam", "policy/")
            && self.is(
                "iam",
                "CreatePolicyVersion DeletePolicy DeletePolicyVersion SetDefaultPolicyVersion TagPolicy UntagPolicy",
            ))
            || (self.resource_is("iam", "role/aws-service-role/")
                && (self.is("iam", role) || self.is("iam", "AddRoleToInstanceProfile RemoveRoleFromInstanceProfile")))
            || (self.resource_is("iam", "role/aws-reserved/")
                && (self.is("iam", role) || self.is("iam", "TagRole UntagRole UpdateRole UpdateRoleDescription")))
            || (self.resource_is("kms", "alias/aws/") && self.is("kms", "CreateAlias DeleteAlias UpdateAlias"))
    }

    /// It never works for another account.
    pub fn is_refused_outside(&self) -> bool {
        if !self.is_outsider() {
            return false;
        }
        match self.service.as_str() {
            // key-policy-modifying-external-accounts.html
            "kms" => !self.is(
                "kms",
                "Decrypt DeriveSharedSecret Encrypt GenerateDataKey GenerateDataKeyPair \
                GenerateDataKeyPairWithoutPlaintext GenerateDataKeyWithoutPlaintext GenerateMac GenerateRandom \
                ReEncryptFrom ReEncryptTo Sign Verify VerifyMac CreateGrant DescribeKey GetKeyRotationStatus \
                GetPublicKey ListGrants RetireGrant RevokeGrant",
            ),
            // sqs-basic-examples-of-sqs-policies.html
            "sqs" => self.is(
                "sqs",
                "AddPermission CancelMessageMoveTask CreateQueue DeleteQueue ListMessageMoveTasks \
                ListQueues ListQueueTags RemovePermission SetQueueAttributes StartMessageMoveTask TagQueue UntagQueue",
            ),
            // create-a-vault-access-policy.html
            "backup" => self.action != "copyintobackupvault",
            // controlling-access.html of Kinesis Data Streams
            "kinesis" => !self.is(
                "kinesis",
                "DescribeStreamConsumer DescribeStreamSummary GetRecords GetShardIterator \
                ListShards PutRecord PutRecords SubscribeToShard",
            ),
            // rbac-iam-actions.html of DynamoDB
            "dynamodb" => self.is(
                "dynamodb",
                "PartiQLSelect PartiQLInsert PartiQLUpdate PartiQLDelete \
                DescribeTableReplicaAutoScaling UpdateTableReplicaAutoScaling CreateBackup DescribeContinuousBackups \
                RestoreTableToPointInTime UpdateContinuousBackups DescribeContributorInsights \
                UpdateContributorInsights ExportTableToPointInTime DescribeKinesisStreamingDestination \
                DisableKinesisStreamingDestination EnableKinesisStreamingDestination \
                UpdateKinesisStreamingDestination GetResourcePolicy PutResourcePolicy DeleteResourcePolicy \
                DescribeTimeToLive UpdateTimeToLive",
            ),
            "s3" => self.is_about_bucket_policy(),
            "iam" => true,
            "rds-db" => self.action == "connect",
            _ => false,
        }
    }

    fn is_about_bucket_policy(&self) -> bool {
        let is_bucket = self.arn.len() == 6 && self.arn[2] == "s3" && self.arn[3].is_empty() && self.arn[4].is_empty();
        is_bucket && self.is("s3", "GetBucketPolicy PutBucketPolicy DeleteBucketPolicy")
    }

    /// The resource's policy says nothing, neither Allow nor Deny.
    pub fn has_mute_resource(&self) -> bool {
        let root = self.is_root_of_owner();
        match self.service.as_str() {
            "s3" => {
                (root && self.is_about_bucket_policy())
                    // security_iam_service-with-iam.html of S3: account, job and access point operations.
                    || self.is("s3", "ListAllMyBuckets GetAccountPublicAccessBlock PutAccountPublicAccessBlock ListJobs \
                        ListAccessPoints ListAccessPointsForObjectLambda ListMultiRegionAccessPoints \
                        ListStorageLensConfigurations PutStorageLensConfiguration ListStorageLensGroups \
                        CreateStorageLensGroup ListAccessGrantsInstances")
                    || self.is("s3", "CreateJob DescribeJob UpdateJobPriority UpdateJobStatus GetJobTagging \
                        PutJobTagging DeleteJobTagging")
                    || self.is("s3", "CreateAccessPoint DeleteAccessPoint GetAccessPoint GetAccessPointPolicy \
                        PutAccessPointPolicy DeleteAccessPointPolicy GetAccessPointPolicyStatus")
            }
            "s3express" => self.is("s3express", "CreateBucket DeleteBucket GetBucketPolicy PutBucketPolicy \
                DeleteBucketPolicy GetInventoryConfiguration PutInventoryConfiguration ListAllMyDirectoryBuckets \
                CreateAccessPoint DeleteAccessPoint GetAccessPoint GetAccessPointPolicy PutAccessPointPolicy \
                DeleteAccessPointPolicy"),
            "kms" => {
                self.is("kms", "CreateKey ListKeys ListAliases ListRetirableGrants GenerateRandom CreateCustomKeyStore \
                    DeleteCustomKeyStore UpdateCustomKeyStore ConnectCustomKeyStore DisconnectCustomKeyStore \
                    DescribeCustomKeyStores RetireGrant")
                    || (self.resource_is("kms", "alias/") && self.is("kms", "CreateAlias DeleteAlias UpdateAlias"))
            }
            "sqs" => root && self.is("sqs", "SetQueueAttributes GetQueueAttributes AddPermission RemovePermission"),
            "sns" => !self.is("sns", "AddPermission DeleteTopic GetDataProtectionPolicy GetTopicAttributes \
                ListSubscriptionsByTopic ListTagsForResource Publish PutDataProtectionPolicy RemovePermission \
                SetTopicAttributes Subscribe ConfirmSubscription Unsubscribe"),
            "ses" => self.resource_is("ses", "identity/") && !self.is("ses", SES),
            "dynamodb" => self.is("dynamodb", "CreateTable CreateGlobalTable DescribeGlobalTable \
                DescribeGlobalTableSettings ListGlobalTables UpdateGlobalTable UpdateGlobalTableSettings DescribeBackup \
                DeleteBackup RestoreTableFromBackup DescribeExport ListExports DescribeImport ImportTable ListImports \
                DescribeLimits DescribeEndpoints ListBackups ListTables ListContributorInsights ListStreams"),
            "glue" => ["blueprint/", "completion/", "crawler/", "customEntityType/", "dataQualityRuleset/", "devEndpoint/",
                "job/", "mlTransform/", "registry/", "schema/", "session/", "trigger/", "usageProfile/", "workflow/"]
                .iter().any(|kind| self.resource_is("glue", kind)),
            "es" => self.resource_is("es", "domain/") && !self.action.starts_with("eshttp") && self.action != "escrossclusterget",
            "lambda" => self.resource_is("lambda", "function:") && !self.is("lambda", LAMBDA),
            "ecr" => self.action == "getauthorizationtoken",
            "codeartifact" => self.is("codeartifact", "PutDomainPermissionsPolicy PutRepositoryPermissionsPolicy \
                ListDomains ListRepositories"),
            _ => false,
        }
    }

    /// Its Allow does not count, its Deny does: not documented.
    pub fn has_sparing_resource(&self) -> bool {
        (self.resource_is("lambda", "function:")
            && self.is("lambda", "CreateFunctionUrlConfig UpdateFunctionUrlConfig"))
            || (self.resource_is("ses", "identity/") && self.is("ses", "SendBulkEmail"))
    }

    pub fn is_beyond(&self, kind: &str) -> bool {
        match kind {
            "rcp" => self.is("kms", "RetireGrant"),
            "scp" => self.service == "mechanicalturk",
            "resource" | "trust" => self.has_mute_resource(),
            _ => false,
        }
    }

    /// vpc-lattice/latest/ug/auth-policies.html
    pub fn needs_both(&self) -> bool {
        self.is("vpc-lattice-svcs", "Invoke")
    }

    /// A key's policy must allow; that of a role likewise.
    pub fn needs_resource(&self) -> bool {
        let of_key = self.service == "kms" && self.resource_is("kms", "key/") && !self.is("kms", "RetireGrant");
        of_key || self.needs_trust()
    }

    pub fn needs_trust(&self) -> bool {
        let sessions =
            "AssumeRole AssumeRoleWithSAML AssumeRoleWithWebIdentity TagSession SetSourceIdentity SetContext";
        self.resource_is("iam", "role/") && self.is("sts", sessions)
    }

    /// efs/latest/ug/iam-access-control-nfs-efs.html
    pub fn is_given_without_policy(&self) -> bool {
        self.is("elasticfilesystem", "ClientMount ClientWrite ClientRootAccess")
    }
}

/// The actions that the policy of an identity of SES can have; ses/latest/dg/policy-anatomy.html. SendBulkEmail is open.
const SES: &str = "BatchGetMetricData CancelExportJob CreateDeliverabilityTestReport CreateEmailIdentityPolicy CreateExportJob \
    DeleteEmailIdentity DeleteEmailIdentityPolicy GetDomainStatisticsReport GetEmailIdentity GetEmailIdentityPolicies \
    GetExportJob ListExportJobs ListRecommendations PutEmailIdentityConfigurationSetAttributes \
    PutEmailIdentityDkimAttributes PutEmailIdentityDkimSigningAttributes PutEmailIdentityFeedbackAttributes \
    PutEmailIdentityMailFromAttributes TagResource UntagResource UpdateEmailIdentityPolicy SendEmail SendRawEmail \
    SendTemplatedEmail SendBulkTemplatedEmail SendBulkEmail";

/// lambda/latest/dg/access-control-resource-based.html; the two of URL configurations are open.
const LAMBDA: &str = "CreateAlias DeleteAlias DeleteFunction DeleteFunctionConcurrency DeleteFunctionEventInvokeConfig \
    DeleteProvisionedConcurrencyConfig GetAlias GetFunction GetFunctionConcurrency GetFunctionConfiguration \
    GetFunctionEventInvokeConfig GetPolicy GetProvisionedConcurrencyConfig InvokeFunction InvokeAsync InvokeFunctionUrl \
    ListAliases ListFunctionEventInvokeConfigs ListProvisionedConcurrencyConfigs ListTags ListVersionsByFunction \
    PublishVersion PutFunctionConcurrency PutFunctionEventInvokeConfig PutProvisionedConcurrencyConfig TagResource \
    UntagResource UpdateAlias UpdateFunctionCode UpdateFunctionEventInvokeConfig CreateFunctionUrlConfig \
    UpdateFunctionUrlConfig";

//! The table of laws.

use super::{Law, Tier};

/// The number of the law about keys.
pub(crate) const KEYS: u32 = 0;
/// The number of the law about ARNs.
pub(crate) const FORMS: u32 = 1;
/// The numbers of those about names.
pub(crate) const STACKS: u32 = 2;
pub(crate) const FAMILIES: u32 = 3;
pub(crate) const BUCKETS: u32 = 4;
/// The number of the law about what is authorised on `*`.
pub(crate) const NO_RESOURCE: u32 = 5;
/// The number of the law about single and several values.
pub(crate) const SHAPES: u32 = 6;
/// The number of the law about actions.
pub(crate) const ACTIONS: u32 = 7;

/// Those that say more of the forms of ARNs.
pub(crate) const OF_FORMS: [u32; 4] = [STACKS, FAMILIES, BUCKETS, NO_RESOURCE];

const REFERENCE: &str = "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html";

/// The table.
pub static LAWS: &[Law] = &[
    Law {
        id: "keys-of-the-reference",
        tier: Tier::Keys,
        says: "a request carries only the condition keys that the reference lists for its action and resource type",
        quote: "Pay close attention to whether the key is in the same row as a specific resource type.",
        page: REFERENCE,
    },
    Law {
        id: "forms-of-arns",
        tier: Tier::Forms,
        says: "the resource has the form that the reference gives to one of the action's resource types",
        quote: "The Resource types table lists all the resource types that you can specify as an ARN in the Resource policy element.",
        page: REFERENCE,
    },
    Law {
        id: "names-of-stacks",
        tier: Tier::Names,
        says: "the name of a stack, and the id behind it, have letters, digits and hyphens",
        quote: "Pattern: \\w+|arn:aws[-a-z]*:cloudformation:[a-z]{2}(-gov)?-[a-z]+-\\d:\\d{12}:stack/[a-zA-Z][-A-Za-z0-9]{0,127}/\
                [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/\
               aws-resource-servicecatalogappregistry-resourceassociation.html",
    },
    Law {
        id: "names-of-task-families",
        tier: Tier::Names,
        says: "the family of a task definition has letters, digits, underscores and hyphens, and its revision is a number",
        quote: "Up to 255 characters are allowed. Letters (both uppercase and lowercase letters), numbers, hyphens (-), and \
                underscores (_) are allowed. […] Amazon ECS gives sequential revision numbers to each task definition that you add.",
        page: "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html",
    },
    // Buckets of before 2018 in us-east-1 "could have names that were up to 255 characters long and included uppercase
    // letters and underscores".
    Law {
        id: "names-of-buckets",
        tier: Tier::Names,
        says: "the name of a bucket has letters, digits, periods, hyphens and underscores",
        quote: "Bucket names can consist only of lowercase letters, numbers, periods (.), and hyphens (-).",
        page: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html",
    },
    Law {
        id: "actions-without-resource",
        tier: Tier::Forms,
        says: "an action to which the reference gives no resource type is authorised on `*`",
        quote: "If the column is empty, then the action does not support resource-level permissions and you must specify all \
                resources (\"*\") in your policy.",
        page: REFERENCE,
    },
    Law {
        id: "single-or-multivalued",
        tier: Tier::Sentences,
        says: "a key has at most one value, or a list of them, as the reference says of it",
        quote: "Single-valued condition context keys have at most one value in the request context. […] Multivalued context \
                keys in the Service Authorization Reference use an ArrayOf prefix",
        page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html",
    },
    Law {
        id: "actions-of-the-reference",
        tier: Tier::Keys,
        says: "the action is one that the reference lists, unless a policy asks for actions of which it lists none",
        quote: "The Actions table lists all the actions that you can use in an IAM policy statement's Action element.",
        page: REFERENCE,
    },
    Law {
        id: "user-name",
        tier: Tier::Sentences,
        says: "requests of IAM users have aws:username; those of roles, of the root user and without signature do not",
        quote: "This key is always included in the request context for IAM users. Anonymous requests and requests that are \
                made using the AWS account root user or IAM roles do not include this key.",
        page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-username",
    },
    Law {
        id: "principal-arn",
        tier: Tier::Sentences,
        says: "aws:PrincipalArn is the ARN of the user, the root user or the federated session, and of a session the role's; \
               requests without signature do not have it",
        quote: "This key is included in the request context for all signed requests. Anonymous requests do not include this \
                key. […] For IAM roles, the request context returns the ARN of the role, not the ARN of the user that \
                assumed the role.",
        page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn",
    },
    Law {
        id: "principal-tag",
        tier: Tier::Sentences,
        says: "requests without signature have no aws:PrincipalTag",
        quote: "Anonymous requests do not include this key.",
        page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principaltag",
    },
    Law {
        id: "principal-service-name",
        tier: Tier::Sentences,
        says: "aws:PrincipalServiceName and aws:PrincipalServiceNamesList are there when a service asks in its own name, and \
               only then",
        quote: "This key is present in the request when the call is made by an AWS service principal. This key is not present \
                in any other situation",
        page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalservicename",
    },
    Law {
        id: "address-or-endpoint",
        tier: Tier::Sentences,
        says: "a request with a key of VPC endpoints, such as aws:SourceVpc or aws:SourceVpce, has no aws:SourceIp",
        quote: "This key is included in the request context, except when the requester uses a VPC endpoint to make the \
                request. […] This key is included in the request context only if the requester uses a VPC endpoint to make \
                the request.",
        page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceip",
    },
    Law {
        id: "organization-id-and-paths",
        tier: Tier::Sentences,
        says: "a request has aws:PrincipalOrgID exactly if it has aws:PrincipalOrgPaths, and without signature neither",
        quote: "This key is included in the request context only if the principal is a member of an organization. Anonymous \
                requests do not include this key.",
        page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid",
    },
    Law {
        id: "tag-keys-of-request-tags",
        tier: Tier::Sentences,
        says: "aws:TagKeys holds the key of each aws:RequestTag, and is there with them if the reference lists both",
        quote: "This key is included in the request context if the operation supports passing tags in the request. […] When \
                multiple tags are passed in the request, there is one context key for each tag key-value pair. […] where \
                tag-key is a list of tag keys without values",
        page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-tagkeys",
    },
    Law {
        id: "resource-account",
        tier: Tier::Sentences,
        says: "aws:ResourceAccount is the account that owns the resource, unless that is AWS's",
        quote: "Use this key to compare the requested resource owner's AWS account ID with the resource account in the policy.",
        page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourceaccount",
    },
    Law {
        id: "principal-account",
        tier: Tier::Sentences,
        says: "every request has aws:PrincipalAccount: the caller's account, or `anonymous`",
        quote: "Use this key to compare the account to which the requesting principal belongs with the account identifier \
                that you specify in the policy. For anonymous requests, the request context returns anonymous. This key is \
                included in the request context for all requests, including anonymous requests.",
        page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalaccount",
    },
    Law {
        id: "principal-is-aws-service",
        tier: Tier::Sentences,
        says: "aws:PrincipalIsAWSService is `true` when a service asks in its own name, `false` when a user, a role session or the \
               root user asks, and not there without signature",
        quote: "The request context key is set to true when a service uses a service principal to perform a direct action on your \
                resources. […] This key is present in the request context for all signed API requests that use AWS credentials. \
                Anonymous requests do not include this key.",
        page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalisawsservice",
    },
    Law {
        id: "principal-type-and-id",
        tier: Tier::Sentences,
        says: "every request has aws:PrincipalType and aws:userid, unless a service asks in its own name",
        quote: "This key is included in the request context for all requests, including anonymous requests.",
        page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principaltype",
    },
    Law {
        id: "source-of-a-service",
        tier: Tier::Sentences,
        says: "only a request of a service in its own name has aws:SourceAccount, aws:SourceArn, aws:SourceOrgID or \
               aws:SourceOrgPaths",
        quote: "This key is included in the request context only when the call to your resource is being made directly by an AWS \
                service principal",
        page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourcearn",
    },
    Law {
        id: "temporary-credentials",
        tier: Tier::Sentences,
        says: "requests without signature, and those that a provider vouches for, have no aws:TokenIssueTime, \
               aws:MultiFactorAuthPresent or aws:MultiFactorAuthAge",
        quote: "This key is included in the request context only when the principal uses temporary credentials to make the request.",
        page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent",
    },
    Law {
        id: "resource-organization",
        tier: Tier::Sentences,
        says: "a request has aws:ResourceOrgID exactly if it has aws:ResourceOrgPaths",
        quote: "This key is included in the request context only if the account that owns the resource is a member of an \
                organization.",
        page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourceorgid",
    },
    Law {
        id: "resource-account-of-s3",
        tier: Tier::Sentences,
        says: "s3:ResourceAccount is the account that owns the resource, as aws:ResourceAccount is",
        quote: "Filters access by the resource owner AWS account ID",
        page: "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html",
    },
    Law {
        id: "resource-tags-of-ecs",
        tier: Tier::Sentences,
        says: "on ECS aws:ResourceTag and ecs:ResourceTag tell of the same tags, where the reference lists both",
        quote: "Filters access by the tag key-value pairs attached to the resource",
        page: "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html",
    },
    Law {
        id: "called-via",
        tier: Tier::Sentences,
        says: "aws:CalledViaFirst and aws:CalledViaLast are there together, and where aws:CalledVia is; it lists both",
        quote: "The aws:CalledViaFirst and aws:CalledViaLast keys are present in the request when a service uses an IAM principal's \
                credentials to call another service. They indicate the first and last services that made calls in the chain of \
                requests.",
        page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-calledvia",
    },
    Law {
        id: "via-aws-service",
        tier: Tier::Sentences,
        says: "a request with aws:CalledVia, aws:CalledViaFirst or aws:CalledViaLast is made with the credentials of a user or a \
               role, and its aws:ViaAWSService is `true`",
        quote: "When the request is made using forward access sessions (FAS), this key is set with the value of the service \
                principal. […] The request context key returns true when a service uses forward access sessions to make a \
                request on behalf of the original IAM principal.",
        page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-viaawsservice",
    },
    Law {
        id: "keys-of-every-request",
        tier: Tier::Sentences,
        says: "every request has aws:CurrentTime, aws:EpochTime, aws:RequestedRegion, aws:SecureTransport, aws:UserAgent and \
               aws:ViaAWSService, of which aws:SecureTransport and aws:ViaAWSService are `true` or `false`",
        quote: "This key is always included in the request context. […] The request context returns true or false.",
        page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-securetransport",
    },
    Law {
        id: "one-instant",
        tier: Tier::Sentences,
        says: "aws:CurrentTime and aws:EpochTime are the same point in time",
        quote: "Use this key to compare the date and time of the request in epoch or Unix time with the value that you specify in \
                the policy.",
        page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-epochtime",
    },
];

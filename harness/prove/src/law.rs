//! What a request can be: laws, each with AWS's sentence.
//!
//! A law that is missing costs a counterexample that AWS never sends; a wrong one costs a false proof. So only what AWS says is
//! a law. A proof names those that it needs, and is looked for with the weakest first.

use serde::Serialize;

use crate::formula::Formula;
use crate::space::{Fact, KeyId, Shape, Space};

mod sentence;

/// One law.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Law {
    /// A stable name.
    pub id: &'static str,
    /// How much is assumed.
    pub tier: Tier,
    /// What it says of requests.
    pub says: &'static str,
    /// AWS's sentence.
    pub quote: &'static str,
    /// Where AWS says so.
    pub page: &'static str,
}

/// How much a law assumes, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tier {
    /// Nothing: any request at all.
    AnyRequest,
    /// What AWS's pages say of single keys.
    Sentences,
    /// An action carries only the keys that the service authorization reference lists for it.
    Keys,
    /// ARNs have the forms of the reference.
    Forms,
    /// Names in ARNs have the characters that AWS allows.
    Names,
}

impl Tier {
    /// All of them, the weakest first.
    pub const ALL: [Self; 5] = [Self::AnyRequest, Self::Sentences, Self::Keys, Self::Forms, Self::Names];
}

/// The number of the law about keys.
pub(crate) const KEYS: u32 = 0;
/// The number of the law about ARNs.
pub(crate) const FORMS: u32 = 1;
/// The numbers of those about names.
pub(crate) const STACKS: u32 = 2;
pub(crate) const FAMILIES: u32 = 3;
pub(crate) const BUCKETS: u32 = 4;

/// The numbers of those that are formulas.
pub(crate) const USER_NAME: u32 = 5;
pub(crate) const PRINCIPAL_ARN: u32 = 6;
pub(crate) const PRINCIPAL_TAG: u32 = 7;
pub(crate) const SERVICE_NAME: u32 = 8;
pub(crate) const ENDPOINT: u32 = 9;
pub(crate) const ORGANIZATION: u32 = 10;
pub(crate) const TAG_KEYS: u32 = 11;
pub(crate) const RESOURCE_ACCOUNT: u32 = 12;
pub(crate) const PRINCIPAL_ACCOUNT: u32 = 13;

/// All of these.
pub(crate) const NAMES: [u32; 3] = [STACKS, FAMILIES, BUCKETS];

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
        says: "the resource has the form that the reference gives to one of the action's resource types, or is `*` where there \
               are none",
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
        says: "a request with aws:SourceVpc, aws:SourceVpce or aws:VpcSourceIp has no aws:SourceIp",
        quote: "This key is included in the request context, except when the requester uses a VPC endpoint to make the \
                request. […] This key is included in the request context only if the requester uses a VPC endpoint to make \
                the request.",
        page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceip",
    },
    Law {
        id: "organization-id-and-paths",
        tier: Tier::Sentences,
        says: "a request has aws:PrincipalOrgID exactly if it has aws:PrincipalOrgPaths",
        quote: "This key is included in the request context only if the principal is a member of an organization.",
        page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid",
    },
    Law {
        id: "tag-keys-of-request-tags",
        tier: Tier::Sentences,
        says: "aws:TagKeys, where it is there, holds the key of each aws:RequestTag",
        quote: "When multiple tags are passed in the request, there is one context key for each tag key-value pair. […] where \
                tag-key is a list of tag keys without values",
        page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-tagkeys",
    },
    Law {
        id: "resource-account",
        tier: Tier::Sentences,
        says: "aws:ResourceAccount is the account that owns the resource",
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
];

pub(crate) fn numbers(is_taken: impl Fn(&Law) -> bool) -> Vec<u32> {
    (0..).zip(LAWS).filter(|(_, law)| is_taken(law)).map(|(number, _)| number).collect()
}

pub(crate) fn named(numbers: &[u32]) -> Vec<&'static Law> {
    numbers.iter().filter_map(|&number| LAWS.get(number as usize)).collect()
}

/// The laws that are formulas, by number. One that no key of the policies is about is left out.
pub(crate) fn formulas(space: &mut Space<'_>) -> Vec<(u32, Formula)> {
    let all = sentence::formulas(space);
    let truth = space.formulas.constant(true);
    all.into_iter().filter(|(_, formula)| *formula != truth).collect()
}

/// That each of them holds if it counts.
pub(crate) fn where_counting(space: &mut Space<'_>, laws: &[(u32, Formula)]) -> Formula {
    let mut parts = Vec::new();
    for &(law, formula) in laws {
        let counts = space.fact(Fact::Law(law));
        let does_not = space.formulas.not(counts);
        parts.push(space.formulas.any([does_not, formula]));
    }
    space.formulas.all(parts)
}

/// What is so of every request, however it is written: one caller asks; values of a key stand one after the other.
pub(crate) fn axioms(space: &mut Space<'_>) -> Formula {
    let mut axioms = Vec::new();
    let callers: Vec<Formula> = (0..space.callers.len() as u32).map(|at| space.fact(Fact::Caller(at))).collect();
    for (at, &one) in callers.iter().enumerate() {
        let not_one = space.formulas.not(one);
        for &other in &callers[..at] {
            let not_other = space.formulas.not(other);
            axioms.push(space.formulas.any([not_one, not_other]));
        }
    }
    axioms.push(space.formulas.any(callers));
    for at in 0..space.keys.len() {
        let key = KeyId(at as u32);
        if space.keys[at].shape == Shape::One {
            continue;
        }
        for slot in 1..space.values_of(key).0 {
            let (here, before) = (space.fact(Fact::Slot(key, slot)), space.fact(Fact::Slot(key, slot - 1)));
            let not_here = space.formulas.not(here);
            axioms.push(space.formulas.any([not_here, before]));
        }
    }
    space.formulas.all(axioms)
}

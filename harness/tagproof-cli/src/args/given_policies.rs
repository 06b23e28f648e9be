//! The policies that have a say in a question, by file.

use std::path::PathBuf;

use clap::Args;

use super::simulate::parameter;

/// The policies that have a say in a question.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct GivenPolicies {
    /// Identity-based policies: documents, or what `aws iam get-policy-version` or `get-role-policy` printed
    #[arg(long, value_name = "FILE", num_args = 1.., visible_alias = "policy")]
    pub(crate) identity: Vec<PathBuf>,
    /// The policy of the resource
    #[arg(long, value_name = "FILE", conflicts_with = "trust")]
    pub(crate) resource_policy: Option<PathBuf>,
    /// The trust policy of the role to assume
    #[arg(long, value_name = "FILE")]
    pub(crate) trust: Option<PathBuf>,
    /// The permissions boundary
    #[arg(long, value_name = "FILE")]
    pub(crate) boundary: Option<PathBuf>,
    /// Session policies
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(crate) session: Vec<PathBuf>,
    /// Service control policies of one level, with commas between them; once for each level, the root first
    #[arg(long, value_name = "FILE,…")]
    pub(crate) scp: Vec<String>,
    /// Resource control policies, in the same way
    #[arg(long, value_name = "FILE,…")]
    pub(crate) rcp: Vec<String>,
    /// The policy of the VPC endpoint that the request comes through
    #[arg(long, value_name = "FILE")]
    pub(crate) endpoint: Option<PathBuf>,
    /// Take policies, boundaries and tags of users and roles from what `aws iam get-account-authorization-details`
    /// printed; policies and boundaries that you give replace them
    #[arg(long, value_name = "FILE")]
    pub(crate) account_details: Option<PathBuf>,
    /// Take policies and tags from a CloudFormation template, a folder that the CDK has synthesised, or Terraform's plan or state
    /// in JSON: of the --role or --user that asks, and of each --resource
    ///
    /// --identity adds policies; --boundary, --resource-policy and --trust replace those of the template.
    #[arg(long, value_name = "PATH", conflicts_with = "account_details")]
    pub(crate) template: Option<PathBuf>,
    /// With --template: the stack of a folder of the CDK's, if it has several
    #[arg(long, value_name = "NAME", requires = "template")]
    pub(crate) stack: Option<String>,
    /// With --template: the role that asks, by logical id or name; --principal is then only for a session of it
    #[arg(long, value_name = "ROLE", requires = "template", conflicts_with = "user")]
    pub(crate) role: Option<String>,
    /// With --template: the user who asks, by logical id or name
    #[arg(long, value_name = "USER", requires = "template", conflicts_with = "principal")]
    pub(crate) user: Option<String>,
    /// With --template: a parameter of it, such as Stage=prod; also AWS::AccountId, AWS::Region and AWS::StackName
    #[arg(long, value_name = "NAME=VALUE", requires = "template", value_parser = parameter)]
    pub(crate) parameter: Vec<(String, String)>,
}

//! The arguments of `tagproof prove`.

use std::path::PathBuf;

use clap::Args;

use super::{GivenPolicies, Proving};

const EXAMPLES: &str = "\
Examples:
  tagproof prove
  tagproof prove ecs-task-tag
  tagproof prove --never --action s3:GetObject \\
    --resource 'arn:aws:s3:::reports/*' \\
    --unless aws:PrincipalTag/Team=finance \\
    --principal arn:aws:iam::111122223333:role/Reader \\
    --identity policy.json
  tagproof prove --never --action 's3:Delete*' --resource 'Reports/*' \\
    --template stack.yaml
  tagproof prove --never --action s3:GetObject \\
    --resource 'arn:aws:s3:::reports/*' --resource-account 111122223333 \\
    --unless '{\"StringEquals\": {\"aws:PrincipalOrgID\": \"o-a1b2c3\"}}' \\
    --resource-policy bucket.json
  tagproof prove --batch claims.jsonl

Exit codes:
  0  every claim is as expected, or the claim that you give holds
  1  a claim is not as expected, or the claim that you give fails
  2  a claim is undecided, or something could not be read

docs/proofs.md says what is proved, and what is assumed of requests.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Prove {
    /// Scenario with claims: its name under `scenarios`, its folder, its file, or a folder of scenarios (default: scenarios)
    #[arg(value_name = "SCENARIO", conflicts_with_all = ["never", "always"])]
    pub(crate) scenarios: Vec<PathBuf>,
    /// Claim that no such request is allowed
    #[arg(long, conflicts_with = "always", requires_all = ["action", "resource"])]
    pub(crate) never: bool,
    /// Claim that every such request is allowed
    #[arg(long, requires_all = ["action", "resource"])]
    pub(crate) always: bool,
    /// The action, such as s3:GetObject or 's3:Get*'; repeat it for several of one service
    #[arg(long, value_name = "ACTION")]
    pub(crate) action: Vec<String>,
    /// The resource that it is done to, with wildcards or without; with --template also a logical id, such as 'Bucket/*'
    #[arg(long, value_name = "ARN")]
    pub(crate) resource: Vec<String>,
    /// Only requests that meet this condition: KEY=VALUE, or a condition of IAM as JSON
    ///
    /// Of several values of one key any will do; of several keys each must be met.
    #[arg(long, value_name = "CONDITION")]
    pub(crate) when: Vec<String>,
    /// Only requests that do not meet this condition
    #[arg(long, value_name = "CONDITION")]
    pub(crate) unless: Vec<String>,
    /// The session tags of a role's sessions: any, none, or KEY=VALUE for each tag [default: any]
    #[arg(long, value_name = "TAGS")]
    pub(crate) session_tags: Vec<String>,
    /// Who asks: the ARN of a role (any session of it), a role session or a user
    ///
    /// Without it: the --role or --user of a template; else all roles and users of the template or the account details; else,
    /// with --resource-policy or --trust, every kind of caller that the policy tells apart, and that policy alone counts.
    #[arg(long, value_name = "ARN")]
    pub(crate) principal: Option<String>,
    /// The account of the resource, where its ARN names none (default: the caller's)
    #[arg(long, value_name = "ID")]
    pub(crate) resource_account: Option<String>,
    #[command(flatten)]
    pub(crate) given: GivenPolicies,
    #[command(flatten)]
    pub(crate) proving: Proving,
    /// Settle JSON Lines: each line of FILE, or of standard input, with a line on standard output, in order
    ///
    /// A line is {"id": …, "claim": "never", "action": …, "resource": …, "principal": …, "when": …, "unless": …, "policies":
    /// {"identity": [POLICY]}}; action and resource may be lists. Without a principal, with "policies": {"resource": POLICY}
    /// alone, it is about every kind of caller that the policy tells apart.
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-", conflicts_with_all = ["scenarios", "never", "always", "action", "resource", "when", "unless", "session_tags", "principal", "resource_account", "GivenPolicies", "json", "quiet"])]
    pub(crate) batch: Option<PathBuf>,
    /// Print each claim in each option as JSON, one a line
    #[arg(long)]
    pub(crate) json: bool,
    /// Print only the claims that are not as expected, and the total
    #[arg(short, long, conflicts_with = "json")]
    pub(crate) quiet: bool,
}

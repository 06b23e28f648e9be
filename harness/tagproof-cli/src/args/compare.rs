//! The arguments of `tagproof compare`.

use std::path::PathBuf;

use clap::Args;
use policy::Kind;

use super::proving::Proving;

const AFTER: &str = "\
Examples:
  tagproof compare old.json new.json
  tagproof compare --git main policy.json       # the file, against branch main
  tagproof compare --git v1..v2 policy.json     # one revision against another
  tagproof compare main:policy.json new.json
  tagproof compare --not-granted --action iam:PassRole --action s3:Put* policy.json
  tagproof compare --not-public bucket-policy.json
  tagproof compare --batch comparisons.jsonl

Exit codes:
  0  no new access: same or narrower; not granted; not public
  1  a request shows otherwise: wider or incomparable; granted; public
  2  undecided, or something could not be read";

#[derive(Debug, Args)]
#[command(after_help = AFTER, override_usage = "\
tagproof compare [OPTIONS] <OLD> <NEW>
       tagproof compare [OPTIONS] --git <REVISION> <PATH>...
       tagproof compare [OPTIONS] --not-granted [--action <ACTION>]... [--resource <ARN>]... <PATH>
       tagproof compare [OPTIONS] --not-public <PATH>
       tagproof compare --batch [FILE]")]
pub(crate) struct Compare {
    /// OLD and NEW: a policy in JSON; a template (CloudFormation, SAM, or a folder of the CDK); `terraform show -json`; what the
    /// AWS CLI prints of policies, such as account details; REVISION:PATH for a file as git has it; `-` for standard input
    ///
    /// Policies of templates, Terraform and account details are compared owner by owner, by logical id, address or ARN.
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Compare files with what they were in a git revision; with OLD..NEW, two revisions; with OLD...NEW, NEW with what it
    /// has in common with OLD, as in `git diff`
    #[arg(long, value_name = "REVISION")]
    pub(crate) git: Option<String>,
    /// What the policies are attached to: identity, resource, trust, boundary, session, scp, rcp or endpoint; if left out, it
    /// is guessed
    #[arg(long, value_parser = super::kind)]
    pub(crate) kind: Option<Kind>,
    /// Prove that a policy grants none of the --action on any of the --resource, as CheckAccessNotGranted does
    #[arg(long, conflicts_with_all = ["git", "not_public"])]
    pub(crate) not_granted: bool,
    /// With --not-granted: an action as in a policy, such as s3:Put* [default: all]
    #[arg(long, requires = "not_granted")]
    pub(crate) action: Vec<String>,
    /// With --not-granted: a resource as in a policy, such as arn:aws:s3:::bucket/* [default: all]
    #[arg(long, value_name = "ARN", requires = "not_granted")]
    pub(crate) resource: Vec<String>,
    /// Prove that a policy of a resource lets no stranger in: nobody without signature, and nobody from an account,
    /// organisation, VPC or address that it does not name
    #[arg(long, conflicts_with = "git")]
    pub(crate) not_public: bool,
    /// Answer JSON Lines: each line of FILE, or of standard input, with a line on standard output, in order
    ///
    /// A line is {"id": …, "old": POLICY, "new": POLICY, "kind": "identity"}; each side may be a list of policies, and the kind
    /// may be left out.
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-", conflicts_with_all = ["paths", "git", "kind", "not_granted", "not_public", "json"])]
    pub(crate) batch: Option<PathBuf>,
    /// A parameter of the templates, such as Stage=prod
    #[arg(long, value_name = "NAME=VALUE", value_parser = super::simulate::parameter)]
    pub(crate) parameter: Vec<(String, String)>,
    #[command(flatten)]
    pub(crate) proving: Proving,
    /// Print the answer as JSON, with the fields of IAM Access Analyzer's custom policy checks
    #[arg(long)]
    pub(crate) json: bool,
}

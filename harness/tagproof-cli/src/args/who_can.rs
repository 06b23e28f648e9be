//! The arguments of `tagproof who-can` and `tagproof what-can`.

use std::path::PathBuf;

use clap::{ArgGroup, Args};

use super::Proving;

const WHO: &str = "\
Examples:
  tagproof who-can s3:GetObject Reports/q3 --template stack.yaml
  tagproof who-can s3:GetObject arn:aws:s3:::reports/q3 \\
    --account-details details.json --resource-account 111122223333
  tagproof who-can kms:Decrypt arn:aws:kms:eu-west-1:111122223333:key/1 \\
    --iam-collect iam-data --json
  tagproof who-can --batch questions.jsonl --iam-collect iam-data

Exit codes:
  0  answered
  2  something is undecided, or the question could not be answered";

const WHAT: &str = "\
Examples:
  tagproof what-can Reader --template stack.yaml
  tagproof what-can arn:aws:iam::111122223333:role/app --iam-collect iam-data

Exit codes:
  0  answered
  2  something is undecided, or the question could not be answered";

#[derive(Debug, Args)]
#[command(after_help = WHO)]
pub(crate) struct WhoCan {
    /// The action, such as s3:GetObject
    #[arg(required_unless_present = "batch")]
    pub(crate) action: Option<String>,
    /// The resource: its ARN, which may have wildcards, or its logical id, such as Bucket/key; * for an action without resource
    /// types
    #[arg(required_unless_present = "batch")]
    pub(crate) resource: Option<String>,
    /// The account that owns the resource, where neither its ARN nor what is read tells it
    #[arg(long, value_name = "ID", value_parser = super::account_id)]
    pub(crate) resource_account: Option<String>,
    #[command(flatten)]
    pub(crate) of: Inventoried,
    #[command(flatten)]
    pub(crate) proving: Proving,
    /// Answer JSON Lines: each line of FILE, or of standard input, with a line on standard output, in order
    ///
    /// A line is {"id":1,"action":"s3:GetObject","resource":"arn:aws:s3:::b/k"}, if need be with "resourceAccount"; with
    /// "principal", the ARN of a user or role, it asks about that one alone. The answer has the line's id.
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-", conflicts_with_all = ["action", "resource", "resource_account", "json", "requests"])]
    pub(crate) batch: Option<PathBuf>,
    /// Show a request for each way, as a line for `simulate --batch`
    #[arg(short, long, conflicts_with = "json")]
    pub(crate) requests: bool,
    /// Print the answers as JSON, one line for each who may ask, those who cannot included
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = WHAT)]
pub(crate) struct WhatCan {
    /// The user or role: its ARN, or its logical id
    pub(crate) principal: String,
    #[command(flatten)]
    pub(crate) of: Inventoried,
    #[command(flatten)]
    pub(crate) proving: Proving,
    /// Print the answers as JSON, one line for each statement
    #[arg(long)]
    pub(crate) json: bool,
}

/// Where users, roles and resources come from; several sources count together.
#[derive(Debug, Args)]
#[group(skip)]
#[command(group(ArgGroup::new("source").required(true).multiple(true)))]
pub(crate) struct Inventoried {
    /// A CloudFormation template, a folder that the CDK has synthesised, or Terraform's plan or state in JSON
    #[arg(long, value_name = "FILE", group = "source")]
    pub(crate) template: Option<PathBuf>,
    /// With --template: the stack of a folder of the CDK's
    #[arg(long, value_name = "STACK", requires = "template")]
    pub(crate) stack: Option<String>,
    /// With --template: a parameter of it, such as Stage=prod; also AWS::AccountId, AWS::Region and AWS::StackName
    #[arg(long, value_name = "NAME=VALUE", requires = "template", value_parser = super::simulate::parameter)]
    pub(crate) parameter: Vec<(String, String)>,
    /// What `aws iam get-account-authorization-details` printed; once for each account
    #[arg(long, value_name = "FILE", group = "source")]
    pub(crate) account_details: Vec<PathBuf>,
    /// A folder that cloud-copilot's iam-collect has written: accounts, resources and the organisation's policies
    #[arg(long, value_name = "FOLDER", group = "source")]
    pub(crate) iam_collect: Option<PathBuf>,
}

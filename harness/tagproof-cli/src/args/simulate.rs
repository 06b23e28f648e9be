//! The arguments of `tagproof simulate`.

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};
use policy::Verdict;

use super::GivenPolicies;

/// What is asked most.
const EXAMPLES: &str = "\
Examples:
  tagproof simulate --action s3:GetObject \\
    --principal arn:aws:iam::111122223333:role/app \\
    --resource arn:aws:s3:::bucket/key --identity policy.json \\
    --context aws:PrincipalTag/Team=finance
  tagproof simulate --template stack.yaml --role Reader \\
    --action sqs:ReceiveMessage --resource Queue
  tagproof simulate --batch questions.jsonl";

#[derive(Debug, Default, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Simulate {
    /// Who asks: the ARN of a user, role, role session, federated user or identity provider; an account's id or root; a
    /// service such as ecs-tasks.amazonaws.com; or anonymous
    #[arg(long, value_name = "ARN")]
    pub(crate) principal: Option<String>,
    /// The action, such as s3:GetObject
    #[arg(long)]
    pub(crate) action: Option<String>,
    /// A whole call, such as ec2:RunInstances: ask everything that AWS asks about it
    ///
    /// Asks the action on each resource that you give and on what the call itself makes, iam:PassRole on each role that you
    /// give, and the tagging action if --context has aws:RequestTag. The first refusal refuses the call.
    #[arg(long, conflicts_with = "action")]
    pub(crate) operation: Option<String>,
    /// The resource that the action is done to; * for an action without resource types
    ///
    /// With --operation: once for each resource, roles that are passed included. Where an ARN fits several of the
    /// operation's actions, write ACTION=ARN. With --template: also a logical id, such as Queue or Bucket/key.
    #[arg(long, value_name = "ARN")]
    pub(crate) resource: Vec<String>,
    /// The account of the resource, where its ARN names none (default: the caller's)
    #[arg(long, value_name = "ID")]
    pub(crate) resource_account: Option<String>,
    #[command(flatten)]
    pub(crate) keys: Keys,
    #[command(flatten)]
    pub(crate) given: GivenPolicies,
    /// The decision that you expect: Allowed, Denied, ImplicitlyDenied or ExplicitlyDenied; any other ends with exit code 1
    ///
    /// An action or condition key that AWS does not have, or a resource that the action cannot have, is then an error.
    #[arg(long, value_name = "DECISION", value_parser = expected)]
    pub(crate) expect: Option<Expected>,
    /// With --expect: take actions, keys and resources that AWS's reference does not have
    #[arg(long, requires = "expect")]
    pub(crate) allow_unknown: bool,
    /// Answer JSON Lines: each line of FILE, or of standard input, with a line on standard output, in order
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-", conflicts_with_all = ["principal", "action", "operation", "resource", "resource_account", "context", "context_of", "identity", "resource_policy", "trust", "boundary", "session", "scp", "rcp", "endpoint", "template", "expect", "json"])]
    pub(crate) batch: Option<PathBuf>,
    /// Print the answer as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Show every statement and condition
    #[arg(short = 'v', long, visible_alias = "verbose")]
    pub(crate) trace: bool,
    /// What belongs to no option: it is told where it could belong.
    #[arg(hide = true)]
    pub(crate) stray: Vec<String>,
}

/// The decision that is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    /// Either denial.
    Denied,
    /// This one.
    Only(Verdict),
}

impl Expected {
    pub(crate) fn is(self, verdict: Verdict) -> bool {
        match self {
            Self::Denied => verdict != Verdict::Allowed,
            Self::Only(expected) => expected == verdict,
        }
    }
}

impl std::fmt::Display for Expected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Denied => f.write_str("Denied"),
            Self::Only(verdict) => write!(f, "{verdict}"),
        }
    }
}

/// In any letter case, and as answers print it: `implicitly denied`, `implicitly-denied`, `IMPLICITLY_DENIED`.
fn expected(text: &str) -> Result<Expected, String> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split([' ', '-', '_']).collect();
    match words[..] {
        ["allowed"] => Ok(Expected::Only(Verdict::Allowed)),
        ["denied"] => Ok(Expected::Denied),
        ["implicitlydenied"] | ["implicitly", "denied"] => Ok(Expected::Only(Verdict::ImplicitlyDenied)),
        ["explicitlydenied"] | ["explicitly", "denied"] => Ok(Expected::Only(Verdict::ExplicitlyDenied)),
        _ => Err("write Allowed, Denied, ImplicitlyDenied or ExplicitlyDenied".to_owned()),
    }
}

pub(super) fn parameter(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').filter(|(name, _)| !name.is_empty());
    pair.map(|(name, value)| (name.to_owned(), value.to_owned())).ok_or_else(|| "write NAME=VALUE".to_owned())
}

/// `--context` and `--context-of`: what follows each of them, option by option.
///
/// By hand, since clap's derive keeps no bounds between the values of an option that is given several times.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    pub(crate) context: Vec<Vec<String>>,
    pub(crate) context_of: Vec<Vec<String>>,
}

const CONTEXT: &str = "context";
const CONTEXT_OF: &str = "context_of";

impl Args for Keys {
    fn augment_args(command: Command) -> Command {
        let context = Arg::new(CONTEXT)
            .long("context")
            .action(ArgAction::Append)
            .num_args(1..)
            .value_name("KEY=VALUE")
            .help("A condition key with its value, such as aws:PrincipalTag/Team=finance")
            .long_help(
                "A condition key with its value, such as aws:PrincipalTag/Team=finance; KEY VALUE works too\n\nOf a key that \
                 takes several values, such as aws:TagKeys, put commas between them, or repeat it.",
            );
        let context_of = Arg::new(CONTEXT_OF)
            .long("context-of")
            .action(ArgAction::Append)
            .num_args(2..)
            .value_names(["ARN", "KEY=VALUE"])
            .requires("operation")
            .help("With --operation: a condition key of one resource, such as its tags, with its value")
            .long_help(
                "With --operation: a condition key of one resource, such as its tags, with its value\n\nThe ARN is that of a \
                 --resource, or of what the call makes, with `*` for its id.",
            );
        command.arg(context).arg(context_of)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Keys {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let of = |id| matches.get_occurrences(id).into_iter().flatten().map(|words| words.cloned().collect()).collect();
        Ok(Self { context: of(CONTEXT), context_of: of(CONTEXT_OF) })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_words_of_a_decision_are_expected() {
        for (text, meant) in [
            ("Allowed", "Allowed"),
            ("ALLOWED", "Allowed"),
            ("denied", "Denied"),
            ("ImplicitlyDenied", "ImplicitlyDenied"),
            ("implicitly denied", "ImplicitlyDenied"),
            ("explicitly-denied", "ExplicitlyDenied"),
            ("EXPLICITLY_DENIED", "ExplicitlyDenied"),
        ] {
            assert_eq!(expected(text).map(|one| one.to_string()), Ok(meant.to_owned()), "{text}");
        }
        for text in
            ["", "!allowed", "allowed?", "Allowed123", "not allowed", "al-lowed", "implicitly", "denied implicitly"]
        {
            assert!(expected(text).is_err(), "{text}");
        }
    }
}

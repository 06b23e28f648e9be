//! ARNs in a policy: in Resource, and under the ARN operators.

mod item;
#[cfg(test)]
mod tests;

use memchr::memchr_iter;

use crate::pattern::{Pattern, Sign, Syntax, Token, Variables, Wildcards, tokens};
use crate::undocumented::{Case, Notes};
use crate::view::{Part, Reach, WantView, letters};
use crate::{Context, arn};
pub(crate) use item::{Item, ItemForms, PatternContext, is_incomplete};

/// An ARN part by part, as ArnEquals and ArnLike compare it: "each of the six colon-delimited components of the ARN is
/// checked separately".
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
#[derive(Debug)]
pub(crate) struct ArnPattern(Form);

#[derive(Debug)]
enum Form {
    Parts(Box<[Pattern]>),
    /// Only its variables can make it an ARN, as where one stands for a whole ARN.
    Late(Box<[Token]>),
    /// Not an ARN.
    Unreadable,
}

impl ArnPattern {
    pub(crate) fn parse(text: &str, variables: Variables) -> Self {
        let tokens = tokens(text, Syntax::new(Wildcards::Count, variables));
        let parts = split(&tokens);
        Self(if parts.len() == 6 {
            Form::Parts(patterns(&tokens))
        } else if tokens.iter().any(|token| matches!(token, Token::Variable(_))) {
            Form::Late(tokens.into())
        } else {
            Form::Unreadable
        })
    }

    /// Whether both sides are ARNs at all, as far as the variables have values.
    pub(crate) fn compares(&self, text: &str, context: &Context) -> bool {
        arn::split(text).is_some()
            && match &self.0 {
                Form::Parts(_) => true,
                Form::Late(tokens) => has_six_parts(tokens, context).unwrap_or(true),
                Form::Unreadable => false,
            }
    }

    /// Whether `text` is such an ARN; `None` if a variable has no value.
    pub(crate) fn matches(&self, text: &str, context: &Context, notes: &mut Notes) -> Option<bool> {
        let Some(texts) = arn::split(text) else { return Some(false) };
        match &self.0 {
            Form::Parts(parts) => all_match(parts, texts, context, notes),
            // What is longer than the text is not put together: a few variables could stand for a great deal.
            Form::Late(tokens) if literal_length(tokens, context, notes)? > text.len() => Some(false),
            Form::Late(tokens) => all_match(&patterns(&replaced(tokens, context, notes)?), texts, context, notes),
            Form::Unreadable => Some(false),
        }
    }

    /// What it stands for. The first five fields have no colons.
    pub(crate) fn view(&self) -> WantView {
        let fields = match &self.0 {
            Form::Parts(fields) => fields,
            Form::Late(tokens) => return WantView::LateArn(Pattern::new(tokens).parts()),
            Form::Unreadable => return WantView::Unreadable,
        };
        let last = fields.len().saturating_sub(1);
        let mut parts = Vec::new();
        for (at, field) in fields.iter().enumerate() {
            parts.extend((at > 0).then_some(Part::Letter(':')));
            let reach = if at == last { Reach::Anything } else { Reach::NoColon };
            parts.extend(field.parts().into_iter().map(|part| part.within(reach)));
        }
        WantView::Arn(parts)
    }

    /// The signs of its resource part, if the five parts before it are those of `arn`.
    pub(crate) fn signs_of_resource(&self, arn: &str, context: &Context) -> Option<Vec<Sign>> {
        let late;
        let parts = match &self.0 {
            Form::Parts(parts) => parts,
            Form::Late(tokens) => {
                late = patterns(&replaced(tokens, context, &mut Notes::default())?);
                &late
            }
            Form::Unreadable => return None,
        };
        let (resource, before) = parts.split_last().filter(|(_, before)| before.len() == 5)?;
        let mut pairs = before.iter().zip(arn::split(arn)?);
        let is_same = pairs.all(|(part, text)| part.matches(text, context, &mut Notes::default()) == Some(true));
        resource.signs(context).filter(|_| is_same)
    }
}

fn all_match(parts: &[Pattern], texts: [&str; 6], context: &Context, notes: &mut Notes) -> Option<bool> {
    let mut pairs = parts.iter().zip(texts);
    pairs.try_fold(true, |matched, (part, text)| Some(part.matches(text, context, notes)? && matched))
}

fn patterns(tokens: &[Token]) -> Box<[Pattern]> {
    split(tokens).iter().map(|part| Pattern::new(part)).collect()
}

/// What a token stands for, a wildcard for nothing; `None` if it is a variable without a value.
fn literal<'a>(token: &'a Token, context: &'a Context, notes: &mut Notes) -> Option<&'a str> {
    match token {
        Token::Text(text) => Some(text),
        Token::Variable(variable) => variable.checked(context, notes),
        Token::Any | Token::One => Some(""),
    }
}

/// Whether there are five colons; `None` if a variable has no value.
fn has_six_parts(tokens: &[Token], context: &Context) -> Option<bool> {
    let mut colons = 0;
    for token in tokens {
        let text = literal(token, context, &mut Notes::default())?;
        if colons < 5 {
            colons += memchr_iter(b':', text.as_bytes()).take(5).count();
        }
    }
    Some(colons >= 5)
}

/// How long a text has to be at least; `None` if a variable has no value.
fn literal_length(tokens: &[Token], context: &Context, notes: &mut Notes) -> Option<usize> {
    let mut length = 0;
    for token in tokens {
        length += literal(token, context, notes)?.len();
    }
    Some(length)
}

/// The tokens with the variables' values in their places; `None` if one has none.
fn replaced(tokens: &[Token], context: &Context, notes: &mut Notes) -> Option<Vec<Token>> {
    let mut replaced = Vec::with_capacity(tokens.len());
    for token in tokens {
        replaced.push(match token {
            Token::Variable(variable) => Token::Text(variable.checked(context, notes)?.to_owned()),
            other => other.clone(),
        });
    }
    Some(replaced)
}

/// An item of Resource or NotResource as it is written.
///
/// "If the `*` wildcard is the last character of a resource ARN segment, it can expand to match beyond the colon
/// boundaries." In the resource part, after the fifth colon, wildcards match anything.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
#[derive(Debug)]
pub(crate) struct ResourcePattern {
    whole: Pattern,
    /// There if wildcards stand elsewhere before the resource part than at the end of a segment: those stop at colons.
    segments: Option<Box<[Segment]>>,
    early_variable: bool,
    /// Whether it is an API's short form, without the ARN of the API.
    is_short: bool,
}

/// `execute-api:/prod/GET/pets`: "API Gateway builds the full ARN by using the current Region, your AWS account ID, and
/// the ID of the REST API that the resource policy is associated with."
/// docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html
pub(crate) fn is_short(text: &str) -> bool {
    short(text).is_some()
}

const API: &str = "execute-api";

/// The path of a short form.
fn short(text: &str) -> Option<&str> {
    text.strip_prefix(API)?.strip_prefix(':').filter(|path| path.starts_with('/'))
}

/// What stands behind the id of the API in the ARN of what is asked of it; nothing in other ARNs.
fn path_of_api(arn: &str) -> &str {
    let arn = arn::Arn::parse(arn).filter(|arn| arn.service == API);
    arn.and_then(|arn| arn.resource.find('/').map(|at| &arn.resource[at..])).unwrap_or_default()
}

#[derive(Debug)]
struct Segment {
    pattern: Pattern,
    open: bool,
}

impl ResourcePattern {
    pub(crate) fn parse(text: &str, variables: Variables) -> Self {
        let tokens = |text| tokens(text, Syntax::new(Wildcards::Count, variables));
        if let Some(path) = short(text) {
            let whole = Pattern::new(&tokens(path));
            return Self { whole, segments: None, early_variable: false, is_short: true };
        }
        let tokens = tokens(text);
        let parts = split(&tokens);
        let header = &parts[..parts.len().min(5)];
        let is_inner = |part: &Vec<Token>| {
            let inner = part.split_last().map_or(&[][..], |(_, before)| before);
            part.contains(&Token::One) || inner.contains(&Token::Any)
        };
        let early_variable = header.iter().flatten().any(|token| matches!(token, Token::Variable(_)));
        let segment =
            |part: &Vec<Token>| Segment { pattern: Pattern::new(part), open: part.last() == Some(&Token::Any) };
        let segments = header.iter().any(is_inner).then(|| parts.iter().map(segment).collect());
        Self { whole: Pattern::new(&tokens), segments, early_variable, is_short: false }
    }

    /// What it comes to, for display; `None` if a variable has no value.
    pub(crate) fn resolved(&self, context: &Context) -> Option<String> {
        let resolved = self.whole.resolved(context)?;
        Some(if self.is_short { format!("{API}:{resolved}") } else { resolved })
    }

    /// Part by part, as [`Self::matches`] has it.
    pub(crate) fn parts(&self) -> Vec<Part> {
        if self.is_short {
            let field = || [Part::Any(Reach::NoColon), Part::Letter(':')];
            let header = letters("arn:").chain(field()).chain(letters(API)).chain([Part::Letter(':')]);
            let header = header.chain(field()).chain(field()).chain([Part::Any(Reach::NoSlash)]);
            return header.chain(self.whole.parts()).collect();
        }
        let Some(segments) = &self.segments else { return self.whole.parts() };
        let mut parts = Vec::new();
        for (at, segment) in segments.iter().enumerate() {
            parts.extend((at > 0).then_some(Part::Letter(':')));
            let reach = if at < 5 { Reach::NoColon } else { Reach::Anything };
            parts.extend(segment.pattern.parts().into_iter().map(|part| part.within(reach)));
            if let Some(last) = parts.last_mut().filter(|_| segment.open) {
                *last = Part::Any(Reach::Anything);
            }
        }
        parts
    }

    /// The same without colons that stop a wildcard, where some do.
    pub(crate) fn loose_parts(&self) -> Option<Vec<Part>> {
        self.segments.as_ref().map(|_| self.whole.parts())
    }

    /// Whether `text` could be such a resource, whatever the variables' values.
    pub(crate) fn may_match(&self, text: &str) -> bool {
        self.whole.may_match(if self.is_short { path_of_api(text) } else { text })
    }

    /// Whether `text` is such a resource; `None` if a variable has no value.
    pub(crate) fn matches(&self, text: &str, context: &Context, notes: &mut Notes) -> Option<bool> {
        if self.is_short {
            return self.whole.matches(path_of_api(text), context, notes);
        }
        if self.early_variable && !context.settles(Case::EarlyVariable, notes) {
            return Some(false);
        }
        let whole = self.whole.matches(text, context, notes)?;
        let Some(segments) = self.segments.as_deref().filter(|_| whole) else { return Some(whole) };
        Some(within_segments(segments, text, context) || !context.settles(Case::InnerStar, notes))
    }
}

/// A glob whose letters are segments: one that ends in `*` takes as many more of the text's parts as it likes.
fn within_segments(segments: &[Segment], text: &str, context: &Context) -> bool {
    let covers = |pattern: &Pattern, text| pattern.matches(text, context, &mut Notes::default()) == Some(true);
    let (mut segment, mut rest) = (0, Some(text));
    let mut open: Option<(usize, Option<&str>)> = None;
    loop {
        let here = segments.get(segment).zip(rest);
        let stepped = match here {
            Some((last, text)) if segment == 5 => {
                if covers(&last.pattern, text) {
                    return true;
                }
                false
            }
            Some((current, text)) => {
                let (part, after) = text.split_once(':').map_or((text, None), |(part, after)| (part, Some(after)));
                let matched = covers(&current.pattern, part);
                if matched {
                    segment += 1;
                    rest = after;
                    if current.open {
                        open = Some((segment, after));
                    }
                }
                matched
            }
            None if rest.is_none() && segment == segments.len() => return true,
            None => false,
        };
        if !stepped {
            // Give the last open segment one more part.
            let Some((after_open, Some(text))) = open else { return false };
            rest = text.split_once(':').map(|(_, after)| after);
            open = Some((after_open, rest));
            segment = after_open;
        }
    }
}

/// At the first five colons of literal text.
fn split(tokens: &[Token]) -> Vec<Vec<Token>> {
    let mut parts = vec![Vec::new()];
    for token in tokens {
        let Token::Text(text) = token else {
            parts.iter_mut().last().into_iter().for_each(|part| part.push(token.clone()));
            continue;
        };
        let left = 6 - parts.len();
        for (at, piece) in text.splitn(left + 1, ':').enumerate() {
            if at > 0 {
                parts.push(Vec::new());
            }
            if !piece.is_empty() {
                parts.iter_mut().last().into_iter().for_each(|part| part.push(Token::Text(piece.to_owned())));
            }
        }
    }
    parts
}

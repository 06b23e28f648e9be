//! Questions one after another.

use prove::Options;
use rustc_hash::FxHashMap;

use crate::asked::Asked;
use crate::callers::{self, Caller};
use crate::handing::Handing;
use crate::{Answer, Fault, Index, Unanswered, WhoCan};

/// So many questions are remembered; then all are forgotten.
const MOST: usize = 256;

/// Answers questions one after another, and remembers what it has proved for them.
pub struct Asker<'q, 'i> {
    index: &'q Index<'i>,
    options: &'q Options,
    known: FxHashMap<WhoCan, Known<'q, 'i>>,
    handing: Handing<'q, 'i>,
}

struct Known<'q, 'i> {
    asked: Asked<'q, 'i>,
    callers: Vec<Caller>,
    places: FxHashMap<String, usize>,
}

impl<'q, 'i> Asker<'q, 'i> {
    /// One for an inventory.
    #[must_use]
    pub fn new(index: &'q Index<'i>, options: &'q Options) -> Self {
        Self { index, options, known: FxHashMap::default(), handing: Handing::new(index, options) }
    }

    /// The same answers as [`Index::who_can`]; of one user or role alone, if it is named by its ARN.
    ///
    /// # Errors
    /// As [`Index::who_can`]; there is no such user or role.
    pub fn answers(&mut self, question: &WhoCan, principal: Option<&str>) -> Result<Vec<Answer>, Unanswered> {
        if self.known.len() >= MOST && !self.known.contains_key(question) {
            self.known.clear();
        }
        let known = match self.known.entry(question.clone()) {
            std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::hash_map::Entry::Vacant(place) => {
                place.insert(Known::new(self.index, question, self.options).map_err(Unanswered::Faults)?)
            }
        };
        let Known { asked, callers, places } = &*known;
        let callers = match principal {
            None => callers.as_slice(),
            Some(arn) => match places.get(arn) {
                Some(&at) => &callers[at..=at],
                None => return Err(Unanswered::Faults(vec![self.index.unknown(arn)])),
            },
        };
        let handing = &self.handing;
        let handed = |role: usize, tags: &[(String, String)]| handing.handed(role, tags);
        Ok(callers.iter().map(|caller| asked.answer(caller, &handed)).collect::<Result<_, _>>()?)
    }
}

impl<'q, 'i> Known<'q, 'i> {
    fn new(index: &'q Index<'i>, question: &WhoCan, options: &'q Options) -> Result<Self, Vec<Fault>> {
        let target = index.target(question)?;
        let callers = callers::all(index, target.policy.map(|(attached, _)| &*attached.policy));
        let arns = callers.iter().enumerate().filter_map(|(at, caller)| match &caller.who {
            crate::Who::Known { arn, .. } => Some((arn.clone(), at)),
            _ => None,
        });
        let places = arns.collect();
        Ok(Self { asked: Asked::new(index, target, options), callers, places })
    }
}

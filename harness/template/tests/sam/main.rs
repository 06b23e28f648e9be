//! AWS::Serverless as AWS's own translator has it.

#[cfg(test)]
mod essence;
#[cfg(test)]
mod robust;
#[cfg(test)]
mod translator;

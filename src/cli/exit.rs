//! How the program ends.

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// All is well.
    Clean,
    /// The content has errors, or warnings under `--strict`.
    Content,
    /// The arguments, the configuration or the destination cannot be used.
    Usage,
    /// Carafe itself has failed.
    Fault,
}

impl Exit {
    /// The exit code of the program.
    pub fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Content => 1,
            Self::Usage => 2,
            Self::Fault => 3,
        }
    }
}

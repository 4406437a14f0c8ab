//! Where text comes from: files, places in them, and the way from expanded text back to its source.
//!
//! - [`Files`] is what can be asked of a folder; [`DiskFiles`] is the only door to the disk, [`MemoryFiles`] replaces it
//!   in tests, [`Once`] reads each text once, [`Overlay`] puts one folder in front of another,
//!   [`Buffers`] texts that are not written yet in front of their files.
//! - [`Sources`] gives every file that was read a [`FileId`], so that a [`Span`] is twelve bytes.
//! - [`Origins`] maps a position in Liquid's output to the place that wrote it, with the stack of includes.
//!
//! - [`Budget`] is what the work on one page may cost, whoever does it.
//! - [`diagnostic::Diagnostic`] is what is found, with its places and the stack of includes.
//! - [`characters`] tells letters, digits and blanks apart as Ruby does.
//! - [`island`] is finished HTML inside text that is still Markdown.
//!
//! This crate knows nothing of Liquid, Markdown, configuration or sites.

mod budget;
mod buffers;
pub mod characters;
pub mod diagnostic;
mod disk;
mod files;
pub mod island;
mod memory;
mod once;
mod origins;
mod overlay;
mod sources;
mod walk;

pub use budget::{Budget, STEPS_A_TURN, Spent};
pub use buffers::Buffers;
pub use disk::DiskFiles;
pub use files::{Files, Listing, Passed, ReadError, normal};
pub use memory::MemoryFiles;
pub use once::Once;
pub use origins::{Frame, FrameId, Origins, Place, Places, Segment};
pub use overlay::Overlay;
pub use sources::{FileId, Hold, LineColumn, SourceFile, Sources, Span};

/// The README's example is a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

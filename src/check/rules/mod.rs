//! The rules, one file each.

mod accidental_code;
mod broken_anchor;
mod broken_link;
mod code_block_syntax;
mod doc_syntax;
mod duplicate_id;
mod empty_link;
mod equal_tab_titles;
mod foreign_syntax;
mod image_without_alt;
mod lost_digit;
mod missing_image;
mod missing_parameter;
mod mistyped_parameter;
mod orphan_page;
mod redirect_loop;
mod rule;
mod stale_translation;
mod tab_set;
mod unknown_parameter;
mod unreached_branch;
mod unread_parameter;
mod unused_file;
mod unused_include;

pub(crate) use rule::Rule;

/// All rules that look at the rendered site. Further kinds are found while it is built.
pub(crate) const ALL: &[Rule] = &[
    accidental_code::RULE,
    broken_anchor::RULE,
    broken_link::RULE,
    code_block_syntax::RULE,
    doc_syntax::RULE,
    duplicate_id::RULE,
    empty_link::RULE,
    equal_tab_titles::RULE,
    foreign_syntax::RULE,
    image_without_alt::RULE,
    lost_digit::RULE,
    missing_image::RULE,
    missing_parameter::RULE,
    mistyped_parameter::RULE,
    orphan_page::RULE,
    redirect_loop::RULE,
    stale_translation::RULE,
    tab_set::RULE,
    unknown_parameter::RULE,
    unreached_branch::RULE,
    unread_parameter::RULE,
    unused_file::RULE,
    unused_include::RULE,
];

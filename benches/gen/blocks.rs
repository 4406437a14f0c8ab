//! Words, sentences and code.

use super::random::Random;

/// The languages of the code blocks.
pub(super) const CODE_LANGUAGES: [&str; 4] = ["yaml", "json", "shell", "console"];

const NOUNS: [&str; 48] = [
    "harbour", "relay", "channel", "beacon", "anchor", "cargo", "manifest", "berth", "crew", "ledger", "signal",
    "buffer", "tunnel", "broker", "queue", "topic", "stream", "digest", "envelope", "receipt", "permit", "badge",
    "roster", "fleet", "convoy", "dock", "crane", "pallet", "label", "ticket", "tariff", "quota", "meter", "gauge",
    "probe", "alarm", "journal", "archive", "snapshot", "mirror", "shard", "lease", "grant", "scope", "profile",
    "region", "bucket", "tenant",
];
const VERBS: [&str; 16] = [
    "load", "seal", "route", "inspect", "release", "rotate", "renew", "drain", "attach", "detach", "import", "export",
    "verify", "throttle", "schedule", "retire",
];
const GLUE: [&str; 14] =
    ["the", "a", "each", "its", "with", "from", "into", "before", "after", "and", "or", "by", "on", "for"];

pub(super) fn word(random: &mut Random) -> &'static str {
    random.pick::<&str>(&NOUNS)
}

/// A sentence of about this many words.
pub(super) fn sentence(random: &mut Random, words: usize) -> String {
    let mut text = String::new();
    for at in 0..words {
        let next = match at % 3 {
            0 => random.pick(&VERBS),
            1 => random.pick(&GLUE),
            _ => random.pick(&NOUNS),
        };
        if at == 0 {
            text.push_str(&next[..1].to_ascii_uppercase());
            text.push_str(&next[1..]);
        } else {
            text.push(' ');
            text.push_str(next);
        }
    }
    text + "."
}

pub(super) fn paragraph(random: &mut Random, sentences: usize) -> String {
    (0..sentences)
        .map(|_| 8 + random.below(7))
        .collect::<Vec<_>>()
        .into_iter()
        .map(|words| sentence(random, words))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Code of about 170 bytes, distinct by `tag`.
pub(super) fn code_block(random: &mut Random, language: &str, tag: &str) -> String {
    let (a, b, c) = (word(random), word(random), word(random));
    let n = 1 + random.below(9);
    match language {
        "yaml" => format!(
            "# The {a} of {b}\nchannels:\n  - name: {a}-{tag}\n    target: http://{b}.internal:8{n}00/{c}\n    \
             attempts: {n}\n    active: true\n    scopes:\n      - name: {c}-{tag}\n        match: [\"/{a}\", \"/{b}\"]"
        ),
        "json" => format!(
            "{{\n  \"id\": \"{tag}\",\n  \"name\": \"{a}-{b}\",\n  \"rank\": {n}0,\n  \"active\": true,\n  \
             \"labels\": [\"{b}\", \"{c}\"],\n  \"limits\": null\n}}"
        ),
        "shell" => format!(
            "# Send the {b}\nexport {0}_KEY={tag}\ncurl -sS -X PUT \"http://localhost:9001/{b}/{tag}\" \\\n  \
             -H \"Content-Type: application/json\" \\\n  --data key=${0}_KEY | grep {c}",
            a.to_uppercase()
        ),
        _ => format!(
            "$ relayctl {a} list --{b} {tag}\nNAME        STATE     AGE\n{c}-{n}     open      {n}d\n$ relayctl {b} \
             show {tag} --output wide\n{c}: {n} entries"
        ),
    }
}

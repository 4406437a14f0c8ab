//! Which `Host` headers are answered. A page elsewhere can make a browser ask 127.0.0.1 under a name of its own (DNS
//! rebinding) and would then read the answer; so only names that mean this machine count.

/// Whether a request with this `Host` header is answered by a server that listens on `own`.
pub(super) fn is_allowed(header: &str, own: &str) -> bool {
    let Some(name) = name(header) else { return false };
    let own = own.trim_start_matches('[').trim_end_matches(']');
    let known = ["localhost", "127.0.0.1", "::1"].contains(&name.as_str()) || name.eq_ignore_ascii_case(own);
    // Whoever listens on all addresses is asked by any of them; an address cannot be rebound, a name can.
    let all = own.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_unspecified());
    known || all && name.parse::<std::net::IpAddr>().is_ok()
}

/// The name in `NAME`, `NAME:PORT` or `[ADDRESS]:PORT`, in lower case.
fn name(header: &str) -> Option<String> {
    let (name, rest) = match header.strip_prefix('[') {
        Some(inner) => inner.split_once(']')?,
        None => header.split_at(header.find(':').unwrap_or(header.len())),
    };
    let port = rest.is_empty() || rest.strip_prefix(':').is_some_and(|port| port.bytes().all(|b| b.is_ascii_digit()));
    port.then(|| name.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_count() {
        for good in ["localhost", "LOCALHOST:4000", "127.0.0.1:4000", "[::1]:4000", "docs.test:80"] {
            assert!(is_allowed(good, "docs.test"), "{good}");
        }
        for bad in
            ["evil.example", "127.0.0.1.evil.example", "localhost:4000@evil", "", "[::1", "10.0.0.1", "127.0.0.1:x"]
        {
            assert!(!is_allowed(bad, "127.0.0.1"), "{bad}");
        }
        assert!(is_allowed("10.0.0.1:4000", "0.0.0.0"));
        assert!(!is_allowed("evil.example:4000", "0.0.0.0"));
    }
}

//! What editors are told without having asked: what is wrong.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;

use lsp_types::{PublishDiagnosticsParams, Url};

use crate::lsp::diagnostics::{self, Told, View};
use crate::lsp::documents::Document;
use crate::lsp::wire;
use crate::lsp::worker::{Checked, Job};
use crate::session::Session;

use super::{Server, Shown};

impl Server {
    /// The open files of a site, by their paths.
    fn open_in(&self, root: &PathBuf) -> Vec<String> {
        let places = self.documents.iter().filter_map(|(_, document)| document.place.as_ref());
        places.filter(|(other, _)| other == root).map(|(_, path)| path.clone()).collect()
    }

    /// Tells what is wrong in what was edited, and has the sites that went on looked at.
    pub(super) fn tell(&mut self, moved: &[PathBuf]) {
        let edited = std::mem::take(&mut self.edited);
        for root in moved {
            let Some(site) = self.sites.get(root) else { continue };
            let view = self.view(root, site.session.as_ref());
            if let Some((sources, found)) = &site.broken {
                let told = diagnostics::of_configuration((sources, found), &self.open_in(root), &view);
                told.into_iter().for_each(|(path, told)| self.tell_of(root, &path, told));
                continue;
            }
            let Some(session) = site.session.clone() else { continue };
            for uri in &edited {
                self.tell_at_once(uri, root, &session, &view);
            }
            self.look(root);
        }
        // Opened beside others, without anything new for its site.
        for uri in &edited {
            let place = self.documents.get(uri).and_then(|document| document.place.clone());
            if let Some((root, _)) = place.filter(|(root, _)| !moved.contains(root))
                && let Some(session) = self.sites.get(&root).and_then(|site| site.session.clone())
            {
                let view = self.view(&root, Some(&session));
                self.tell_at_once(uri, &root, &session, &view);
                self.look(&root);
            }
        }
    }

    /// Has the whole site looked at.
    fn look(&self, root: &PathBuf) {
        let Some(site) = self.sites.get(root) else { return };
        let Some(session) = site.session.clone() else { return };
        let view = self.view(root, Some(&session));
        site.worker.look(Job {
            root: root.clone(),
            state: site.state,
            session,
            open: self.open_in(root),
            view,
            history: site.history.clone(),
        });
    }

    /// Tells what rendering finds in an edited page, beside what rules have found before.
    fn tell_at_once(&mut self, uri: &Url, root: &PathBuf, session: &Arc<Session>, view: &View) {
        let Some(document) = self.documents.get(uri) else { return };
        let Some((_, path)) = document.place.as_ref().filter(|(other, _)| other == root) else { return };
        let find = || diagnostics::of_page(session, path, view);
        let found = catch_unwind(AssertUnwindSafe(|| match &self.pool {
            Some(pool) => pool.install(find),
            None => find(),
        }));
        let Ok(Some(mut told)) = found else { return };
        if let Some(shown) = self.shown.get(uri) {
            let rules = shown.told.iter().filter(|told| told.by_rule);
            told.extend(rules.map(|told| diagnostics::moved(told, &shown.lines, &document.lines)));
        }
        let path = path.clone();
        self.tell_of(root, &path, told);
    }

    /// What was found in a whole site.
    pub(super) fn checked(&mut self, checked: Checked) {
        let Checked { root, state, told } = checked;
        // Another state will be told of soon.
        if self.sites.get(&root).is_none_or(|site| site.state != state) {
            return;
        }
        told.into_iter().for_each(|(path, told)| self.tell_of(&root, &path, told));
    }

    /// Tells what is wrong in an open file, unless that is known already.
    fn tell_of(&mut self, root: &PathBuf, path: &str, told: Vec<Told>) {
        let is_it = |document: &Document| document.place.as_ref().is_some_and(|(r, p)| r == root && p == path);
        let Some((uri, document)) = self.documents.iter().find(|(_, document)| is_it(document)) else { return };
        let (uri, lines, version) = (uri.clone(), document.lines.clone(), document.version);
        let is_known =
            self.shown.get(&uri).is_some_and(|shown| shown.told == told && shown.lines.text() == lines.text());
        if !is_known {
            self.publish(&uri, Some(version), &told);
        }
        self.shown.insert(uri, Shown { lines, told });
    }

    pub(super) fn publish(&self, uri: &Url, version: Option<i32>, told: &[Told]) {
        let diagnostics = told.iter().map(|told| told.shown.clone()).collect();
        let params = PublishDiagnosticsParams { uri: uri.clone(), diagnostics, version };
        if let Ok(params) = serde_json::to_value(params) {
            self.say(wire::notification("textDocument/publishDiagnostics", params));
        }
    }
}

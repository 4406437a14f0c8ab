;;; emacs.el --- Emacs with Eglot as a client of the language server  -*- lexical-binding: t -*-
;; Without a screen: opens a page with mistakes, looks at what is told, asks, repairs, looks again.
;; CARAFE=PATH/TO/carafe emacs --batch -l editors/emacs.el
;; Needs Eglot (part of Emacs from 29 on, before that Debian's elpa-eglot) and markdown-mode (elpa-markdown-mode).

(require 'package)
(package-initialize)
(require 'eglot)
(require 'flymake)
(require 'markdown-mode)

(defvar carafe (or (getenv "CARAFE") "carafe"))
(defvar root (file-name-as-directory (make-temp-file "carafe" t)))

(defun write-file-of-site (path text)
  (let ((whole (expand-file-name path root)))
    (make-directory (file-name-directory whole) t)
    (with-temp-file whole (set-buffer-file-coding-system 'utf-8) (insert text))))

(defun wait-for (what holds)
  (let ((end (+ (float-time) 30)))
    (while (not (funcall holds))
      (when (> (float-time) end)
        (message "FAILED: %s did not come; told: %S" what (mapcar #'flymake-diagnostic-text (flymake-diagnostics)))
        (kill-emacs 1))
      (accept-process-output nil 0.05))))

(defun codes ()
  "The codes of what is told, as Eglot writes them before the message or behind it."
  (let ((all (mapconcat #'flymake-diagnostic-text (flymake-diagnostics) "\n")))
    (sort (seq-filter (lambda (code) (string-match-p (regexp-quote code) all)) '("broken-link" "unknown-parameter")) #'string<)))

(write-file-of-site "carafe.yml" "title: T\nvariables: {product: Gateway}\n")
(write-file-of-site "includes/note.html" "{% doc %}\nA box.\n@param {string} text - What it says.\n{% enddoc %}\n*{{ include.text }}*")
(write-file-of-site "content/index.md" "# Start\n\né𝒳 {% include note.html txt=\"a\" %}\n\n[x](/gone.md)\n\n{{ site.product }}\n")
;; Eglot asks project.el for the folder.
(let ((default-directory root)) (call-process "git" nil nil nil "init" "-q"))

;; The settings, as README.md has them.
(add-to-list 'eglot-server-programs `((markdown-mode html-mode mhtml-mode yaml-mode yaml-ts-mode) . (,carafe "lsp")))
(setq eglot-sync-connect 30 eglot-send-changes-idle-time 0 create-lockfiles nil make-backup-files nil)

(find-file (expand-file-name "content/index.md" root))
(markdown-mode)
(apply #'eglot (eglot--guess-contact))
(flymake-start)
(wait-for "findings" (lambda () (equal (codes) '("broken-link" "unknown-parameter"))))

;; The parameter stands behind é and 𝒳, which is two units for the server.
(goto-char (point-min))
(search-forward "txt")
(unless (seq-some (lambda (told) (= (flymake-diagnostic-beg told) (match-beginning 0))) (flymake-diagnostics))
  (message "FAILED: the parameter is told at %S" (mapcar #'flymake-diagnostic-beg (flymake-diagnostics)))
  (kill-emacs 1))

(goto-char (point-min))
(search-forward "include no")
(let ((found (xref-backend-definitions 'eglot (xref-backend-identifier-at-point 'eglot))))
  (unless (and found (string-match-p "includes/note\\.html" (xref-location-group (xref-item-location (car found)))))
    (message "FAILED: definition: %S" found)
    (kill-emacs 1)))

;; Typed as a person does: the client sends what has changed.
(goto-char (point-min))
(search-forward "txt")
(replace-match "text")
(search-forward "[x](/gone.md)")
(replace-match "")
(eglot--signal-textDocument/didChange)
(wait-for "the end of the findings" (lambda () (null (flymake-diagnostics))))

(set-buffer-modified-p nil)
(eglot-shutdown (eglot-current-server))
(delete-directory root t)
(message "Emacs %s: findings, definition, edits" emacs-version)

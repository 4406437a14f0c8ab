//! A made-up manual of 1000 pages, which the search is tried on: 25 parts of 38 topics each with their overviews, some pages that
//! only one part has, and some in Chinese, Japanese and Korean. It is the same in every run.

/// The parts of the manual, each a folder.
const PARTS: [&str; 25] = [
    "Gateway", "Ledger", "Beacon", "Courier", "Atlas", "Vault", "Harbor", "Lantern", "Compass", "Anchor", "Prism",
    "Relay", "Foundry", "Orchard", "Summit", "Quarry", "Meadow", "Tundra", "Canyon", "Delta", "Glacier", "Reef",
    "Savanna", "Fjord", "Mesa",
];

/// What every part has a page about, and what that says.
const TOPICS: [(&str, &str); 38] = [
    ("Install", "Download the package, unpack it, and start the service"),
    ("Upgrade", "Move from one release to the next without losing data"),
    ("Uninstall", "Remove the service and everything that it has written"),
    ("Rate limits", "Bound how many requests a client may send in a minute"),
    ("Retries", "Send again what did not arrive, a little later each time"),
    ("Timeouts", "Say how long to wait before giving up on an answer"),
    ("Caching", "Keep answers for a while, so that they need not be computed twice"),
    ("Logging", "Write what happens to files or to the standard output"),
    ("Metrics", "Count requests and measure how long they take"),
    ("Tracing", "Follow one request through all services that it passes"),
    ("Alerts", "Tell people when a number leaves its bounds"),
    ("Dashboards", "Show numbers as charts on one screen"),
    ("Backup", "Copy the data to another place every night"),
    ("Restore", "Bring back the data from a copy"),
    ("Replication", "Keep a second copy of the data that is always current"),
    ("Sharding", "Spread the data over several machines by its key"),
    ("Authentication", "Find out who is asking"),
    ("Authorization", "Decide what somebody may do"),
    ("Single sign-on", "Let people sign in once for all services"),
    ("API keys", "Hand out secrets for programs, and take them back"),
    ("Rotate keys", "Replace secrets by new ones without an interruption"),
    ("Audit trail", "Keep who did what and when"),
    ("Encryption", "Make data unreadable for whoever has no key"),
    ("Certificates", "Prove who a server is"),
    ("Load balancing", "Share the work among several machines"),
    ("Health checks", "Ask machines regularly whether they are well"),
    ("Autoscaling", "Add machines when there is much to do, and remove them later"),
    ("Deployment", "Bring a new version to where it runs"),
    ("Rollback", "Return to the version before"),
    ("Feature flags", "Switch parts on and off without a new version"),
    ("Webhooks", "Call another program when something has happened"),
    ("Message queues", "Keep messages until somebody takes them"),
    ("Scheduled jobs", "Run something at fixed times"),
    ("Command line", "Do everything from a terminal"),
    ("Environment variables", "Set options from outside of the program"),
    ("Configuration file", "Write down the options of the service"),
    ("Error codes", "What the numbers in messages mean"),
    ("Frequently asked questions", "Short answers to what is asked often"),
];

/// Pages that one part alone has: path, title, text.
const ONLY: [(&str, &str, &str); 25] = [
    (
        "relay/circuit-breaker",
        "Circuit breaker",
        "Stop asking a service that does not answer.\n\n## Half open\n\nAfter a while one request is let through.",
    ),
    (
        "courier/dead-letters",
        "Dead letter queue",
        "Messages that nobody could handle wait here.\n\n## Replay dead letters\n\nSend them once more.",
    ),
    (
        "vault/pinning",
        "Certificate pinning",
        "Accept one certificate alone.\n\n## Pin a public key\n\nName its fingerprint.",
    ),
    ("compass/time-zones", "Time zones", "Clocks differ.\n\n## Daylight saving\n\nOne hour is there twice in autumn."),
    ("prism/backpressure", "Backpressure", "Ask the sender to slow down.\n\n## Watermarks\n\nA high and a low one."),
    (
        "foundry/garbage",
        "Garbage collection",
        "Memory that nobody uses is given back.\n\n## Tune the collector\n\nSet `GC_PAUSE_TARGET` to fewer milliseconds.",
    ),
    ("ledger/write-ahead-log", "Durability", "Every change is written to the write ahead log before it counts."),
    (
        "ledger/journal",
        "Journal",
        "Look ahead: the log of a day is long, so write it to a disk of its own, and write often. A log of one hour may be ahead of the log of the next.",
    ),
    ("atlas/map-reduce", "MapReduce", "Split the work, then put the results together."),
    (
        "harbor/containers",
        "Container images",
        "Build, sign and push.\n\n## Multi-stage builds\n\nKeep the result small.",
    ),
    (
        "lantern/colors",
        "Colors and contrast",
        "The palette of charts.\n\n## High contrast\n\nFor people who see little.",
    ),
    ("anchor/resume", "Résumé upload", "Applicants send a résumé as a file."),
    ("summit/graphql", "GraphQL", "Ask for what you need.\n\n## Persisted queries\n\nKnown by their hash."),
    (
        "compass/ja-env",
        "環境変数",
        "環境変数を使うと、プログラムの外から設定を変更できます。\n\n## 設定方法\n\n端末で値を代入します。",
    ),
    ("compass/ja-society", "社会の仕組み", "社会について説明します。"),
    ("compass/ja-company", "会社の仕組み", "会社について説明します。人が会う社の話です。"),
    ("compass/ja-backup", "バックアップ", "データベースを毎晩コピーします。"),
    ("gateway/zh-limit", "速率限制", "限制每个客户端每分钟的请求数量。\n\n## 配置文件\n\n在配置文件中设置上限。"),
    ("gateway/zh-install", "安装指南", "下载安装包并启动服务。"),
    ("gateway/zh-data", "数据库备份", "每天晚上备份数据库。"),
    ("gateway/zh-base", "数学基础", "库存数据与数学。"),
    ("beacon/ko-env", "환경설정", "프로그램의 환경설정을 바꿉니다.\n\n## 시작하기 전에\n\n권한이 필요합니다."),
    ("beacon/ko-backup", "데이터 백업", "데이터베이스를 매일 백업합니다."),
    ("beacon/ko-login", "로그인", "사용자는 한 번만 로그인합니다."),
    ("beacon/ko-limit", "속도 제한", "요청 수를 제한합니다."),
];

const FILLER: &str = "about after again always another around because become before begin behind below between both bring build call case change check choose clear close come common complete connect contain control copy cover create current decide default depend describe detail differ direct drop each early either empty enough enter every example expect fact fail fast field file fill final find first fixed follow form free full further general give group grow hand happen hard have help hold important include inside instead keep kind know large later lead learn least leave less level light like line list little local long look make many matter mean meet mention middle more most move much name near need never next note nothing number object often once only open option order other over page part pass path people perhaps place plain point power present print problem process produce program project prove provide public pull purpose push question quick quite raise range rather reach read ready real reason receive record reduce refer region regular release remain remember remove repeat replace report request require rest result return review right round rule same save second section send sense separate serve service several share short show side signal simple since single site small some source space special stand start state step still stop store strong such support sure system table take task team tell term test text than that them then there these thing think this those through time together tool total toward transfer trust turn type under understand unit until update useful user usual value various view visit wait walk want water week well what when where whether which while whole wide will with within without word work world would write wrong year yield";

/// The address of a title.
fn slug(title: &str) -> String {
    title.to_lowercase().replace(' ', "-")
}

/// Numbers that look like chance.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}

fn filler(random: &mut Random, count: usize) -> String {
    let words: Vec<&str> = FILLER.split(' ').collect();
    let mut text = String::new();
    for at in 0..count {
        text.push_str(words[random.below(words.len())]);
        text.push_str(if at % 11 == 10 { ". " } else { " " });
    }
    text.trim_end().to_owned()
}

/// The manual's files with their paths; with `times` as many of the pages that parts share.
pub(crate) fn files(times: usize) -> Vec<(String, String)> {
    let mut files = vec![("carafe.yml".to_owned(), "title: Manual\n".to_owned())];
    let mut random = Random(11);
    for round in 0..times {
        for (at, part) in PARTS.iter().enumerate() {
            let part = if round == 0 { (*part).to_owned() } else { format!("{part}{round}") };
            let folder = slug(&part);
            let overview = format!(
                "---\ntitle: {part}\nweight: {}\n---\n{part} is one of the services. {}\n",
                at + 1,
                filler(&mut random, 60)
            );
            files.push((format!("content/{folder}/index.md"), overview));
            for (number, (topic, what)) in TOPICS.iter().enumerate() {
                let (other, near) = (TOPICS[random.below(TOPICS.len())].0, PARTS[random.below(PARTS.len())]);
                let (key, code) = (slug(topic).replace('-', "_"), number * 37 + 11);
                let short = folder[..3].to_uppercase();
                let text = format!(
                    "---\ntitle: {topic} in {part}\ndescription: {what}, in {part}.\n---\n{what}. {}\n\n## Before you begin\n\nOpen the console of {part}. {}\n\n\
                     ## Configure it\n\nSet `{folder}.{key}.enabled` to `true`. {}\n\n### An example\n\n```yaml\n{folder}:\n  {key}: {{enabled: true, limit: {number}}}\n```\n\n\
                     ## When it fails\n\nThe message `{short}-{code:04}` says what is missing. {} See {other} in {near}.\n",
                    filler(&mut random, 70),
                    filler(&mut random, 40),
                    filler(&mut random, 60),
                    filler(&mut random, 50)
                );
                files.push((format!("content/{folder}/{}.md", slug(topic)), text));
            }
        }
    }
    for (path, title, text) in ONLY {
        files.push((format!("content/{path}.md"), format!("---\ntitle: {title}\n---\n{text}\n")));
    }
    files
}
